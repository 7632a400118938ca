import { type PointerEvent, useEffect, useRef } from 'react';
import type { FlagOf } from '../../shared/review/flags.ts';
import { flagTitle } from './flag-gestures.ts';
import { FLAG_ICONS } from './flag-icons.tsx';
import { useOutputs } from './outputs-state.ts';
import styles from './Previews.module.css';
import { recordingFlags } from './playlist.ts';
import { player, useWatching } from './preview-state.ts';

/** How many flags before this one begin at its tick: their signs stand beside each other. */
function crowd(flags: readonly FlagOf[], index: number): number {
  const tick = flags[index]?.flag.ticks[0];
  return flags.slice(0, index).filter(({ flag }) => flag.ticks[0] === tick).length;
}

/** Where one is in the preview, and what is flagged where. Written to the page directly at the pace of play. */
export function ScrubBar() {
  const current = useWatching((watching) => watching.current);
  const recording = useOutputs(({ recordings }) => recordings.find(({ episode }) => episode === current));
  const bar = useRef<HTMLDivElement>(null);
  const filled = useRef<HTMLDivElement>(null);
  const ticks = recording?.ticks ?? 0;
  useEffect(() => {
    const write = () => {
      const tick = player.tick();
      const share = player.length() > 1 ? tick / (player.length() - 1) : 0;
      if (filled.current) filled.current.style.width = `${share * 100}%`;
      bar.current?.setAttribute('aria-valuenow', String(tick));
      bar.current?.setAttribute('aria-valuetext', `tick ${tick}, ${player.timeText(tick)}`);
    };
    write();
    const stops = [player.onTick(write), player.subscribe(write)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  const seek = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    player.seek(((event.clientX - left) / width) * (player.length() - 1));
  };
  const flags = recording ? recordingFlags(recording) : [];
  const shareOf = (tick: number) => (ticks > 1 ? (Math.min(tick, ticks - 1) / (ticks - 1)) * 100 : 0);
  return (
    <div className={styles.scrub}>
      <div
        ref={bar}
        role="slider"
        tabIndex={0}
        aria-label="Playhead of the preview"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, ticks - 1)}
        aria-valuenow={0}
        className={styles.track}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons & 1) seek(event);
        }}
      >
        <div ref={filled} className={styles.filled} />
        {flags.map(({ id, annotator, flag }) => (
          <span
            key={`${annotator} ${id}`}
            aria-hidden
            className={styles.span}
            style={{
              left: `${shareOf(flag.ticks[0])}%`,
              width: `${shareOf(flag.ticks[1]) - shareOf(flag.ticks[0])}%`,
            }}
          />
        ))}
      </div>
      <div className={styles.marks}>
        {flags.map(({ id, annotator, isOwn, flag }, index) => {
          const Icon = FLAG_ICONS[flag.kind];
          return (
            <span
              key={`${annotator} ${id}`}
              className={styles.mark}
              data-own={isOwn}
              aria-hidden
              title={`${flagTitle(flag.kind)} at tick ${flag.ticks[0]}`}
              style={{ left: `calc(${shareOf(flag.ticks[0])}% + ${14 * crowd(flags, index)}px)` }}
              onClick={() => player.seek(flag.ticks[0])}
            >
              <Icon size={12} />
            </span>
          );
        })}
      </div>
    </div>
  );
}
