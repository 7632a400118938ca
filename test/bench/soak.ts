import type { DrivenWindow } from './driven-window.ts';
import type { BenchDataset } from './episodes.ts';
import { against, type FigureTable } from './report.ts';
import { slope } from './statistics.ts';

const MINUTES = 5;
const SAMPLE_EVERY_MS = 10_000;
const WARM_UP_MS = 60_000;

/** Plays in a loop for five minutes; the slope leaves out the first minute, in which caches fill. */
export async function measureSoak(
  window: DrivenWindow,
  blankBytes: number,
  { episodes }: BenchDataset,
): Promise<FigureTable> {
  const { address, contiguous } = episodes[0] as BenchDataset['episodes'][number];
  const points: [minutes: number, megabytes: number][] = [];
  try {
    await window.seek(address, contiguous[0]);
    await window.page.press('KeyI');
    await window.seek(address, contiguous[1]);
    await window.page.press('KeyO');
    await window.page.press('Control+KeyL');
    await window.page.press('KeyL');
    await window.eventLoopDelay();
    const startedAt = Date.now();
    let ticks = 0;
    while (Date.now() - startedAt < MINUTES * 60_000) {
      const counted = await window.countTicks(
        () => new Promise<void>((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS)),
      );
      ticks += counted.ticks;
      const elapsedMs = Date.now() - startedAt;
      if (elapsedMs > WARM_UP_MS) points.push([elapsedMs / 60_000, (window.memoryBytes() - blankBytes) / 1e6]);
    }
    const delay = await window.eventLoopDelay();
    const worst = Math.max(...points.map(([, megabytes]) => megabytes));
    return {
      title: 'Soak: five minutes of looped play, blosc-bitshuffle',
      columns: ['figure', 'measured'],
      rows: [
        ['ticks a second', (ticks / (MINUTES * 60)).toFixed(1)],
        ['memory at worst (PSS less a blank browser)', against(worst, 700, ' MB', 'atMost', 0)],
        ['memory slope', against(slope(points), 1, ' MB/min', 'atMost', 2)],
        [
          'workstation event-loop delay, p99, with the 1 ms of the timer that measures it',
          against(delay.p99, 20, ' ms', 'atMost'),
        ],
      ],
    };
  } finally {
    await window.close();
  }
}
