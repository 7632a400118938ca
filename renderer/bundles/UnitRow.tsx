import type { PlannedUnitRow } from '../../shared/api/bundles.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { formatBytes } from '../app/format.ts';
import { outcomeWord } from '../app/outcome.ts';
import styles from './ExportDialog.module.css';
import { openMoment } from './export-actions.ts';
import { UnitPicture } from './UnitPicture.tsx';

/** A unit of the plan: a press opens its moment. */
export function UnitRow({ unit }: { unit: PlannedUnitRow }) {
  const { episode, path, kind, ticks, startNs, seconds, frames, bytes, split, labels } = unit;
  const said = labels.map((word) => (/^[A-Z_]+$/.test(word) ? word : outcomeWord(word))).join(' · ');
  const nameAt = path.lastIndexOf('/') + 1;
  return (
    <button type="button" className={styles.unit} title={path} onClick={() => void openMoment(episode, ticks)}>
      <UnitPicture unit={unit} />
      <span className={styles.kind} data-kind={kind}>
        {kind}
      </span>
      <span className={styles.source}>
        <span className={styles.path}>
          <span>{path.slice(0, nameAt)}</span>
          <span>{path.slice(nameAt)}</span>
        </span>
        <span className={styles.said}>{said === '' ? 'nobody said anything of it' : said}</span>
      </span>
      <span className={styles.figure}>
        {formatTime(startNs)}
        <small>
          ticks {ticks[0]}–{ticks[1]}
        </small>
      </span>
      <span className={styles.figure}>
        {seconds.toFixed(1)} s<small>{frames.toLocaleString('en-US')} frames</small>
      </span>
      <span className={styles.figure}>
        ≈ {formatBytes(bytes)}
        <small>{split}</small>
      </span>
    </button>
  );
}
