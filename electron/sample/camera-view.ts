import type { CameraCalibration } from '../../shared/geometry/calibration.ts';
import type { Vector3 } from '../../shared/geometry/pose.ts';
import type { SceneState } from './choreography.ts';
import type { Mesh } from './mesh.ts';
import { fixtureMesh, pieceMesh, roomMesh, sensorMesh, tableMesh } from './props.ts';
import { type Placed, Raster } from './raster.ts';
import { pieceCenter, pieceRotation } from './rig.ts';

const STILL = { position: [0, 0, 0] as Vector3, rotation: [0, 0, 0, 1] as const };
/** How much light reaches a shadow. */
const SHADOW = 0.66;
/** A pixel whose subpixels lie this far apart (as a ratio) shows an edge: the depth camera returns nothing there. */
const EDGE_RATIO = 1.04;
const FARTHEST_MM = 1300;
/** Stereo depth comes in steps of disparity, which are coarser the farther away: mm² a step. */
const DEPTH_STEP_MM2 = 200_000;

export interface MovingMeshes {
  piece: Mesh;
  left: Mesh;
  right: Mesh;
}

export function movingMeshes(): MovingMeshes {
  return { piece: pieceMesh(), left: sensorMesh('left'), right: sensorMesh('right') };
}

/** One camera: draws the room once and, every tick, only what moves. */
export class CameraView {
  /** Height × width × 3 bytes, blue first, without noise. */
  readonly color: Uint8Array;
  /** Height × width millimetres, 0 = no return. */
  readonly depth: Uint16Array;
  private readonly raster: Raster;
  private readonly ground: Uint32Array;
  private readonly groundNearness: Float32Array;
  private readonly shaded: Uint32Array;
  private readonly groundColor: Uint8Array;
  private readonly groundDepth: Uint16Array;
  private readonly width: number;

  constructor(camera: CameraCalibration) {
    this.width = camera.width;
    const pixels = camera.width * camera.height;
    this.color = new Uint8Array(pixels * 3);
    this.depth = new Uint16Array(pixels);
    this.raster = new Raster(camera);
    this.raster.draw({ mesh: roomMesh(), ...STILL });
    // Only the table takes shadows: what lies behind it is already drawn and kept out of `shaded`.
    const behind = this.raster.color.slice();
    this.raster.draw({ mesh: tableMesh(), ...STILL });
    this.shaded = this.raster.color.map((color, i) => (color === behind[i] ? color : darkened(color)));
    const fixtures = { mesh: fixtureMesh(), ...STILL };
    this.raster.castShadow(fixtures, this.shaded);
    const beforeFixtures = this.raster.color.slice();
    this.raster.draw(fixtures);
    for (let i = 0; i < this.shaded.length; i++) {
      if (this.raster.color[i] !== beforeFixtures[i]) this.shaded[i] = this.raster.color[i]!;
    }
    this.ground = this.raster.color.slice();
    this.groundNearness = this.raster.nearness.slice();
    this.raster.touched.first.fill(0);
    this.raster.touched.last.fill(this.raster.fineWidth - 1);
    this.averageTouched();
    this.groundColor = this.color.slice();
    this.groundDepth = this.depth.slice();
    this.raster.clearTouched();
  }

  /** Draws the moment into `color` and `depth`. */
  render(state: SceneState, meshes: MovingMeshes): void {
    this.restoreGround();
    const objects: Placed[] = [
      { mesh: meshes.piece, position: pieceCenter(state.piece), rotation: pieceRotation(state.piece) },
      { mesh: meshes.left, position: state.hands.left.gelCenter, rotation: state.hands.left.tool },
      { mesh: meshes.right, position: state.hands.right.gelCenter, rotation: state.hands.right.tool },
    ];
    for (const object of objects) this.raster.castShadow(object, this.shaded);
    for (const object of objects) this.raster.draw(object);
    this.averageTouched();
  }

  private restoreGround(): void {
    const { raster, width } = this;
    const { first, last } = raster.touched;
    for (let y = 0; y < raster.fineHeight; y++) {
      if (last[y]! < first[y]!) continue;
      const from = y * raster.fineWidth + first[y]!;
      const to = y * raster.fineWidth + last[y]! + 1;
      raster.color.set(this.ground.subarray(from, to), from);
      raster.nearness.set(this.groundNearness.subarray(from, to), from);
      const row = (y >> 1) * width;
      const [left, right] = [row + (first[y]! >> 1), row + (last[y]! >> 1) + 1];
      this.color.set(this.groundColor.subarray(left * 3, right * 3), left * 3);
      const [blockLeft, blockRight] = [(first[y]! >> 2) << 1, ((last[y]! >> 2) << 1) + 2];
      for (let line = (y >> 2) * 2; line < (y >> 2) * 2 + 2; line++) {
        const at = line * width;
        this.depth.set(this.groundDepth.subarray(at + blockLeft, at + blockRight), at + blockLeft);
      }
    }
    raster.clearTouched();
  }

  private averageTouched(): void {
    const { raster, width, color, depth } = this;
    const { first, last } = raster.touched;
    const fine = raster.color;
    const near = raster.nearness;
    for (let y = 0; y < raster.fineHeight; y += 2) {
      // Whole blocks of 2 × 2 pixels, which are 4 × 4 fine ones.
      const block = y & ~3;
      const from = (Math.min(first[block]!, first[block + 1]!, first[block + 2]!, first[block + 3]!) >> 2) << 1;
      const to = ((Math.max(last[block]!, last[block + 1]!, last[block + 2]!, last[block + 3]!) >> 2) << 1) + 1;
      if (to < from + 1) continue;
      let pixel = (y >> 1) * width + from;
      let a = y * raster.fineWidth + 2 * from;
      let b = a + raster.fineWidth;
      for (let x = from; x <= to; x++, pixel++, a += 2, b += 2) {
        const p = fine[a]!;
        const q = fine[a + 1]!;
        const r = fine[b]!;
        const s = fine[b + 1]!;
        const o = pixel * 3;
        if (p === q && p === r && p === s) {
          color[o] = p & 255;
          color[o + 1] = (p >>> 8) & 255;
          color[o + 2] = p >>> 16;
        } else {
          color[o] = ((p & 255) + (q & 255) + (r & 255) + (s & 255) + 2) >> 2;
          color[o + 1] = (((p >>> 8) & 255) + ((q >>> 8) & 255) + ((r >>> 8) & 255) + ((s >>> 8) & 255) + 2) >> 2;
          color[o + 2] = ((p >>> 16) + (q >>> 16) + (r >>> 16) + (s >>> 16) + 2) >> 2;
        }
        // One measurement for a block of 2 × 2 pixels, as stereo matching gives; written by its last pixel.
        if ((y & 2) === 0 || (x & 1) === 0) continue;
        const n = near[a - 2]!;
        const m = near[b + 1 - 2 * raster.fineWidth]!;
        const edge = n > m * EDGE_RATIO || m > n * EDGE_RATIO;
        const mm = n > 0 ? 1 / n : 0;
        const value = edge || mm > FARTHEST_MM ? 0 : DEPTH_STEP_MM2 / Math.round(DEPTH_STEP_MM2 * n) + 0.5;
        depth[pixel] = value;
        depth[pixel - 1] = value;
        depth[pixel - width] = value;
        depth[pixel - width - 1] = value;
      }
    }
  }
}

function darkened(color: number): number {
  const shade = (value: number) => Math.round((value & 255) * SHADOW);
  return (shade(color) | (shade(color >>> 8) << 8) | (shade(color >>> 16) << 16)) >>> 0;
}
