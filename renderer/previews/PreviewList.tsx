import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleCheck, CircleDashed, CirclePlay, FileX2, History, Play } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { RecordingOutputs } from '../../shared/api/outputs.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { FlagSigns } from './FlagSigns.tsx';
import { useOutputs } from './outputs-state.ts';
import styles from './Previews.module.css';
import { isPlayable } from './playlist.ts';
import { player, useWatching, watch } from './preview-state.ts';

const ROW_PX = 26;

/** The recordings of the date in their order: which were watched, what is flagged, what is missing. */
export function PreviewList() {
  const recordings = useOutputs((outputs) => outputs.recordings);
  const { current, played } = useWatching();
  const heading = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: recordings.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => recordings[index]?.episode ?? index,
    overscan: 6,
  });
  const at = recordings.findIndex(({ episode }) => episode === current);
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [at, virtualizer]);
  return (
    <section className={styles.list} aria-labelledby={heading}>
      <h3 id={heading}>Recordings</h3>
      {/* Rows out of sight need not exist: a task may have thousands. */}
      <div ref={scroller} className={styles.scroller}>
        <ul style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const recording = recordings[index];
            return recording ? (
              <li key={key} className={styles.placed} style={{ transform: `translateY(${start}px)` }}>
                <Row
                  recording={recording}
                  isCurrent={recording.episode === current}
                  isPlayed={recording.preview.tag !== null && played.has(recording.preview.tag)}
                />
              </li>
            ) : null;
          })}
        </ul>
      </div>
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
  const { Icon, word, tone } = stateOf(recording, isPlayed);
  return (
    <button
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
  );
}

function stateOf({ fault, preview }: RecordingOutputs, isPlayed: boolean) {
  if (fault !== null) return { Icon: FileX2, word: 'Broken', tone: 'bad' };
  if (preview.state === 'missing') return { Icon: CircleDashed, word: 'Missing', tone: 'muted' };
  if (preview.state === 'stale') return { Icon: History, word: 'Stale', tone: 'warning' };
  if (isPlayed) return { Icon: CircleCheck, word: 'Played', tone: 'good' };
  return { Icon: CirclePlay, word: preview.state === 'foreign' ? 'Made elsewhere' : 'Not played', tone: 'muted' };
}
