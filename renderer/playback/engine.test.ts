import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TickRequest } from '../../shared/api/tick.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import { createPlayer } from './engine.ts';
import { type ReceivedTick, TickFault } from './tick-client.ts';

const PERIOD_NS = 33_333_333;
const TICKS = 300;
const times = Float64Array.from({ length: TICKS }, (_, tick) => tick * PERIOD_NS);
const episode = {
  id: 'root/e.h5',
  masterClock: 'master',
  clocks: [{ id: 'master', medianPeriodNs: PERIOD_NS }],
  streams: [{ id: 'cam', width: 640, height: 480 }],
} as unknown as Episode;

/** A workstation that answers after a while, with as many answers at once as asked; a scaled one in a third of the time. */
function workstation(latencyMs: number) {
  const asked: TickRequest[] = [];
  const state = { latencyMs, fault: null as string | null };
  const source = {
    fetch: (request: TickRequest) =>
      new Promise<ReceivedTick | undefined>((resolve, reject) => {
        asked.push(request);
        const { fault } = state;
        const isScaled = request.streams[0]?.maxWidth !== undefined;
        setTimeout(
          () => {
            if (fault) return reject(new TickFault(fault));
            const sample = {
              stream: 'cam',
              state: 'shown',
              width: isScaled ? 200 : 640,
              storedWidth: 640,
              bytes: 0,
              offset: 0,
            };
            const header = { ...request, timeNs: times[request.tick], samples: [sample], decodeMs: 1, totalMs: 1 };
            resolve({
              header: header as unknown as ReceivedTick['header'],
              buffer: new ArrayBuffer(isScaled ? 200 : 1000),
              bodyOffset: 0,
              transportMs: 1,
            });
          },
          isScaled ? state.latencyMs / 3 : state.latencyMs,
        );
      }),
    release: () => {},
  };
  return { source, asked, state };
}

