import styles from './FindingsPanel.module.css';
import type { QueueEvent } from './queue.ts';

/** What spoke for an event beside the limits; of one made by hand, what spoke for what it stands for. */
export function SignalFacts({ event }: { event: QueueEvent }) {
  const { signals = {}, thresholds = {} } = event.origin ?? {};
  const facts = Object.entries(signals).filter(([, value]) => value !== null);
  if (facts.length === 0) return null;
  return (
    <dl className={styles.signals}>
      {facts.map(([name, value]) => (
        <div key={name} data-beyond={name in thresholds && (value as number) >= (thresholds[name] as number)}>
          <dt>{name.replaceAll('_', ' ')}</dt>
          <dd>
            {shortNumber(value as number)}
            {name in thresholds ? <span> limit {shortNumber(thresholds[name] as number)}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
