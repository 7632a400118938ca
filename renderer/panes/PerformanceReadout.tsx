import { useEffect, useRef } from 'react';
import { useSession } from '../app/session.ts';
import type { Player } from '../playback/player.ts';
import styles from './PerformanceReadout.module.css';
import { graphics } from './painter/choose-painter.ts';

const EVERY_MS = 500;

/** Budget, decode, transport, paint and rate, while switched on. Written twice a second, outside of React. */
export function PerformanceReadout({ player }: { player: Player }) {
  const isOn = useSession((session) => session.userSettings.performanceReadout);
  const element = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    if (!isOn) return;
    const write = () => {
      if (element.current) element.current.textContent = describe(player);
    };
    write();
    const timer = setInterval(write, EVERY_MS);
    return () => clearInterval(timer);
  }, [isOn, player]);
  return isOn ? <output ref={element} className={styles.readout} aria-label="Performance" aria-live="off" /> : null;
}

function describe(player: Player): string {
  const statistics = player.statistics();
  const state = player.state();
  const painter = graphics().isHardware ? 'WebGL' : '2D canvas';
  return [
    line('cache', `${megabytes(statistics.cacheBytes)} of ${megabytes(statistics.cacheLimitBytes)} MB`),
    line('ticks held', `${statistics.cachedTicks}`),
    line('decode', milliseconds(statistics.decodeMs)),
    line('workstation', milliseconds(statistics.workstationMs)),
    line('transport', milliseconds(statistics.transportMs)),
    line('paint', `${milliseconds(statistics.paintMs)}  ${painter}`),
    line('seek to paint', milliseconds(statistics.seekToPaintMs)),
    line(
      'rate',
      state.playing ? `${state.achievedTicksPerSecond.toFixed(1)} ticks/s  ×${state.achievedSpeed.toFixed(2)}` : '–',
    ),
    line('pixels', state.pixels),
  ].join('\n');
}

function line(name: string, value: string): string {
  return `${name.padEnd(14)}${value}`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(1)} ms`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