function openPlayer(latencyMs: number, more: { cacheBytes?: number } = {}) {
  const station = workstation(latencyMs);
  const seenReports: unknown[] = [];
  const player = createPlayer({
    ...{ episode, times, cacheBytes: more.cacheBytes ?? 4e6, source: station.source },
    onSeen: (ranges) => seenReports.push(ranges),
  });
  const painted: number[] = [];
  player.onShown(({ header }) => painted.push(header.tick));
  player.setStreams([{ stream: 'cam', widthPx: 200, heightPx: 150 }]);
  return { player, painted, seenReports, ...station };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  vi.stubGlobal('requestAnimationFrame', (run: (ms: number) => void) => setTimeout(() => run(performance.now()), 16.7));
  vi.stubGlobal('cancelAnimationFrame', (handle: ReturnType<typeof setTimeout>) => clearTimeout(handle));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('numbers without pictures', () => {
  it('are stepped and played through without asking anybody', async () => {
    const { source, asked } = workstation(50);
    const player = createPlayer({ episode, times, cacheBytes: 4e6, source });
    const painted: number[] = [];
    player.onShown(({ header }) => painted.push(header.tick));
    await wait(200);
    expect(painted, 'nobody said yet what is shown').toEqual([]);
    player.setStreams([]);
    await wait(200);
    player.seek(42);
    await wait(200);
    expect(painted).toEqual([0, 42]);
    expect(player.shown()?.header.timeNs).toBe(times[42]);
    player.play();
    await wait(1000);
    expect(player.shown()?.header.tick).toBeGreaterThan(60);
    expect(asked).toEqual([]);
    player.dispose();
  });
});

describe('before the panes stand', () => {
  it('plays from where it is once they do, one tick after the other', async () => {
    const { player, painted } = prepared(['cam']);
    player.shuttle(1);
    await wait(2000);
    expect(painted).toEqual([]);
    player.setStreams([{ stream: 'cam', widthPx: 200, heightPx: 150 }]);
    await wait(1000);
    // The first is due before it can be had.
    expect(painted.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(painted.length).toBeGreaterThan(20);
    player.dispose();
  });

  function prepared(streams: string[]) {
    const { source, asked } = workstation(50);
    const seen: unknown[] = [];
    const player = createPlayer({ episode, times, cacheBytes: 4e6, source, onSeen: (ranges) => seen.push(ranges) });
    const painted: number[] = [];
    player.onShown(({ header }) => painted.push(header.tick));
    player.prepare(streams);
    return { player, asked, painted, seen };
  }

  it('asks for the first moment, and neither shows it nor counts it as seen', async () => {
    const { player, asked, painted } = prepared(['cam']);
    await wait(200);
    player.play();
    await wait(200);
    player.pause();
    expect([asked.length, painted, player.seen()]).toEqual([1, [], []]);
    player.seek(0);
    player.setStreams([{ stream: 'cam', widthPx: 200, heightPx: 150 }]);
    expect(painted, 'without asking again').toEqual([0]);
    await wait(100);
    expect(asked.filter(({ tick }) => tick === 0)).toHaveLength(1);
    player.dispose();
  });

  it('asks anew where the panes want another stream', async () => {
    const { player, asked, painted } = prepared(['other']);
    await wait(200);
    player.setStreams([{ stream: 'cam', widthPx: 200, heightPx: 150 }]);
    expect(painted).toEqual([]);
    await wait(200);
    expect(asked.map(({ streams }) => streams[0]?.stream)).toEqual(['other', 'cam']);
    expect(painted).toEqual([0]);
    player.dispose();
  });
});

describe('at rest', () => {
  it('shows the first tick once streams are wanted, and nothing before', async () => {
    const { player, painted } = openPlayer(20);
    expect(player.shown()).toBeUndefined();
    await wait(25);
    expect(painted).toEqual([0]);
  });

  it('moves the commanded tick at once and the shown one when it is painted', async () => {
    const { player } = openPlayer(20);
    await wait(30);
    const commanded: number[] = [];
    player.onCommanded((tick) => commanded.push(tick));
    player.seek(50);
    expect(player.commandedTick()).toBe(50);
    expect(player.shown()?.header.tick).toBe(0);
    await wait(25);
    expect(player.shown()?.header.tick).toBe(50);
    expect(commanded).toEqual([50]);
  });

  it('clamps to the recording', async () => {
    const { player } = openPlayer(5);
    player.seek(9999);
    expect(player.commandedTick()).toBe(TICKS - 1);
    player.step(-5000);
    expect(player.commandedTick()).toBe(0);
    player.seekTime(2.5 * PERIOD_NS);
    expect(player.commandedTick()).toBe(2);
  });

  it('keeps showing moments during a fast drag over a slow link, and ends on the last', async () => {
    const { player, painted, asked } = openPlayer(60);
    await wait(70);
    painted.length = 0;
    for (let move = 1; move <= 60; move += 1) {
      player.seek(move * 4);
      await wait(8);
    }
    await wait(200);
    expect(painted.at(-1)).toBe(240);
    expect(painted.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThan(40);
    expect([...painted].sort((a, b) => a - b)).toEqual(painted);
  });

  it('paints every tick of a held key, and reads ahead so that none waits for the link', async () => {
    const { player, painted } = openPlayer(25);
    await wait(30);
    painted.length = 0;
    for (let press = 0; press < 40; press += 1) {
      player.step(1);
      await wait(33);
    }
    await wait(100);
    expect(painted).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  it('steps back to a tick it holds without asking again', async () => {
    const { player, asked } = openPlayer(20);
    await wait(30);
    player.seek(10);
    await wait(30);
    player.seek(0);
    await wait(60);
    const before = asked.length;
    player.seek(10);
    expect(player.shown()?.header.tick).toBe(10);
    expect(asked.length).toBe(before);
  });

  it('asks anew after a refresh, for the same tick', async () => {
    const { player, painted } = openPlayer(20);
    await wait(30);
    player.refresh();
    await wait(30);
    expect(painted).toEqual([0, 0]);
  });

  it('says what is wrong, goes on trying, and recovers', async () => {
    const { player, state } = openPlayer(5);
    await wait(30);
    state.fault = 'The workstation does not answer.';
    player.seek(20);
    await wait(10);
    expect(player.state().fault).toBe('The workstation does not answer.');
    expect(player.shown()?.header.tick).toBe(0);
    state.fault = null;
    await wait(1000);
    expect(player.state().fault).toBeNull();
    expect(player.shown()?.header.tick).toBe(20);
  });
});

describe('what failed after it had become of no use', () => {
  it('leaves its place to what is wanted now', async () => {
    const { player, painted, state } = openPlayer(50);
    await wait(200);
    Object.assign(state, { fault: 'The network is away.', latencyMs: 600 });
    player.seek(10);
    player.seek(20);
    player.refresh();
    state.fault = null;
    player.seek(30);
    await wait(2000);
    expect(painted.at(-1)).toBe(30);
    expect(player.state().fault).toBeNull();
    player.dispose();
  });
});

describe('playing', () => {
  it('shows every tick at its time', async () => {
    const { player, painted } = openPlayer(25);
    await wait(40);
    painted.length = 0;
    player.play();
    await wait(3000);
    expect(painted.length).toBeGreaterThan(86);
    expect(painted.length).toBeLessThan(94);
    expect(painted.slice(1).every((tick, index) => tick === (painted[index] as number) + 1)).toBe(true);
    expect(player.state().achievedTicksPerSecond).toBeGreaterThan(28);
  });

  it('drops ticks evenly where they come too slowly, and keeps the true speed', async () => {
    const { player, painted } = openPlayer(150);
    await wait(200);
    player.setStreams([{ stream: 'cam', widthPx: 640, heightPx: 480 }]);
    player.play();
    await wait(4000);
    expect(player.shown()?.header.tick).toBeGreaterThan(105);
    expect(painted.length).toBeGreaterThan(60);
    const jumps = painted.slice(10).map((tick, index) => tick - (painted[index + 9] as number));
    expect(Math.max(...jumps)).toBeLessThanOrEqual(4);
    expect(player.state().achievedSpeed).toBeCloseTo(1, 1);
    expect(player.state().achievedTicksPerSecond).toBeLessThan(0.9 * player.state().wantedTicksPerSecond);
    expect(player.state().pixels).toBe('stored');
  });

  it('asks for scaled pixels where the rate is not held', async () => {
    const { player, painted } = openPlayer(150);
    await wait(200);
    player.play();
    await wait(3000);
    painted.length = 0;
    await wait(1000);
    expect(player.state().pixels).toBe('scaled');
    expect(painted.length).toBeGreaterThan(27);
  });

  it('replaces scaled pixels by stored ones shortly after it stopped', async () => {
    const { player } = openPlayer(150);
    await wait(200);
    player.play();
    await wait(4000);
    player.pause();
    expect(player.state().pixels).toBe('scaled');
    await wait(400);
    expect(player.state().pixels).toBe('stored');
    expect(player.shown()?.header.tick).toBe(player.commandedTick());
  });

  it('stops on the last tick, and starts over from the first', async () => {
    const { player } = openPlayer(10);
    player.seek(TICKS - 10);
    await wait(50);
    player.play();
    await wait(1000);
    expect(player.state().playing).toBe(false);
    expect(player.shown()?.header.tick).toBe(TICKS - 1);
    player.play();
    await wait(300);
    expect(player.shown()?.header.tick).toBeLessThan(20);
  });

  it('plays backward', async () => {
    const { player, painted } = openPlayer(10);
    player.seek(100);
    await wait(50);
    painted.length = 0;
    player.shuttle(-1);
    await wait(1000);
    expect(painted.length).toBeGreaterThan(27);
    expect(painted.slice(1).every((tick, index) => tick === (painted[index] as number) - 1)).toBe(true);
    player.shuttle(-1);
    expect(player.state().speed).toBe(-2);
    player.shuttle(0);
    expect(player.state()).toMatchObject({ playing: false, speed: 1 });
  });

  it('goes on from where one jumped to, when the speed is changed or play ends before that came on screen', async () => {
    const { player, painted } = openPlayer(100);
    await wait(200);
    player.play();
    await wait(500);
    player.seek(200);
    player.setSpeed(2);
    painted.length = 0;
    await wait(500);
    expect(Math.min(...painted)).toBeGreaterThanOrEqual(200);
    player.seek(50);
    player.pause();
    await wait(300);
    expect([player.commandedTick(), player.shown()?.header.tick]).toEqual([50, 50]);
  });

  it('goes round a loop', async () => {
    const { player, painted } = openPlayer(10);
    await wait(50);
    player.setLoop([40, 49]);
    painted.length = 0;
    player.play();
    await wait(2000);
    expect(Math.min(...painted)).toBe(40);
    expect(Math.max(...painted)).toBe(49);
    expect(painted.length).toBeGreaterThan(54);
  });

  it('goes on, slowly, where an answer takes longer than the clock may run ahead', async () => {
    const { player, painted, state } = openPlayer(20);
    await wait(30);
    state.latencyMs = 5000;
    player.play();
    await wait(60_000);
    expect(player.state().achievedSpeed).toBeLessThan(0.5);
    const after = painted.length;
    await wait(20_000);
    expect(painted.length).toBeGreaterThan(after);
    expect(painted).toEqual([...painted].sort((a, b) => a - b));
  });

  it('waits where nothing comes, and goes on from there', async () => {
    const { player, state } = openPlayer(10);
    await wait(50);
    player.play();
    await wait(500);
    state.fault = 'gone';
    await wait(5000);
    const stuck = player.shown()?.header.tick as number;
    expect(stuck).toBeLessThan(22);
    state.fault = null;
    await wait(5000);
    expect(player.shown()?.header.tick).toBeGreaterThan(stuck);
    expect(player.state().fault).toBeNull();
  });
});

describe('what was seen', () => {
  it('is what was painted, reported at most every two seconds', async () => {
    const { player, seenReports } = openPlayer(10);
    await wait(50);
    player.play();
    await wait(1900);
    player.pause();
    const ranges = player.seen();
    expect(ranges.length).toBe(1);
    expect(seenReports.length).toBeLessThanOrEqual(2);
    player.dispose();
    await wait(5000);
    expect(seenReports.length).toBeLessThanOrEqual(2);
  });
});
