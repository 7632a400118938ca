import { CircleCheck, CircleDashed, CirclePlay, FileX2, History, Play } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { RecordingOutputs } from '../../shared/api/outputs.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { flagTitle } from './flag-gestures.ts';
import { FLAG_ICONS } from './flag-icons.tsx';
import { useOutputs } from './outputs-state.ts';
import styles from './Previews.module.css';
import { isPlayable, recordingFlags } from './playlist.ts';
import { player, useWatching, watch } from './preview-state.ts';

/** The recordings of the date in their order: which were watched, what is flagged, what is missing. */
export function PreviewList() {
  const recordings = useOutputs((outputs) => outputs.recordings);
  const { current, played } = useWatching();
  const heading = useId();
  return (
    <section className={styles.list} aria-labelledby={heading}>
      <h3 id={heading}>Recordings</h3>
      <ul>
        {recordings.map((recording) => (
          <Row
            key={recording.episode}
            recording={recording}
            isCurrent={recording.episode === current}
            isPlayed={recording.preview.tag !== null && played.has(recording.preview.tag)}
          />
        ))}
      </ul>
    </section>
  );
}

function Row({
  recording,
  isCurrent,
  isPlayed,
}: {
  recording: RecordingOutputs;
  isCurrent: boolean;
  isPlayed: boolean;
}) {
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const { Icon, word, tone } = stateOf(recording, isPlayed);
  return (
    <li>
      <button
        ref={row}
        type="button"
        className={styles.recording}
        aria-current={isCurrent || undefined}
        onClick={() => watch(recording.episode, undefined, player.state().isPlaying && isPlayable(recording.preview))}
      >
        {isCurrent ? <Play size={12} aria-hidden fill="currentColor" /> : <span className={styles.noMark} />}
        <span className={styles.name}>{recording.name}</span>
        <FlagSigns recording={recording} />
        <span className={styles.muted}>{recording.durationNs === null ? '' : formatTime(recording.durationNs)}</span>
        <span className={styles.state} data-tone={tone}>
          <Icon size={13} aria-hidden /> {word}
        </span>
      </button>
    </li>
  );
}

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

function stateOf({ fault, preview }: RecordingOutputs, isPlayed: boolean) {
  if (fault !== null) return { Icon: FileX2, word: 'Broken', tone: 'bad' };
  if (preview.state === 'missing') return { Icon: CircleDashed, word: 'Missing', tone: 'muted' };
  if (preview.state === 'stale') return { Icon: History, word: 'Stale', tone: 'warning' };
  if (isPlayed) return { Icon: CircleCheck, word: 'Played', tone: 'good' };
  return { Icon: CirclePlay, word: preview.state === 'foreign' ? 'Made elsewhere' : 'Not played', tone: 'muted' };
}
