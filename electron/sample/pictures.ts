import { CameraView, type MovingMeshes, movingMeshes } from './camera-view.ts';
import { contactOf, GelView, washPink } from './gel-view.ts';
import { type EpisodePlan, sceneOfTick } from './plan.ts';
import { seedFor } from './random.ts';
import { CAMERAS, HEIGHT_PX, type Shrink, SIDES, type Side, smallerCamera, WIDTH_PX } from './rig.ts';

/** Share of pixels that carry noise: more would not compress. */
const NOISY_SHARE = 0.0015;
const NOISY_DEPTH_SHARE = 0.0005;

export interface Picture {
  /** Dataset path without the leading slash. */
  stream: string;
  shape: number[];
  /** Little-endian bytes as stored; valid until the next tick is drawn. */
  bytes: Uint8Array;
}

/** Draws the eight image streams of an episode, tick by tick. Any order: a tick's pixels depend on the plan alone. */
export class PictureMaker {
  /** Of one frame: of a camera or gel, and of depth. */
  readonly colorShape: number[];
  readonly depthShape: number[];
  private readonly views: CameraView[];
  private readonly meshes: MovingMeshes = movingMeshes();
  private readonly gels: Record<Side, GelView>;
  private readonly colors: Uint8Array[];
  private readonly depths: Uint16Array[];
  private readonly gelFrames: Record<Side, Uint8Array>;
  private drawn = -1;

  constructor(shrink: Shrink = 1) {
    const [width, height] = [WIDTH_PX / shrink, HEIGHT_PX / shrink];
    const pixels = width * height;
    this.colorShape = [height, width, 3];
    this.depthShape = [height, width];
    this.views = CAMERAS.map((camera) => new CameraView(smallerCamera(camera, shrink)));
    this.gels = { left: new GelView('left', shrink), right: new GelView('right', shrink) };
    this.colors = CAMERAS.map(() => new Uint8Array(pixels * 3));
    this.depths = CAMERAS.map(() => new Uint16Array(pixels));
    this.gelFrames = { left: new Uint8Array(pixels * 3), right: new Uint8Array(pixels * 3) };
  }

  draw(plan: EpisodePlan, tick: number): Picture[] {
    const source = (plan.repeats[tick] as number) >= 0 ? (plan.repeats[tick] as number) : tick;
    const pictures: Picture[] = [];
    if (source !== this.drawn) {
      const scene = sceneOfTick(plan, source);
      for (const [i, view] of this.views.entries()) {
        view.render(scene, this.meshes);
        const color = this.colors[i] as Uint8Array;
        const depth = this.depths[i] as Uint16Array;
        color.set(view.color);
        depth.set(view.depth);
        addColorNoise(color, seedFor(plan.seed, `${plan.name}/${i}/${source}`));
        addDepthNoise(depth, seedFor(plan.seed, `${plan.name}/depth${i}/${source}`));
      }
      this.drawn = source;
    }
    for (const i of CAMERAS.keys()) {
      const depth = this.depths[i] as Uint16Array;
      pictures.push(
        { stream: `realsense/cam${i}/color`, shape: this.colorShape, bytes: this.colors[i] as Uint8Array },
        { stream: `realsense/cam${i}/depth`, shape: this.depthShape, bytes: new Uint8Array(depth.buffer) },
      );
    }
    const scene = sceneOfTick(plan, tick);
    const wash = plan.washes.get(tick);
    for (const side of SIDES) {
      this.gels[side].render(contactOf(side, scene));
      const frame = this.gelFrames[side];
      frame.set(this.gels[side].frame);
      if (wash?.side === side) washPink(frame, wash.strength);
      addColorNoise(frame, seedFor(plan.seed, `${plan.name}/gel-${side}/${tick}`));
      pictures.push({ stream: `gelsight/${side}/frames`, shape: this.colorShape, bytes: frame });
    }
    return pictures;
  }
}

/** A few grains of ±6 on every channel of scattered pixels. */
function addColorNoise(frame: Uint8Array, seed: number): void {
  let state = seed | 1;
  const pixels = frame.length / 3;
  for (let i = (pixels * NOISY_SHARE) | 0; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const o = ((state >>> 8) % pixels) * 3;
    const grain = ((state >>> 4) % 13) - 6;
    for (let c = o; c < o + 3; c++) {
      const value = (frame[c] as number) + grain;
      frame[c] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** A millimetre or two of error here and there, and pixels without return. */
function addDepthNoise(frame: Uint16Array, seed: number): void {
  let state = seed | 1;
  for (let i = (frame.length * NOISY_DEPTH_SHARE) | 0; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const at = (state >>> 8) % frame.length;
    const value = frame[at] as number;
    if (value > 8) frame[at] = (state & 0xf0) === 0 ? 0 : value + ((state >>> 5) % 5) - 2;
  }
}
