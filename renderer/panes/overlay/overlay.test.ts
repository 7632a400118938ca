import { afterEach, describe, expect, it, vi } from 'vitest';
import { type BodyTrack, bodyAt, runStarts } from '../../../shared/geometry/body-track.ts';
import type { Calibration } from '../../../shared/geometry/calibration.ts';
import { sensorsIn } from '../../../shared/geometry/sensor-marks.ts';
import type { ShownTick } from '../../playback/player.ts';
import { useInHand } from '../in-hand.ts';
import { measure, ProjectionOverlay } from './overlay.ts';

const MS = 1e6;

/** A body at 100 Hz: moving for 0.5 s, held for 0.4 s, moving again for 0.1 s. */
function track(): BodyTrack {
  const count = 100;
  const times = Float64Array.from({ length: count }, (_, index) => index * 10 * MS);
  const poses = new Float64Array(count * 7);
  for (let index = 0; index < count; index += 1) {
    const held = index >= 50 && index < 90 ? 50 : index;
    poses.set([0.3 + held * 1e-4, 0.05, 0.15, 0, 0, 0, 1], index * 7);
  }
  return {
    ...{ id: 'sensor_left', name: 'Sensor left', side: 'left', upAxis: 'y', projected: true, rule: 'nearest' },
    ...{ times, poses, runStart: runStarts(poses, count) },
  };
}

describe('a frozen body', () => {
  const body = track();

  it('is one whose pose has not changed by a bit for a quarter of a second', () => {
    expect(bodyAt(body, 400 * MS)?.frozenSinceNs).toBeNull();
    expect(bodyAt(body, 740 * MS)?.frozenSinceNs).toBeNull();
    expect(bodyAt(body, 750 * MS)?.frozenSinceNs).toBe(500 * MS);
    expect(bodyAt(body, 890 * MS)?.frozenSinceNs).toBe(500 * MS);
    expect(bodyAt(body, 900 * MS)?.frozenSinceNs).toBeNull();
  });

  it('is also one whose samples have stopped', () => {
    expect(bodyAt(body, 1100 * MS)?.frozenSinceNs).toBeNull();
    expect(bodyAt(body, 1300 * MS)?.frozenSinceNs).toBe(990 * MS);
  });

  it('is also one whose next sample is far ahead: before the first, and in a loss', () => {
    const late = { ...body, times: body.times.map((at, index) => at + (index < 50 ? 1000 : 1800) * MS) };
    expect(bodyAt(late, 0)).toMatchObject({ index: 0, frozenSinceNs: Number.NEGATIVE_INFINITY });
    expect(bodyAt(late, 750 * MS)?.frozenSinceNs).toBe(Number.NEGATIVE_INFINITY);
    expect(bodyAt(late, 760 * MS)?.frozenSinceNs).toBeNull();
    // Lost from 1490 to 2300 ms: nearer to the second half is the sample after it.
    expect(bodyAt(late, 1730 * MS)?.frozenSinceNs).toBeNull();
    expect(bodyAt(late, 1740 * MS)).toMatchObject({ index: 49, frozenSinceNs: 1490 * MS });
    expect(bodyAt(late, 2050 * MS)).toMatchObject({ index: 50, frozenSinceNs: 1490 * MS });
    expect(bodyAt(late, 2060 * MS)).toMatchObject({ index: 50, frozenSinceNs: null });
  });

  it('takes the smallest difference for movement and repeated losses for one run', () => {
    const poses = new Float64Array(4 * 7).fill(0.5);
    poses[7] = 0.5 + Number.EPSILON;
    poses.fill(Number.NaN, 14);
    expect([...runStarts(poses, 4)]).toEqual([0, 1, 2, 2]);
  });

  it('is not there without samples', () => {
    expect(bodyAt({ ...body, times: new Float64Array(0) }, 5)).toBeUndefined();
  });
});

/** A camera a metre above the origin looking along +z of the motion-capture frame. */
function calibration(id: string, shiftMm: number): Calibration {
  const mocapToCamera = [1, 0, 0, shiftMm, 0, 1, 0, 0, 0, 0, 1, 1000, 0, 0, 0, 1];
  return {
    id,
    name: id,
    cameras: [
      {
        ...{ position: 'left', serial: '1', stream: 'cam1', mocapToCamera, fx: 600, fy: 600, ppx: 320, ppy: 240 },
        ...{ width: 640, height: 480, upAxis: 'y', rmse: null, createdAt: null },
      },
    ],
    sensors: [{ side: 'left', track: 'sensor_left', gelCenterMm: [0, 0, 0] }],
    problems: [],
  };
}

