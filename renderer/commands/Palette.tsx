import { Command as Cmdk, defaultFilter } from 'cmdk';
import { Film, Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { COMMANDS, type Command, type CommandGroup } from '../../shared/commands/table.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { useSession } from '../app/session.ts';
import { Dialog, Keys } from '../design/index.ts';
import { keyLabelOf } from './keys.ts';
import styles from './Palette.module.css';
import { isCommandEnabled, runCommand } from './registry.ts';

const GROUPS: readonly CommandGroup[] = ['Playback', 'Review', 'View', 'File', 'Edit', 'Help'];
const MOST_EPISODES = 20;

export interface PaletteProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  onEpisode(id: string): void;
}

/** Everything that can be done, by name; what cannot be done now is greyed. Typing also finds episodes. */
export function Palette({ open, onOpenChange, onEpisode }: PaletteProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Command palette" bare>
      <PaletteBody close={() => onOpenChange(false)} onEpisode={onEpisode} />
    </Dialog>
  );
}

function PaletteBody({ close, onEpisode }: { close(): void; onEpisode(id: string): void }) {
  const [query, setQuery] = useState('');
  const entries = useSession((session) => session.entries);
  const root = useSession((session) => session.root);
  const commands = useMemo(() => rank(query), [query]);
  const episodes = useMemo(() => {
    const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const found = [];
    for (const entry of entries.values()) {
      if (entry.root === root && words.every((word) => entry.path.toLowerCase().includes(word))) found.push(entry);
      if (found.length === MOST_EPISODES) break;
    }
    return found;
  }, [entries, root, query]);

  // The dialog closes first and gives the focus back, so that a command which opens a dialog of its own keeps it.
  const later = (action: () => void) => {
    close();
    window.setTimeout(action, 0);
  };
  return (
    <Cmdk
      label="Command palette"
      shouldFilter={false}
      loop
      vimBindings={false}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.code === 'KeyK') {
          event.preventDefault();
          close();
        }
      }}
    >
      <div className={styles.search}>
        <Search size={15} aria-hidden />
        <Cmdk.Input value={query} onValueChange={setQuery} placeholder="Type a command or an episode" autoFocus />
      </div>
      <Cmdk.List className={styles.list} label="Commands and episodes">
        <Cmdk.Empty className={styles.none}>Nothing by that name.</Cmdk.Empty>
        {query.trim() === ''
          ? GROUPS.map((group) => (
              <Cmdk.Group key={group} heading={group}>
                {commands
                  .filter((command) => command.group === group)
                  .map((command) => (
                    <CommandItem key={command.id} command={command} later={later} />
                  ))}
              </Cmdk.Group>
            ))
          : commands.map((command) => <CommandItem key={command.id} command={command} later={later} showsGroup />)}
        {episodes.length > 0 ? (
          <Cmdk.Group heading="Episodes">
            {episodes.map((entry) => (
              <Cmdk.Item key={entry.id} value={`episode ${entry.id}`} onSelect={() => later(() => onEpisode(entry.id))}>
                <Film size={14} aria-hidden />
                <span className={styles.title}>
                  {entry.name}{' '}
                  <span className={styles.detail}>{[entry.task, entry.date].filter(Boolean).join(' · ')}</span>
                </span>
                <span className={styles.detail}>{entry.durationNs === null ? '' : formatTime(entry.durationNs)}</span>
              </Cmdk.Item>
            ))}
          </Cmdk.Group>
        ) : null}
      </Cmdk.List>
    </Cmdk>
  );
}

function CommandItem({
  command,
  later,
  showsGroup,
}: {
  command: Command;
  later(action: () => void): void;
  showsGroup?: boolean;
}) {
  const keyLabel = keyLabelOf(command.id);
  return (
    <Cmdk.Item
      value={command.id}
      disabled={!isCommandEnabled(command.id)}
      onSelect={() => later(() => runCommand(command.id, undefined, { timeStamp: performance.now(), repeat: false }))}
    >
      <span className={styles.title}>{command.title}</span>
      {showsGroup ? <span className={styles.detail}>{command.group}</span> : null}
      {keyLabel ? <Keys label={keyLabel} /> : null}
    </Cmdk.Item>
  );
}

/** Commands that match, best first. The palette and "cancel" themselves are not listed. */
function rank(query: string) {
  const listed = COMMANDS.filter((command) => command.id !== 'view.palette' && command.id !== 'app.cancel');
  if (query.trim() === '') return listed;
  const scored = listed
    .map((command) => ({ command, score: defaultFilter(command.title, query, [command.group, command.id]) }))
    .sort((a, b) => b.score - a.score);
  // Letters scattered over a long title match too: beside a real match they are noise.
  const least = Math.max(0.001, (scored[0]?.score ?? 0) * 0.1);
  return scored.filter(({ score }) => score >= least).map(({ command }) => command);
}
