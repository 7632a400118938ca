import {
  ChevronLeft,
  ChevronRight,
  Command,
  Monitor,
  Moon,
  OctagonX,
  PanelLeft,
  PanelRight,
  Settings,
  Sun,
  TriangleAlert,
} from 'lucide-react';
import { Fragment, useEffect } from 'react';
import { CommandButton, useKeyLabel } from '../commands/CommandButton.tsx';
import { runCommand } from '../commands/registry.ts';
import { Button, Keys, Tooltip, VisuallyHidden } from '../design/index.ts';
import { Area } from './Area.tsx';
import { formatCount } from './format.ts';
import { SaveState } from './parts.tsx';
import { useSession } from './session.ts';
import styles from './TopBar.module.css';
import { useProblems } from './use-problems.ts';
import { useView } from './view-state.ts';

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

const SCREEN_NAMES = { previews: 'QA previews', gallery: 'Gallery' } as const;

export function TopBar() {
  const { isLibraryShown, isInspectorShown, screen } = useView();
  const theme = useSession((session) => session.userSettings.theme);
  const open = useSession((session) => session.open);
  const paletteKey = useKeyLabel('view.palette');
  const ThemeIcon = THEME_ICONS[theme];
  return (
    <header className={styles.bar}>
      <CommandButton id="view.library" icon={<PanelLeft size={16} />} pressed={isLibraryShown} />
      <Place />
      {screen === 'episode' ? <Problems /> : null}
      <div className={styles.slack} />
      {open && screen === 'episode' ? (
        <Area name="save state">
          <SaveState />
        </Area>
      ) : null}
      <Button className={styles.palette} icon={<Command size={14} />} onClick={() => runCommand('view.palette')}>
        <span className={styles.word}>Commands</span>
        <Keys label={paletteKey} />
      </Button>
      <CommandButton id="view.theme" label={`Theme: ${theme}`} icon={<ThemeIcon size={16} />} />
      <CommandButton id="edit.settings" icon={<Settings size={16} />} />
      <CommandButton id="view.inspector" icon={<PanelRight size={16} />} pressed={isInspectorShown} />
    </header>
  );
}

/** What is wrong with the open episode, one press from being read. */
function Problems() {
  const problems = useProblems(useSession((session) => session.open?.episode));
  if (problems.length === 0) return null;
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  const Icon = hasErrors ? OctagonX : TriangleAlert;
  return (
    <Tooltip content={problems.map(({ message }) => message).join(' ')} side="bottom">
      <Button
        tone="ghost"
        size="s"
        className={styles.problems}
        data-severity={hasErrors ? 'error' : 'warning'}
        icon={<Icon size={13} aria-hidden />}
        onClick={() => useView.setState({ isInspectorShown: true, inspectorTab: 'episode' })}
      >
        {formatCount(problems.length, 'problem')}
      </Button>
    </Tooltip>
  );
}

/** Where one is: dataset, task, date, episode, with the ways to its neighbours. */
function Place() {
  const root = useSession((session) => session.roots.find((candidate) => candidate.id === session.root));
  const episode = useSession((session) => session.open?.episode);
  const faulty = useSession((session) =>
    session.openFault ? session.entries.get(session.openFault.episode) : undefined,
  );
  const screen = useView((view) => view.screen);
  const shown = screen === 'episode' ? (episode ?? faulty) : undefined;
  const name = screen === 'episode' ? shown?.name : SCREEN_NAMES[screen];
  const title = name ? `${name} · Regrasp` : 'Regrasp';
  useEffect(() => {
    document.title = title;
  }, [title]);
  const parts = [root?.name, shown?.task, shown?.date].filter((part): part is string => Boolean(part));
  return (
    <div className={styles.place}>
      {root ? null : <h1 className={styles.name}>Regrasp</h1>}
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a path's parts may repeat and never move
        <Fragment key={index}>
          <span className={styles.part} title={index === 0 ? root?.path : undefined}>
            {part}
          </span>
          {index < parts.length - 1 || shown ? (
            <span className={styles.divider} aria-hidden>
              /
            </span>
          ) : null}
        </Fragment>
      ))}
      {shown ? (
        <h1 className={styles.name} title={shown.path}>
          {shown.name}
        </h1>
      ) : root ? (
        <VisuallyHidden>
          <h1>{root.name}</h1>
        </VisuallyHidden>
      ) : null}
      {root ? (
        <span className={styles.steps}>
          <CommandButton id="view.previousEpisode" size="s" icon={<ChevronLeft size={15} />} />
          <CommandButton id="view.nextEpisode" size="s" icon={<ChevronRight size={15} />} />
        </span>
      ) : null}
    </div>
  );
}