describe('the residual', () => {
  const body = track();
  const shown = { header: { tick: 3, timeNs: 0 } } as ShownTick;

  it('is the distance from the click to where each folder puts the sensor, best first', () => {
    const exact = calibration('good', 0);
    const [sensor] = sensorsIn(exact, exact.cameras[0]!, [body], 0);
    const { u, v } = sensor!.projected.center;
    const measured = measure({ u, v: v + 2 }, 'cam1', [calibration('wrong', 50), exact], [body], shown);
    expect(measured.results.map((result) => result.calibration)).toEqual(['good', 'wrong']);
    expect(measured.results[0]?.residualPx).toBeCloseTo(2, 6);
    expect(measured.results[1]?.residualPx).toBeGreaterThan(20);
  });

  it('leaves out folders without this camera and bodies that were never tracked', () => {
    expect(measure({ u: 0, v: 0 }, 'cam9', [calibration('good', 0)], [body], shown).results).toEqual([]);
    const lost = { ...body, poses: new Float64Array(body.poses.length) };
    expect(measure({ u: 0, v: 0 }, 'cam1', [calibration('good', 0)], [lost], shown).results).toEqual([]);
  });
});

describe('the sensor in hand', () => {
  const body = track();
  afterEach(() => {
    useInHand.setState({ inHand: null, phase: null });
    vi.unstubAllGlobals();
  });

  /** What is drawn at a tick: circles by their radius and dashes, and words. */
  function drawn(tick: number, { widthPx = 640, shiftMm = 0 } = {}) {
    vi.stubGlobal('devicePixelRatio', 1);
    const seen = { rings: [] as [radius: number, isDashed: boolean][], words: [] as string[], places: [] as number[] };
    let dash: number[] = [];
    const context = new Proxy({} as Record<string, unknown>, {
      get: (target, name: string) =>
        target[name] ??
        ((...given: never[]) => {
          if (name === 'setLineDash') [dash] = given as unknown as [number[]];
          if (name === 'arc') seen.rings.push([(given as unknown as number[])[2] ?? 0, dash.length > 0]);
          if (name === 'measureText') return { width: 80 };
          if (name !== 'fillText') return;
          const [word, x] = given as unknown as [string, number];
          seen.words.push(word);
          seen.places.push(x);
        }),
    });
    const canvas = { getContext: () => context, width: 0, height: 0 } as unknown as HTMLCanvasElement;
    const overlay = new ProjectionOverlay(canvas, {
      stream: 'cam1',
      tracks: [body],
      calibration: () => calibration('good', shiftMm),
    });
    const shown = { header: { tick, timeNs: 100 * MS } } as ShownTick;
    overlay.draw(shown, { left: 0, top: 0, width: widthPx, height: (widthPx * 3) / 4 });
    const placeOf = (word: string) => seen.places[seen.words.indexOf(word)] ?? Number.NaN;
    return { rings: seen.rings.filter(([radius]) => radius > 11), words: seen.words, placeOf };
  }

  it('is ringed: dashed in the lead-in, whole and with its word within the event, and else not', () => {
    const about = { word: 'L Pose teleport', streams: [], tracks: ['sensor_left'], series: [] };
    const span = { ticks: [10, 12] as const, around: [5, 15] as const };
    useInHand.setState({ inHand: { ...about, ...span, sides: ['left'] }, phase: null });
    expect(drawn(7)).toMatchObject({
      rings: [
        [16, true],
        [16, true],
      ],
      words: expect.not.arrayContaining([about.word]),
    });
    expect(drawn(11)).toMatchObject({
      rings: [
        [16, false],
        [16, false],
      ],
      words: expect.arrayContaining([about.word]),
    });
    expect(drawn(16).rings).toEqual([]);
    useInHand.setState({ inHand: { ...about, ...span, sides: ['right'] }, phase: null });
    expect(drawn(11).rings).toEqual([]);
  });

  it('has its word at the left where the edge of the picture would cut it off', () => {
    const word = 'L Pose teleport';
    const span = { ticks: [10, 12] as const, around: [5, 15] as const };
    useInHand.setState({
      inHand: { word, ...span, streams: [], tracks: ['sensor_left'], series: [], sides: ['left'] },
      phase: null,
    });
    const placed = (widthPx: number) => drawn(11, { widthPx, shiftMm: 100 }).placeOf(word) / widthPx;
    expect(placed(640)).toBeGreaterThan(0.7);
    expect(placed(320)).toBeLessThan(0.6);
    expect(placed(320)).toBeGreaterThanOrEqual(0);
  });
});
