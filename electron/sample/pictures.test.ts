import { describe, expect, it } from 'vitest';
import { poseAt, type Vector3 } from '../../shared/geometry/pose.ts';
import { gelCenterMm, projectSensor, toCameraMm } from '../../shared/geometry/projection.ts';
import { nearest } from '../../shared/time/sampling.ts';
import { contactOf } from './gel-view.ts';
import { type Picture, PictureMaker } from './pictures.ts';
import { type PlannedTrack, planEpisode, sceneOfTick, truePose } from './plan.ts';
import { CAMERAS, HEIGHT_PX, SENSOR_OFFSETS, SIDES, type Side, staleCamera, WIDTH_PX } from './rig.ts';

const start = { seed: 7, seconds: 20, startUnixSeconds: 0, createdAt: '' };
const faulty = planEpisode({ ...start, name: 'episode_000', story: 'transfer', faults: true });
const clean = planEpisode({ ...start, name: 'episode_001', story: 'slip-and-recovery', faults: false });
const maker = new PictureMaker();

const draw = (plan: typeof faulty, tick: number) =>
  new Map(
    maker
      .draw(plan, tick)
      .map((picture): [string, Picture] => [picture.stream, { ...picture, bytes: picture.bytes.slice() }]),
  );
const ticksOf = (kind: string, body?: string) =>
  faulty.truth.faults.find((fault) => fault.kind === kind && (!body || fault.bodies?.includes(body)))!.ticks;

/** Whether a pixel has the hue of a side's gel face, in shade or light. Bytes are blue, green, red. */
function isGel(side: Side, bytes: Uint8Array, o: number): boolean {
  const [blue, green, red] = [bytes[o]!, bytes[o + 1]!, bytes[o + 2]!];
  return side === 'left'
    ? red > 90 && red > 1.35 * green && green > 2 * blue
    : blue > 90 && blue > 1.35 * green && green > 2 * red;
}

function nearestGelPx(side: Side, bytes: Uint8Array, u: number, v: number, within: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let y = Math.max(0, Math.ceil(v - within)); y <= Math.min(HEIGHT_PX - 1, v + within); y++) {
    for (let x = Math.max(0, Math.ceil(u - within)); x <= Math.min(WIDTH_PX - 1, u + within); x++) {
      if (isGel(side, bytes, (y * WIDTH_PX + x) * 3)) best = Math.min(best, Math.hypot(x - u, y - v));
    }
  }
  return best;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

describe('the cameras', () => {
  it('show every gel that looks at them where its pose projects', () => {
    let compared = 0;
    const residuals: number[] = [];
    for (const tick of [10, 150, 215, 232, 260, 330, 420, 560]) {
      const pictures = draw(clean, tick);
      for (const [index, camera] of CAMERAS.entries()) {
        const bytes = pictures.get(`realsense/cam${index}/color`)!.bytes;
        for (const side of SIDES) {
          const pose = truePose(`sensor_${side}`, clean.story, clean.sceneSeconds[tick]!);
          const { center } = projectSensor(pose, camera, SENSOR_OFFSETS[side])!;
          // A gel that touches the piece hides its own face.
          if (contactOf(side, sceneOfTick(clean, tick)) || !center.visible || !inSight(pose, side, index, pictures))
            continue;
          compared++;
          residuals.push(nearestGelPx(side, bytes, center.u, center.v, 12));
        }
      }
    }
    expect(compared).toBeGreaterThan(9);
    expect(Math.max(...residuals)).toBeLessThan(2);
  });

  it('agree with the recorded sample that the overlay takes, and not with the stale calibration', () => {
    const tick = 10;
    const pictures = draw(clean, tick);
    const bytes = pictures.get('realsense/cam2/color')!.bytes;
    const track = clean.tracks.find(({ body }) => body === 'sensor_left') as PlannedTrack;
    const sample = nearest(track.seconds, clean.tickSeconds[tick]!);
    const pose = track.poses.subarray(sample * 7, sample * 7 + 7);
    const right = projectSensor(pose, CAMERAS[2]!, SENSOR_OFFSETS.left)!.center;
    const stale = projectSensor(pose, staleCamera(CAMERAS[2]!), SENSOR_OFFSETS.left)!.center;
    expect(nearestGelPx('left', bytes, right.u, right.v, 12)).toBeLessThan(3);
    const shift = Math.hypot(right.u - stale.u, right.v - stale.v);
    expect(shift).toBeGreaterThan(25);
    expect(shift).toBeLessThan(80);
  });

  it('give depth in millimetres that agrees with the picture', () => {
    const pictures = draw(clean, 10);
    for (const index of CAMERAS.keys()) {
      const { bytes } = pictures.get(`realsense/cam${index}/depth`)!;
      const depth = new Uint16Array(bytes.buffer, bytes.byteOffset, WIDTH_PX * HEIGHT_PX);
      const point = tablePoint(index);
      const seen = depth[Math.round(point.v) * WIDTH_PX + Math.round(point.u)]!;
      expect(Math.abs(seen - point.depth)).toBeLessThan(8);
    }
  });

  it('repeat their pictures while the recorder stalls, and at no other time', () => {
    const [first, last] = ticksOf('recorder-stall');
    const [a, b, after] = [draw(faulty, first), draw(faulty, last), draw(faulty, last + 1)];
    for (const index of CAMERAS.keys()) {
      for (const kind of ['color', 'depth']) {
        const stream = `realsense/cam${index}/${kind}`;
        expect(Buffer.compare(a.get(stream)!.bytes, b.get(stream)!.bytes)).toBe(0);
        expect(Buffer.compare(after.get(stream)!.bytes, b.get(stream)!.bytes)).not.toBe(0);
      }
    }
  });

  it('move less than 2 in the mean while everything stands still, without repeating', () => {
    const [from, to] = ticksOf('real-stillness');
    const [a, b] = [draw(faulty, from + 3), draw(faulty, to - 2)];
    for (const stream of [
      'realsense/cam0/color',
      'realsense/cam1/color',
      'realsense/cam2/color',
      'gelsight/left/frames',
    ]) {
      const difference = meanDifference(a.get(stream)!.bytes, b.get(stream)!.bytes);
      expect(difference).toBeGreaterThan(0);
      expect(difference).toBeLessThan(0.5);
    }
  });

  it('show the hand going on while its body is lost', () => {
    const [from, to] = ticksOf('optitrack-loss', 'sensor_right');
    const [a, b] = [draw(faulty, from), draw(faulty, to)];
    expect(meanDifference(a.get('realsense/cam2/color')!.bytes, b.get('realsense/cam2/color')!.bytes)).toBeGreaterThan(
      2,
    );
  });
});

