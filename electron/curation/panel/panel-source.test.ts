import { describe, expect, it } from 'vitest';
import { blankEpisode, type Episode, type Stream } from '../../../shared/episode/episode.ts';
import type { DecodePool } from '../../frames/frame-source.ts';
import type { Media } from '../../media/index.ts';
import { SourceFault } from '../../sources/source.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { PanelSource } from './panel-source.ts';
import type { PictureOrder } from './picture-protocol.ts';
import type { PictureThread } from './picture-thread.ts';

const MS = 1e6;
const TICKS = 9;

/** Ticks at 30 Hz, one camera with a clock of its own at 10 Hz: each of its pictures is shown three times. */
function episode(): OpenWorkstationEpisode {
  const clock = (id: string, count: number, periodMs: number) => ({
    ...{ id, name: id, count, basis: 'recorded' as const, firstNs: 0, lastNs: (count - 1) * periodMs * MS },
    ...{ medianPeriodNs: periodMs * MS, worstGapNs: periodMs * MS, ascending: true },
  });
  const stream = {
    ...{ id: 'slow', name: 'Slow', kind: 'color', position: null, width: 2, height: 1, channels: 3, dtype: 'uint8' },
    ...{ encoding: 'pixels', order: 'rgb', count: 3, clock: 'camera', rule: 'latest', filters: [], fault: null },
  } as unknown as Stream;
  const model = {
    ...blankEpisode(),
    ...{ id: 'r/e', root: 'r', path: 'e.h5', format: 'mcap', name: 'e', task: 't', date: '2026-07-02' },
    ...{ masterClock: 'ticks', clocks: [clock('ticks', TICKS, 33), clock('camera', 3, 99)], streams: [stream] },
  } as unknown as Episode;
  const times = (count: number, periodMs: number) =>
    Float64Array.from({ length: count }, (_, at) => at * periodMs * MS);
  return {
    opened: {
      episode: model,
      clocks: new Map([
        ['ticks', times(TICKS, 33)],
        ['camera', times(3, 99)],
      ]),
      ...{ poses: new Map(), values: new Map() },
      locations: new Map([['slow', { kind: 'hdf5', file: '/e.h5', dataset: 'slow' }]]),
    },
    ...{ orderOf: (each: Stream) => each.order, tactileOffset: () => 0, holdPeriods: () => 3 },
  } as unknown as OpenWorkstationEpisode;
}

function thread(): { orders: PictureOrder[]; thread: PictureThread } {
  const orders: PictureOrder[] = [];
  const ask = async (order: PictureOrder) => {
    orders.push(order);
    return { panel: null, spent: [] };
  };
  return { orders, thread: { ask } as unknown as PictureThread };
}

const pixels = (index: number) => ({
  bytes: new Uint8Array(6).fill(index),
  width: 2,
  height: 1,
  channels: 3,
  format: 'u8',
  decodeMs: 0,
});
const partsOf = (frame: (index: number) => Promise<unknown>, signal = new AbortController().signal) => ({
  decode: { frame: (_location: unknown, _stream: unknown, index: number) => frame(index) } as unknown as DecodePool,
  media: {} as Media,
  signal,
});
const plain = { overlay: false, asLive: false };

describe('panels made side by side', () => {
  it('reach the thread in the order of their ticks, a repeated picture once, however long each takes to load', async () => {
    const loads = new Map<number, () => void>();
    const frame = (index: number) =>
      new Promise((resolve) => {
        loads.set(index, () => resolve(pixels(index)));
      });
    const source = await PanelSource.of(episode(), plain, partsOf(frame));
    const { orders, thread: drawing } = thread();
    await source.begin(drawing);
    const panels = Array.from({ length: TICKS }, (_, tick) => source.panel(drawing, tick));
    // The last picture comes first.
    for (const index of [2, 1, 0]) {
      loads.get(index)?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(panels);
    const drawn = orders.filter((order) => order.op === 'panel');
    expect(drawn.map(({ tick }) => tick.tick)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const images = drawn.map(({ images: [image] }) =>
      image === 'same' || !image || 'missing' in image ? image : image.bytes[0],
    );
    expect(images).toEqual([0, 'same', 'same', 1, 'same', 'same', 2, 'same', 'same']);
    expect(loads.size).toBe(3);
  });

  it('show what is damaged as missing, say so once, and go on', async () => {
    const frame = async (index: number) => {
      if (index === 1) throw new SourceFault('corrupt-chunk', 'e.h5: sample 1 of slow is damaged.');
      return pixels(index);
    };
    const source = await PanelSource.of(episode(), plain, partsOf(frame));
    const { orders, thread: drawing } = thread();
    for (let tick = 0; tick < TICKS; tick += 1) await source.panel(drawing, tick);
    const missing = orders
      .flatMap((order) => (order.op === 'panel' ? order.images : []))
      .filter((image) => image !== 'same' && 'missing' in image);
    expect(missing).toEqual([{ missing: 'damaged' }]);
    expect([...source.damaged]).toEqual(['e.h5: sample 1 of slow is damaged.']);
  });

  it('take all bytes for BGR as the recorder does, where that is asked for', async () => {
    const source = await PanelSource.of(
      episode(),
      { overlay: false, asLive: true },
      partsOf(async (index) => pixels(index)),
    );
    const { orders, thread: drawing } = thread();
    await source.panel(drawing, 0);
    expect(orders[0]).toMatchObject({ images: [{ order: 'bgr' }] });
  });

  it('end with the reason of a cancellation', async () => {
    const stop = new AbortController();
    const frame = async () => {
      stop.abort(new Error('Cancelled.'));
      throw new Error('superseded');
    };
    const source = await PanelSource.of(episode(), plain, partsOf(frame, stop.signal));
    await expect(source.panel(thread().thread, 0)).rejects.toThrow('Cancelled.');
    expect(source.damaged.size).toBe(0);
  });
});
