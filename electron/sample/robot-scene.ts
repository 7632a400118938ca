import type { CameraCalibration } from '../../shared/geometry/calibration.ts';
import { aboutAxis, rotate, type Vector3 } from '../../shared/geometry/pose.ts';
import type { SampleScene } from '../sources/sample-tools.ts';
import { armMeshes, placedArm } from './arm.ts';
import { addBox, emptyMesh, type Mesh } from './mesh.ts';
import { GEL_COLORS, roomMesh, tableMesh } from './props.ts';
import { type Placed, Raster } from './raster.ts';
import { cross, dot, type Side, unit } from './rig.ts';
import { BLOCK_MM, type RobotState, robotStory, STORY_SHARES } from './robot-story.ts';

export const ROBOT_CAMERAS = ['front', 'side', 'left_wrist', 'right_wrist'] as const;

const STILL = { position: [0, 0, 0] as Vector3, rotation: [0, 0, 0, 1] as const };
const SHADOW = 0.7;
/** Horizontal field of view, as a focal length for a width of one. */
const FOCAL = { fixed: 0.98, wrist: 0.72 };

/** Two arms at a table, as pictures and as numbers of the same moments. The same seed gives the same scene. */
export function createRobotScene(seed: number, lengthSeconds: number): SampleScene {
  const story = robotStory(seed);
  const shareOf = (seconds: number) => Math.min(1, Math.max(0, seconds / lengthSeconds));
  const meshes = { left: armMeshes(GEL_COLORS.left), right: armMeshes(GEL_COLORS.right), block: blockMesh() };
  const views = new Map<string, FixedView>();
  return {
    cameras: ROBOT_CAMERAS,
    failure: {
      startSeconds: STORY_SHARES.failure * lengthSeconds,
      handoffSeconds: STORY_SHARES.handoff * lengthSeconds,
      recoveredSeconds: STORY_SHARES.recovered * lengthSeconds,
    },
    robot: (seconds) => {
      const { joints, grips, tips } = story(shareOf(seconds));
      const tool = ({ at, turn }: RobotState['tips']['left']) => [...at.map((value) => value / 1000), ...turn];
      return {
        joints: [...joints.left, ...joints.right],
        grippers: [grips.left, grips.right],
        tools: [tool(tips.left), tool(tips.right)],
      };
    },
    picture: (camera, seconds, widthPx) => {
      if (widthPx % 4 !== 0 || widthPx < 16)
        throw new Error(`A picture is a multiple of 4 pixels wide, not ${widthPx}.`);
      const state = story(shareOf(seconds));
      const moving: Placed[] = [
        { mesh: meshes.block, position: state.block.at, rotation: state.block.turn },
        ...placedArm('left', state.joints.left, state.grips.left, meshes.left),
        ...placedArm('right', state.joints.right, state.grips.right, meshes.right),
      ];
      if (camera === 'left_wrist' || camera === 'right_wrist') {
        const side = camera === 'left_wrist' ? 'left' : 'right';
        return new FixedView(wristCamera(state, side, widthPx)).picture(moving);
      }
      const key = `${camera} ${widthPx}`;
      const view = views.get(key) ?? new FixedView(fixedCamera(camera, widthPx));
      views.set(key, view);
      return view.picture(moving);
    },
  };
}

/** Draws the room once, and what moves at every picture. */
class FixedView {
  private readonly raster: Raster;
  private readonly ground: Uint32Array;
  private readonly nearness: Float32Array;
  private readonly shaded: Uint32Array;

  constructor(camera: CameraCalibration) {
    this.raster = new Raster(camera);
    this.raster.draw({ mesh: roomMesh(), ...STILL });
    const behind = this.raster.color.slice();
    this.raster.draw({ mesh: tableMesh(), ...STILL });
    this.raster.draw({ mesh: padMesh(), ...STILL });
    this.ground = this.raster.color.slice();
    this.nearness = this.raster.nearness.slice();
    this.shaded = this.ground.map((color, i) => (color === behind[i] ? color : darkened(color)));
  }

