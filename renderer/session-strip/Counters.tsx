import { useMemo } from 'react';
import { useSession } from '../app/session.ts';
import { Tooltip } from '../design/index.ts';
import { useOverview } from '../review/overview-state.ts';
import styles from './SessionStrip.module.css';

const HOW = 'Of each recording one review counts: yours, or where you said nothing, that of who spoke last.';

/** What the dataset holds by now. */
export function Counters({ root }: { root: string }) {
  const overview = useOverview();
  const entries = useSession((session) => session.entries);
  const rollouts = useMemo(() => {
    let count = 0;
    for (const entry of entries.values()) if (entry.root === root && !entry.listsOthers) count++;
    return count;
  }, [entries, root]);
  const counters: [name: string, count: number | undefined][] = [
    ['Rollouts', rollouts],
    ['Reviewed', overview?.counts.reviewed],
    ['Failures', overview?.counts.failures],
    ['Recoveries', overview?.counts.recoveries],
    ['Exports', overview?.exports],
  ];
  return (
    <Tooltip content={HOW}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip has to be reachable by keyboard */}
      <section aria-label="Dataset counters" className={styles.dataset} tabIndex={0}>
        <dl className={styles.counters}>
          {counters.map(([name, count]) => (
            <div key={name} className={styles.counter}>
              <dt>{name}</dt>
              <dd>{count === undefined ? '–' : count.toLocaleString('en-US')}</dd>
            </div>
          ))}
        </dl>
      </section>
    </Tooltip>
  );
}
