import { Activity, CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { runCommand } from '../commands/registry.ts';
import { Button, Tooltip } from '../design/index.ts';
import { writeText } from '../design/write-text.ts';
import { formatBytes } from './format.ts';
import { StatedChip } from './StatedDialog.tsx';
import styles from './StatusStrip.module.css';
import { type Session, useSession } from './session.ts';
import { TactileOffsetChip } from './TactileOffsetChip.tsx';
import { useView } from './view-state.ts';

const READ_EVERY_MS = 500;

const CONNECTION: Readonly<Record<Session['connection'], { word: string; icon: typeof CircleCheck }>> = {
  connecting: { word: 'Connecting', icon: LoaderCircle },
  live: { word: 'Connected', icon: CircleCheck },
  lost: { word: 'Connection lost, trying again', icon: CircleAlert },
  locked: { word: 'Regrasp was started anew: open the address it printed.', icon: CircleAlert },
};

/** What goes on in the background, in one line. */
export function StatusStrip() {
  const connection = useSession((session) => session.connection);
  const root = useSession((session) => session.roots.find((candidate) => candidate.id === session.root));
  const episode = useSession((session) => session.open?.episode);
  const { word, icon: Icon } = CONNECTION[connection];
  return (
    <footer className={styles.strip}>
      <span className={styles.item} data-connection={connection}>
        <Icon size={12} aria-hidden /> {word}
      </span>
      {root?.scanning ? <span className={styles.item}>Looking for episodes…</span> : null}
      {root?.storage === 'user' ? (
        <Tooltip content={root.storageReason ?? 'The folder is read-only.'} side="top">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip has to be reachable by keyboard */}
          <span className={styles.item} tabIndex={0}>
            Reviews are kept in your user folder
          </span>
        </Tooltip>
      ) : null}
      {episode ? <StatedChip episode={episode} /> : null}
      {episode ? <TactileOffsetChip episode={episode} /> : null}
      <span className={styles.slack} />
      <CacheReading />
      <JobsButton />
    </footer>
  );
}

/** How much of its budget the picture cache holds. Written past React: it is read twice a second. */
function CacheReading() {
  const player = useSession((session) => session.open?.player);
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!player) return;
    const read = () => {
      const { cacheBytes, cacheLimitBytes } = player.statistics();
      if (element.current) writeText(element.current, `${formatBytes(cacheBytes)} of ${formatBytes(cacheLimitBytes)}`);
    };
    read();
    const timer = window.setInterval(read, READ_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [player]);
  if (!player) return null;
  return (
    <Tooltip content="Pictures kept in this window. Its share of the memory set in the settings." side="top">
      <span className={`${styles.item} ${styles.cache}`}>
        Cache <b ref={element} className={styles.value} data-testid="cache" />
      </span>
    </Tooltip>
  );
}

function JobsButton() {
  const jobs = useSession((session) => session.jobs);
  const isShown = useView((view) => view.isJobsShown);
  const keyLabel = useKeyLabel('view.jobs');
  const running = jobs.filter((job) => job.state === 'running' || job.state === 'queued');
  const [first] = running;
  const share = first?.total ? ` ${Math.floor((first.done / first.total) * 100)} %` : '';
  const text = first ? `${first.title}${share}${running.length > 1 ? ` and ${running.length - 1} more` : ''}` : 'Jobs';
  return (
    <Tooltip content="Show or hide jobs" keyLabel={keyLabel} side="top">
      <Button
        size="s"
        tone="ghost"
        className={styles.jobs}
        aria-pressed={isShown}
        icon={<Activity size={12} aria-hidden />}
        onClick={() => runCommand('view.jobs')}
      >
        {text}
      </Button>
    </Tooltip>
  );
}
