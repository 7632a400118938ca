import { useEffect, useRef } from 'react';
import { useSession } from '../app/session.ts';
import { writeText } from '../design/write-text.ts';
import type { Player } from '../playback/player.ts';
import styles from './PerformanceReadout.module.css';
import { graphics } from './painter/choose-painter.ts';

const EVERY_MS = 500;

/** Values keep their width, so that nothing moves while they change. */
const READINGS: readonly { name: string; widthCh: number; read(player: Player): string }[] = [
  {
    name: 'cache',
    widthCh: 13,
    read: (player) => {
      const { cacheBytes, cacheLimitBytes } = player.statistics();
      return `${megabytes(cacheBytes)} of ${megabytes(cacheLimitBytes)} MB`;
    },
  },
  { name: 'ticks held', widthCh: 3, read: (player) => String(player.statistics().cachedTicks) },
  { name: 'decode', widthCh: 8, read: (player) => milliseconds(player.statistics().decodeMs) },
  { name: 'workstation', widthCh: 8, read: (player) => milliseconds(player.statistics().workstationMs) },
  { name: 'transport', widthCh: 8, read: (player) => milliseconds(player.statistics().transportMs) },
  { name: 'paint', widthCh: 8, read: (player) => milliseconds(player.statistics().paintMs) },
  { name: 'seek to paint', widthCh: 8, read: (player) => milliseconds(player.statistics().seekToPaintMs) },
  {
    name: 'rate',
    widthCh: 13,
    read: (player) => {
      const { playing, achievedTicksPerSecond, achievedSpeed } = player.state();
      return playing ? `${achievedTicksPerSecond.toFixed(1)}/s ×${achievedSpeed.toFixed(2)}` : '–';
    },
  },
];

/** Budget, decode, transport, paint and rate, while switched on. Written twice a second, outside of React. */
export function PerformanceReadout({ player }: { player: Player }) {
  const isOn = useSession((session) => session.userSettings.performanceReadout);
  const element = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    if (!isOn) return;
    const write = () => {
      const values = element.current?.querySelectorAll('[data-value]') ?? [];
      for (const [index, value] of values.entries()) writeText(value, READINGS[index]?.read(player) ?? '');
    };
    write();
    const timer = setInterval(write, EVERY_MS);
    return () => clearInterval(timer);
  }, [isOn, player]);
  if (!isOn) return null;
  const painter = `Painted with ${graphics().isHardware ? 'WebGL' : '2D canvases'}`;
  return (
    <output ref={element} className={styles.readout} aria-label="Performance" aria-live="off">
      {READINGS.map(({ name, widthCh }) => (
        <span key={name} className={styles.reading} title={name === 'paint' ? painter : undefined}>
          <span className={styles.name}>{name} </span>
          <span data-value style={{ display: 'inline-block', minWidth: `${widthCh}ch` }} />
        </span>
      ))}
    </output>
  );
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(1)} ms`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