describe('the gels', () => {
  const intensity = (frame: Uint8Array, reference: Uint8Array) => {
    let sum = 0;
    for (let o = 0; o < frame.length; o += 3) {
      sum += Math.hypot(
        frame[o]! - reference[o]!,
        frame[o + 1]! - reference[o + 1]!,
        frame[o + 2]! - reference[o + 2]!,
      );
    }
    return sum / (frame.length / 3);
  };

  it('deform on contact, and let go at the slip on the right', () => {
    const rest = draw(clean, 5);
    const held = draw(clean, 170);
    const [failure] = clean.truth.events;
    const fallen = draw(clean, failure!.ticks[1]);
    for (const side of SIDES) {
      const stream = `gelsight/${side}/frames`;
      expect(intensity(held.get(stream)!.bytes, rest.get(stream)!.bytes)).toBeGreaterThan(3);
    }
    const right = 'gelsight/right/frames';
    expect(intensity(fallen.get(right)!.bytes, rest.get(right)!.bytes)).toBeLessThan(0.5);
    expect(
      intensity(fallen.get('gelsight/left/frames')!.bytes, held.get('gelsight/left/frames')!.bytes),
    ).toBeGreaterThan(1);
  });

  it('flicker pink for the planted ticks alone', () => {
    for (const fault of faulty.truth.faults.filter(({ kind }) => kind === 'led-flicker')) {
      const stream = fault.streams![0]!;
      const [before, during, after] = [fault.ticks[0] - 1, fault.ticks[0], fault.ticks[1] + 1].map(
        (tick) => draw(faulty, tick).get(stream)!.bytes,
      ) as [Uint8Array, Uint8Array, Uint8Array];
      expect(intensity(during, before)).toBeGreaterThan(60);
      expect(intensity(after, before)).toBeLessThan(10);
      const mean = (channel: number) => during.reduce((sum, value, i) => (i % 3 === channel ? sum + value : sum), 0);
      expect(mean(0)).toBeGreaterThan(mean(1) * 1.2);
      expect(mean(2)).toBeGreaterThan(mean(1) * 1.1);
    }
  });
});

/** Whether nothing stands between the camera and the gel's face: the depth picture at the spot says how far it sees. */
function inSight(pose: number[], side: Side, camera: number, pictures: Map<string, Picture>): boolean {
  const center = gelCenterMm(poseAt(pose)!, SENSOR_OFFSETS[side].gelCenterMm as unknown as Vector3);
  const { u, v } = projectSensor(pose, CAMERAS[camera]!, SENSOR_OFFSETS[side])!.center;
  const { bytes } = pictures.get(`realsense/cam${camera}/depth`)!;
  const depth = new Uint16Array(bytes.buffer, bytes.byteOffset, WIDTH_PX * HEIGHT_PX);
  const seen = depth[Math.min(HEIGHT_PX - 1, Math.round(v)) * WIDTH_PX + Math.min(WIDTH_PX - 1, Math.round(u))]!;
  return Math.abs(seen - toCameraMm(center, CAMERAS[camera]!)[2]) < 6;
}

/** A bare spot of the mat, in front of everything. */
function tablePoint(index: number): { u: number; v: number; depth: number } {
  const camera = CAMERAS[index]!;
  const [x, y, z] = toCameraMm([30, 0.6, 150], camera);
  return { u: (camera.fx * x) / z + camera.ppx, v: (camera.fy * y) / z + camera.ppy, depth: z };
}
