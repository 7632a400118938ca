import { type Decoded, isObject, numberOf, numbersOf } from './decode.ts';

export type Kind = 'compressed-image' | 'raw-image' | 'compressed-video' | 'joints' | 'pose' | 'transforms' | 'numbers';

const KINDS: Readonly<Record<string, Kind>> = {
  'foxglove.CompressedImage': 'compressed-image',
  'sensor_msgs/CompressedImage': 'compressed-image',
  'foxglove.CompressedVideo': 'compressed-video',
  'foxglove.RawImage': 'raw-image',
  'sensor_msgs/Image': 'raw-image',
  'sensor_msgs/JointState': 'joints',
  'geometry_msgs/PoseStamped': 'pose',
  'nav_msgs/Odometry': 'pose',
  'foxglove.PoseInFrame': 'pose',
  'foxglove.FrameTransform': 'transforms',
  'foxglove.FrameTransforms': 'transforms',
  'geometry_msgs/TransformStamped': 'transforms',
  'tf2_msgs/TFMessage': 'transforms',
};
/** Foxglove's Protobuf and FlatBuffer names have the package in front, with a point; ROS 2 its "msg" in the middle. */
export function kindOf(schemaName: string): Kind {
  return KINDS[schemaName.replace('/msg/', '/').replace(/^foxglove_msgs\//, 'foxglove.')] ?? 'numbers';
}

export interface Pose {
  /** Of a transform: the frame that moves, and the one it moves in. */
  child: string;
  parent: string;
  /** x y z qx qy qz qw, metres. */
  values: number[];
  message: Decoded;
}

/** Every pose in a message. Throws where one lacks its numbers. */
export function posesIn(kind: 'pose' | 'transforms', message: Decoded): Pose[] {
  if (kind === 'pose') {
    const outer = message.pose;
    const pose = isObject(outer) && isObject(outer.pose) ? outer.pose : outer;
    const parent = textOf((isObject(message.header) ? message.header : message).frame_id);
    const { position, orientation } = isObject(pose) ? pose : {};
    return [{ child: '', parent, values: numbersOfPose(position, orientation), message }];
  }
  const list = Array.isArray(message.transforms) ? message.transforms : [message];
  return list.map((item: unknown) => {
    if (!isObject(item)) throw new Error('a transform is no message');
    const { translation, rotation } = isObject(item.transform) ? item.transform : item;
    const parent = isObject(item.header) ? item.header.frame_id : item.parent_frame_id;
    const values = numbersOfPose(translation, rotation);
    return { child: textOf(item.child_frame_id), parent: textOf(parent), values, message: item };
  });
}

function numbersOfPose(position: unknown, rotation: unknown): number[] {
  if (!isObject(position) || !isObject(rotation)) throw new Error('a pose lacks its position or orientation');
  const { x, y, z } = position;
  const values = [x, y, z, rotation.x, rotation.y, rotation.z, rotation.w].map(numberOf);
  if (values.some(Number.isNaN)) throw new Error('a pose holds values that are no finite numbers');
  return values;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Numbers of one message by what they belong to: each with the names of its columns. */
export type Numbers = Map<string, Map<string, number>>;

/** position, velocity and effort by the joints' names. */
export function jointsIn(message: Decoded): Numbers {
  const names = Array.isArray(message.name) ? message.name.map(String) : [];
  const found: Numbers = new Map();
  for (const what of ['position', 'velocity', 'effort']) {
    const numbers = numbersOf(message[what]);
    if (!numbers || numbers.length === 0) continue;
    if (names.length > 0 && numbers.length !== names.length) {
      throw new Error(`${numbers.length} values of ${what} for ${names.length} joints`);
    }
    found.set(what, new Map(numbers.map((value, i) => [names[i] ?? String(i), value])));
  }
  if (found.size === 0) throw new Error('no joint has a value');
  return found;
}

const NO_NUMBERS = new Set(['header', 'timestamp', 'stamp', 'layout']);
const MAX_DEPTH = 4;

/** Numbers of any other message: an array is a group of its own, single numbers stand together. Without any: empty. */
export function numbersIn(message: Decoded): Numbers {
  const found: Numbers = new Map();
  const visit = (value: Decoded, keys: string[]) => {
    for (const [key, child] of Object.entries(value)) {
      if (NO_NUMBERS.has(key)) continue;
      const path = [...keys, key];
      const list = numbersOf(child);
      if (list && list.length > 0) found.set(path.join('.'), new Map(list.map((item, i) => [String(i), item])));
      else if (typeof child === 'number' || typeof child === 'bigint' || typeof child === 'boolean') {
        const group = keys.join('.');
        const columns = found.get(group) ?? new Map<string, number>();
        found.set(group, columns.set(key, numberOf(child)));
      } else if (isObject(child) && path.length < MAX_DEPTH) visit(child, path);
    }
  };
  visit(message, []);
  return found;
}
