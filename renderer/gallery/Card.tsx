import { FileX2, ImageOff, TriangleAlert } from 'lucide-react';
import { outputAddress, type RecordingOutputs } from '../../shared/api/outputs.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { outcomeTone, outcomeWord } from '../app/outcome.ts';
import { Badge } from '../design/index.ts';
import { FlagSigns } from '../previews/FlagSigns.tsx';
import styles from './Gallery.module.css';
import { findingsText, hasUndecided, outcomeOf } from './grid.ts';
import { Still } from './Still.tsx';

export interface CardProps {
  id: string;
  /** Counted from 1. */
  column: number;
  recording: RecordingOutputs;
  widthPx: number;
  isActive: boolean;
  /** "active": only the one in hand moves. */
  motion: 'always' | 'active' | 'never';
  onChoose(): void;
  onOpen(): void;
}

/** One recording of the gallery: its moments, and what stands to be decided. */
export function Card({ id, column, recording, widthPx, isActive, motion, onChoose, onOpen }: CardProps) {
  const { episode, name, durationNs, fault, gallery } = recording;
  const outcome = outcomeOf(recording);
  const address = gallery.tag === null ? null : outputAddress({ episode, kind: 'gallery', tag: gallery.tag });
  const isMoving = motion === 'always' || (motion === 'active' && isActive);
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={id}
      role="gridcell"
      tabIndex={-1}
      aria-colindex={column}
      aria-selected={isActive}
      className={styles.card}
      style={{ width: widthPx }}
      onPointerDown={onChoose}
      onClick={onOpen}
    >
      <div className={styles.picture}>
        {address === null ? (
          <span className={styles.noPicture}>
            {fault === null ? <ImageOff size={18} aria-hidden /> : <FileX2 size={18} aria-hidden />}
            {fault === null ? 'No GIF yet' : 'Cannot be opened'}
          </span>
        ) : isMoving ? (
          <img src={address} alt="" decoding="async" draggable={false} />
        ) : (
          <Still address={address} />
        )}
        {gallery.reason === null ? null : (
          <span className={styles.doubt} title={gallery.reason}>
            <TriangleAlert size={12} aria-hidden /> {gallery.state === 'stale' ? 'Stale' : 'Made elsewhere'}
          </span>
        )}
      </div>
      <div className={styles.line}>
        <span className={styles.name}>{name}</span>
        {outcome === null ? null : <Badge tone={outcomeTone(outcome)}>{outcomeWord(outcome)}</Badge>}
        <span className={styles.muted}>{durationNs === null ? '' : formatTime(durationNs)}</span>
      </div>
      <div className={styles.line}>
        <span className={styles.findings} data-undecided={hasUndecided(recording)} title={fault ?? undefined}>
          {fault ?? findingsText(recording)}
        </span>
        <FlagSigns recording={recording} />
      </div>
    </div>
  );
}
