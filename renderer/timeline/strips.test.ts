import { describe, expect, it } from 'vitest';
import { imageWith, steadyTimes } from '../../shared/detect/testing.ts';
import type { Lane } from './lanes.ts';
import { ALL, buildStrip, NONE, NOTHING, SOME, stripAt, stripColumns, withStrips } from './strips.ts';
import { describeUnder } from './under-pointer.ts';

const PERIOD_NS = 1e9 / 30;

function strip(ticks: number, more: Parameters<typeof imageWith>[2] = {}) {
  const image = imageWith('camera', ticks, more);
  return { image, times: steadyTimes(ticks), of: () => buildStrip(image, steadyTimes(ticks), PERIOD_NS) };
}

describe('a strip', () => {
  it('keeps the one repeat and the highest motion of an hour in sight on a few hundred pixels', () => {
    const ticks = 108_000;
    const { image, times, of } = strip(ticks, { isRepeated: (tick) => tick === 54_321 });
    image.motion[20_000] = 90;
    const window = { startNs: 0, endNs: times[ticks - 1] as number };
    const { motion, repeats } = stripColumns(of(), window, 300);
    expect([...repeats].filter((kind) => kind !== NONE)).toEqual([SOME]);
    expect(repeats[Math.floor((54_321 / ticks) * 300)]).toBe(SOME);
    expect(Math.max(...motion)).toBe(90);
    expect(motion[Math.floor((20_000 / ticks) * 300)]).toBe(90);
  });

  it('tells a stretch in which all pictures repeat from one in which some do', () => {
    const { of } = strip(600, { isRepeated: (tick) => (tick < 300 ? tick % 2 === 1 : tick > 400) });
    const { repeats } = stripColumns(of(), { startNs: 0, endNs: 20e9 }, 60);
    expect([repeats[10], repeats[35], repeats[55]]).toEqual([SOME, NONE, ALL]);
  });

  it('fills the room between two ticks that are looked at closely, but no gap of the recording', () => {
    const { image } = strip(4, { isRepeated: (tick) => tick === 1 });
    const times = Float64Array.from([0, PERIOD_NS, 10 * PERIOD_NS, 11 * PERIOD_NS]);
    const { motion, repeats } = stripColumns(
      buildStrip(image, times, PERIOD_NS),
      { startNs: 0, endNs: 12 * PERIOD_NS },
      120,
    );
    expect([motion[5], repeats[5]]).toEqual([0, NONE]);
    expect([motion[15], repeats[15]]).toEqual([0, ALL]);
    expect([motion[70], repeats[70]]).toEqual([Number.NaN, NOTHING]);
    expect(motion[105]).toBe(6);
  });

  it('has holes where no picture is', () => {
    const { of, image } = strip(30);
    image.index.fill(-1, 10, 20);
    const { motion } = stripColumns(of(), { startNs: 0, endNs: 1e9 }, 30);
    expect(Number.isNaN(motion[15] as number)).toBe(true);
    expect(stripAt(of(), 15 * PERIOD_NS + 1)).toBe('');
    expect(stripAt(of(), 5 * PERIOD_NS + 1)).toBe('Motion 6.0 of 255');
  });
});

describe('lanes', () => {
  const lane = (id: string, hasPictures = true): Lane => ({
    ...{ id, label: id, detail: 'About it.', side: null, heightPx: 16 },
    content: { kind: 'samples', losses: [], holds: [], fault: null, curve: null, hasPictures },
  });
  const { image, times } = strip(30, { isRepeated: (tick) => tick % 10 === 5 });
  const lanes = [lane('stream:camera'), lane('stream:depth', false), lane('track:hand', false)];
  const strips = (of: readonly Lane[]) =>
    of.map(({ content }) => content.kind === 'samples' && content.strip !== undefined);

  it('of pictures carry a strip, which is said, and take no more room', () => {
    const shown = withStrips(lanes, { state: 'ready', images: [image], times }, PERIOD_NS);
    expect(strips(shown)).toEqual([true, false, false]);
    expect(shown[0]?.detail).toMatch(/^About it\. Strip: motion, .* \(10\.0 % of all\)\.$/);
    expect(shown.map(({ heightPx }) => heightPx)).toEqual([16, 16, 16]);
  });

  it('tell what a strip shows under the pointer', () => {
    const shown = withStrips(lanes, { state: 'ready', images: [image], times }, PERIOD_NS);
    const model = { startNs: 0, endNs: 1e9, times, gaps: [], lanes: shown };
    const under = (tick: number, laneY = 5) => describeUnder({ ns: tick * PERIOD_NS + 1, tick, laneY }, shown, model);
    expect(under(4)).toBe('stream:camera: motion 6.0 of 255');
    expect(under(5)).toBe('stream:camera: repeats the picture before');
    expect(under(5, 20)).toBe('');
  });

  it('say how to get one where there is none, and nothing while they are off or on their way', () => {
    const absent = withStrips(lanes, { state: 'absent' }, PERIOD_NS);
    expect(absent.map(({ detail }) => /Detect/.test(detail))).toEqual([true, false, false]);
    expect(withStrips(lanes, { state: 'coming' }, PERIOD_NS)).toEqual(lanes);
    expect(withStrips(lanes, null, PERIOD_NS)).toBe(lanes);
  });
});