  /** Interleaved RGB, rows top to bottom. */
  picture(moving: readonly Placed[]): Uint8Array {
    const { raster } = this;
    raster.color.set(this.ground);
    raster.nearness.set(this.nearness);
    for (const object of moving) raster.castShadow(object, this.shaded);
    for (const object of moving) raster.draw(object);
    return halved(raster);
  }
}

/** Four fine pixels to one. */
function halved({ color, fineWidth, fineHeight }: Raster): Uint8Array {
  const rgb = new Uint8Array((fineWidth * fineHeight * 3) / 4);
  let o = 0;
  for (let y = 0; y < fineHeight; y += 2) {
    for (let x = 0, a = y * fineWidth; x < fineWidth; x += 2, a += 2, o += 3) {
      const [p, q] = [color[a]!, color[a + 1]!];
      const [r, s] = [color[a + fineWidth]!, color[a + fineWidth + 1]!];
      rgb[o] = ((p >>> 16) + (q >>> 16) + (r >>> 16) + (s >>> 16) + 2) >> 2;
      rgb[o + 1] = (((p >>> 8) & 255) + ((q >>> 8) & 255) + ((r >>> 8) & 255) + ((s >>> 8) & 255) + 2) >> 2;
      rgb[o + 2] = ((p & 255) + (q & 255) + (r & 255) + (s & 255) + 2) >> 2;
    }
  }
  return rgb;
}

function fixedCamera(camera: string, width: number): CameraCalibration {
  if (camera === 'front') return lookingFrom([30, 590, 800], [10, 130, -60], [0, 1, 0], width, FOCAL.fixed);
  if (camera === 'side') return lookingFrom([-760, 560, 470], [-20, 130, -40], [0, 1, 0], width, FOCAL.fixed);
  throw new Error(`The scene has no camera "${camera}": it has ${ROBOT_CAMERAS.join(', ')}.`);
}

/** On the hand, looking at its own fingers. */
function wristCamera(state: RobotState, side: Side, width: number): CameraCalibration {
  const { at, turn } = state.tips[side];
  const from = rotate(turn, [-96, 74, 0]);
  const up = rotate(turn, [0, 1, 0]);
  return lookingFrom([at[0] + from[0], at[1] + from[1], at[2] + from[2]], at, up, width, FOCAL.wrist);
}

function lookingFrom(from: Vector3, to: Vector3, up: Vector3, width: number, focal: number): CameraCalibration {
  const forward = unit([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
  const right = unit(cross(forward, up));
  const down = cross(forward, right);
  const height = (width * 3) / 4;
  return {
    ...{ position: 'middle', serial: '', stream: null, upAxis: 'y', rmse: null, createdAt: null },
    mocapToCamera: [...[right, down, forward].flatMap((axis) => [...axis, -dot(axis, from)]), 0, 0, 0, 1],
    ...{ fx: focal * width, fy: focal * width, ppx: (width - 1) / 2, ppy: (height - 1) / 2, width, height },
  };
}

function blockMesh(): Mesh {
  const block = emptyMesh();
  addBox(block, [0, 0, 0], BLOCK_MM, [206, 66, 58], { bevel: 4, top: [222, 84, 72] });
  addBox(block, [18, BLOCK_MM[1] / 2 + 3, 0], [20, 6, 20], [240, 232, 214]);
  return block;
}

function padMesh(): Mesh {
  const pad = emptyMesh();
  const turn = { rotation: aboutAxis([0, 1, 0], -0.1) };
  addBox(pad, [102, 4, -57], [118, 8, 78], [58, 112, 196], { ...turn, bevel: 4 });
  addBox(pad, [102, 8.6, -57], [84, 1, 50], [236, 240, 244], turn);
  return pad;
}

function darkened(color: number): number {
  const shade = (value: number) => Math.round((value & 255) * SHADOW);
  return (shade(color) | (shade(color >>> 8) << 8) | (shade(color >>> 16) << 16)) >>> 0;
}
