import type { RecordingOutputs } from '../../shared/api/outputs.ts';
import { flagTitle } from './flag-gestures.ts';
import { FLAG_ICONS } from './flag-icons.tsx';
import styles from './Previews.module.css';
import { recordingFlags } from './playlist.ts';

/** One sign a kind, with how many there are. */
export function FlagSigns({ recording }: { recording: Pick<RecordingOutputs, 'review'> }) {
  const counts = new Map<keyof typeof FLAG_ICONS, number>();
  for (const { flag } of recordingFlags(recording)) counts.set(flag.kind, (counts.get(flag.kind) ?? 0) + 1);
  return (
    <span className={styles.signs}>
      {[...counts].map(([kind, count]) => {
        const Icon = FLAG_ICONS[kind];
        return (
          <span
            key={kind}
            role="img"
            aria-label={`${flagTitle(kind)}: ${count}`}
            title={`${flagTitle(kind)}: ${count}`}
          >
            <Icon size={12} aria-hidden />
            {count > 1 ? count : ''}
          </span>
        );
      })}
    </span>
  );
}
