import type { DrivenWindow } from './driven-window.ts';
import type { BenchDataset } from './episodes.ts';
import type { MemoryUse } from './processes.ts';
import { against, type FigureTable } from './report.ts';
import { slope } from './statistics.ts';

const MINUTES = 5;
const SAMPLE_EVERY_MS = 10_000;
const WARM_UP_MS = 60_000;

/**
 * Plays in a loop for five minutes; the slope leaves out the first minute, in which caches fill. While another Chromium
 * comes or goes PSS of files jumps by a hundred megabytes and says nothing of us: the slope is then of all but files.
 */
export async function measureSoak(
  window: DrivenWindow,
  blankBytes: number,
  { episodes }: BenchDataset,
): Promise<FigureTable> {
  const { address, contiguous } = episodes[0] as BenchDataset['episodes'][number];
  const samples: Sample[] = [];
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
    let wasShared = false;
    while (Date.now() - startedAt < MINUTES * 60_000) {
      const counted = await window.countTicks(
        () => new Promise<void>((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS)),
      );
      ticks += counted.ticks;
      wasShared ||= window.isProgramShared();
      const elapsedMs = Date.now() - startedAt;
      if (elapsedMs > WARM_UP_MS) samples.push({ minutes: elapsedMs / 60_000, parts: window.memoryByPart() });
    }
    const delay = await window.eventLoopDelay();
    const entries = await window.page.evaluate(() => performance.getEntries().length);
    const total = (use: keyof MemoryUse) => PARTS.map((part) => ({ part, use }));
    const worst = Math.max(...samples.map((sample) => megabytes(sample, total('pss')))) - blankBytes / 1e6;
    const slopeOf = (what: Wanted[]) => slope(samples.map((sample) => [sample.minutes, megabytes(sample, what)]));
    const bySlope = PARTS.map((part) => `${part} ${signed(slopeOf([{ part, use: 'own' }]))}`).join(', ');
    return {
      title: 'Soak: five minutes of looped play, blosc-bitshuffle',
      ...(wasShared ? { note: SHARED } : {}),
      columns: ['figure', 'measured'],
      rows: [
        ['ticks a second', (ticks / (MINUTES * 60)).toFixed(1)],
        ['memory at worst (PSS less a blank browser)', against(worst, 700, ' MB', 'atMost', 0)],
        [
          wasShared ? 'memory slope, all but files' : 'memory slope',
          against(slopeOf(total(wasShared ? 'own' : 'pss')), 1, ' MB/min', 'atMost', 2),
        ],
        ['the same by process, all but files', `${bySlope} MB/min`],
        ['performance entries the page holds at the end', String(entries)],
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

interface Sample {
  minutes: number;
  parts: ReturnType<DrivenWindow['memoryByPart']>;
}

interface Wanted {
  part: keyof Sample['parts'];
  use: keyof MemoryUse;
}

const PARTS = ['workstation', 'page', 'network', 'browser'] as const;
const SHARED =
  'Another Chromium ran on this machine meanwhile and shared its program with ours, so the PSS figure is not of ours alone.';

function megabytes({ parts }: Sample, wanted: Wanted[]): number {
  return wanted.reduce((sum, { part, use }) => sum + parts[part][use] / 1e6, 0);
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
