import type { DrivenWindow } from './driven-window.ts';
import { against, type FigureTable } from './report.ts';
import { percentile, seededRandom } from './statistics.ts';

const SEEKS = 60;
const STEPS = 40;
const HELD_SECONDS = 3;
const PLAY_SECONDS = 4;
/** At 4×, with the 0.7 s before: less than the shortest episode holds. */
const FAST_SECONDS = 2;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface ScrubbedEpisode {
  title: string;
  /** "all five streams". */
  streams: string;
  /** Ticks a second that play must reach. */
  playLeast: number;
  address: string;
  /** How many there are. */
  ticks: number;
  contiguous: [first: number, last: number];
  spread: readonly number[];
}

/** Seek, cached step, held key, play and fast play on one episode, in the default layout. Closes the window. */
export async function measureScrub(
  window: DrivenWindow,
  blankBytes: number,
  episode: ScrubbedEpisode,
): Promise<FigureTable> {
  const { title, streams, playLeast, address, ticks, contiguous, spread } = episode;
  try {
    await pause(2000);
    await window.eventLoopDelay();

    const random = seededRandom(5);
    const seeks: number[] = [];
    let shown = contiguous[0];
    for (let count = 0; count < SEEKS + 5; count += 1) {
      const tick = spread[Math.floor(random() * spread.length)] as number;
      // It shows already: nothing would be painted.
      if (tick === shown) continue;
      const reached = await window.press(tick, ticks);
      shown = reached.tick;
      // Its neighbour may hold no pictures.
      if (count >= 5 && reached.tick === tick) seeks.push(reached.tookMs);
      await pause(60);
    }

    // Ten ticks that were just shown, back and forth: what a person does around a suspicious moment.
    const home = contiguous[0] + 50;
    await window.seek(address, home);
    await window.page.press('Escape');
    for (let count = 0; count < 4; count += 1) await tap(window, 'ArrowRight');
    for (let count = 0; count < 4; count += 1) await tap(window, 'ArrowLeft');
    await window.takeSeekMeasures();
    for (let count = 0; count < STEPS; count += 1) await tap(window, count % 8 < 4 ? 'ArrowRight' : 'ArrowLeft');
    const steps = await window.takeSeekMeasures();

    await window.seek(address, contiguous[0]);
    // A keyboard waits before it repeats: counted from then on.
    await window.page.key('rawKeyDown', 'ArrowRight');
    await pause(250);
    const arrow = await window.countTicks(async () => {
      const until = Date.now() + HELD_SECONDS * 1000;
      while (Date.now() < until) {
        await window.page.key('rawKeyDown', 'ArrowRight', { autoRepeat: true });
        await pause(30);
      }
    });
    await window.page.key('keyUp', 'ArrowRight');

    const play = await playFor(window, address, contiguous[0], 1, PLAY_SECONDS);
    const fast = await playFor(window, address, contiguous[0], 4, FAST_SECONDS);
    const delay = await window.eventLoopDelay();
    const memoryMb = (window.memoryBytes() - blankBytes) / 1e6;
    const held = await window.cacheReading();
    const byPart = Object.entries(window.memoryByPart()).map(([part, { own }]) => `${part} ${(own / 1e6).toFixed(0)}`);

    return {
      title: `Scrubbing, ${title}`,
      columns: ['figure', 'measured'],
      rows: [
        ['first picture after opening', against(window.firstPicture.openingMs, 1000, ' ms', 'atMost', 0)],
        ['first picture after loading the page as well', `${window.firstPicture.loadingMs.toFixed(0)} ms`],
        [
          `random seek by a press on the timeline, ${streams} painted, p50`,
          against(percentile(seeks, 50), 35, ' ms', 'atMost'),
        ],
        [`random seek, p95 (${seeks.length} seeks)`, against(percentile(seeks, 95), 70, ' ms', 'atMost')],
        ['cached step, p50', `${percentile(steps, 50).toFixed(1)} ms (${steps.length} steps)`],
        ['cached step, p95', against(percentile(steps, 95), 35, ' ms', 'atMost')],
        ['held arrow key, distinct ticks a second', against(arrow.perSecond, 28, '', 'atLeast')],
        ['play, ticks a second', `${against(play.perSecond, playLeast, '', 'atLeast')}, ${play.pixels} pixels`],
        ['CPU while playing, of one core', `${(play.cores * 100).toFixed(0)} %`],
        [
          '4× play, distinct ticks a second',
          `${fast.perSecond.toFixed(1)}, ${fast.pixels} pixels (the screen says: ${fast.said})`,
        ],
        [
          'workstation event-loop delay, p99, with the 1 ms of the timer that measures it',
          against(delay.p99, 20, ' ms', 'atMost'),
        ],
        ['memory (PSS less a blank browser)', against(memoryMb, 700, ' MB', 'atMost', 0)],
        ['by process, all but files, a blank page included', `${byPart.join(', ')} MB`],
        ['of the page, pictures kept (the screen says)', held],
      ],
    };
  } finally {
    await window.close();
  }
}

async function tap(window: DrivenWindow, key: 'ArrowRight' | 'ArrowLeft'): Promise<void> {
  await window.page.press(key);
  await pause(70);
}

async function playFor(window: DrivenWindow, address: string, from: number, speed: number, seconds: number) {
  await window.seek(address, from + 1);
  await window.page.press('KeyK');
  await window.page.press('Digit0');
  // L plays forward; again doubles the speed.
  for (let current = 1; current <= speed; current *= 2) await window.page.press('KeyL');
  await pause(700);
  const cpuBefore = window.cpuSeconds();
  const counted = await window.countTicks(() => pause(seconds * 1000));
  const cores = (window.cpuSeconds() - cpuBefore) / counted.seconds;
  const said = (await window.saidRate()).replace(/\s+/g, ' ').trim();
  const pixels = await window.pixels();
  await window.page.press('KeyK');
  await pause(300);
  return { ...counted, cores, pixels, said: said || 'nothing' };
}
