import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { parse } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { McapWriter } from '@mcap/core';
import protobuf from 'protobufjs';
import type { SampleTools } from '../sample-tools.ts';
import { descriptorsOf } from './protobuf-schema.ts';

const START_NS = 1_774_950_000_000_000_000n;
const NS_PER_MS = 1_000_000n;
const CAMERA_PERIOD_MS = 40;
const STATE_PERIOD_MS = 10;
const WIDTH_PX = 320;
const CHUNK_BYTES = 256 * 1024;
const JOINT_STATE = `std_msgs/Header header
string[] name
float64[] position
float64[] velocity
float64[] effort
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
`;
/** As Foxglove defines them, without the comments. */
const FOXGLOVE = `syntax = "proto3";
package foxglove;
message Time { int64 seconds = 1; int32 nanos = 2; }
message Vector3 { double x = 1; double y = 2; double z = 3; }
message Quaternion { double x = 1; double y = 2; double z = 3; double w = 4; }
message Pose { Vector3 position = 1; Quaternion orientation = 2; }
message CompressedImage { Time timestamp = 1; bytes data = 2; string format = 3; string frame_id = 4; }
message PoseInFrame { Time timestamp = 1; string frame_id = 2; Pose pose = 3; }
`;

/**
 * `pick_place/2026-03-31/episode_000.mcap`: a camera of JPEG, joint states in ROS 2's CDR and two tool poses in Protobuf,
 * each at its own rate and a little late in the log. For a moment the camera lost frames, as they do.
 */
export async function writeMcapSample(directory: string, tools: SampleTools): Promise<void> {
  const folder = path.join(directory, 'pick_place', '2026-03-31');
  await mkdir(folder, { recursive: true });
  const file = await open(path.join(folder, 'episode_000.mcap'), 'w');
  try {
    let position = 0n;
    const writable = {
      position: () => position,
      write: async (bytes: Uint8Array) => {
        await file.write(bytes);
        position += BigInt(bytes.byteLength);
      },
    };
    const writer = new McapWriter({ writable, chunkSize: CHUNK_BYTES });
    await writer.start({ profile: '', library: 'regrasp' });
    await writeMessages(writer, tools);
    await writer.end();
  } finally {
    await file.close();
  }
  tools.onProgress?.(1, 'Done');
}

async function writeMessages(writer: McapWriter, tools: SampleTools): Promise<void> {
  const { root } = protobuf.parse(FOXGLOVE, { keepCase: true });
  const set = descriptorsOf(root);
  const channel = async (topic: string, name: string, messageEncoding: 'cdr' | 'protobuf') => {
    const isRos = messageEncoding === 'cdr';
    const data = isRos ? new TextEncoder().encode(JOINT_STATE) : set;
    const schemaId = await writer.registerSchema({ name, encoding: isRos ? 'ros2msg' : 'protobuf', data });
    return writer.registerChannel({ schemaId, topic, messageEncoding, metadata: new Map() });
  };
  const joints = await channel('/joint_states', 'sensor_msgs/msg/JointState', 'cdr');
  const camera = await channel(`/camera/${tools.scene.cameras[0]}/compressed`, 'foxglove.CompressedImage', 'protobuf');
  const tool = {
    left: await channel('/tool/left', 'foxglove.PoseInFrame', 'protobuf'),
    right: await channel('/tool/right', 'foxglove.PoseInFrame', 'protobuf'),
  };
  const cdr = new MessageWriter(parse(JOINT_STATE, { ros2: true }));
  const image = root.lookupType('foxglove.CompressedImage');
  const pose = root.lookupType('foxglove.PoseInFrame');
  const names = ['left', 'right'].flatMap((side) => Array.from({ length: 7 }, (_, i) => `${side}_joint${i + 1}`));
  const lengthMs = Math.round(tools.seconds * 1000);
  const isLost = (ms: number) => ms > lengthMs * 0.6 && ms < lengthMs * 0.6 + 4 * CAMERA_PERIOD_MS;
  let sequence = 0;
  const add = (channelId: number, ms: number, lateMs: number, data: Uint8Array) => {
    const publishTime = START_NS + BigInt(ms) * NS_PER_MS;
    const logTime = publishTime + BigInt(lateMs) * NS_PER_MS;
    return writer.addMessage({ channelId, sequence: sequence++, publishTime, logTime, data });
  };
  for (let ms = 0; ms < lengthMs; ms += STATE_PERIOD_MS) {
    tools.signal?.throwIfAborted();
    const ns = START_NS + BigInt(ms) * NS_PER_MS;
    const seconds = Number(ns / 1_000_000_000n);
    const rest = Number(ns % 1_000_000_000n);
    const robot = tools.scene.robot(ms / 1000);
    const before = tools.scene.robot(Math.max(0, ms - STATE_PERIOD_MS) / 1000).joints;
    const velocity = robot.joints.map((value, i) => ((value - (before[i] as number)) * 1000) / STATE_PERIOD_MS);
    const header = { stamp: { sec: seconds, nanosec: rest }, frame_id: 'base' };
    await add(joints, ms, 2, cdr.writeMessage({ header, name: names, position: robot.joints, velocity, effort: [] }));
    const timestamp = { seconds, nanos: rest };
    for (const [side, values] of [
      ['left', robot.tools[0]],
      ['right', robot.tools[1]],
    ] as const) {
      const [x, y, z, qx, qy, qz, qw] = values;
      const position = { position: { x, y, z }, orientation: { x: qx, y: qy, z: qz, w: qw } };
      await add(tool[side], ms, 1, pose.encode({ timestamp, frame_id: 'base', pose: position }).finish());
    }
    if (ms % CAMERA_PERIOD_MS !== 0 || isLost(ms)) continue;
    const picture = tools.scene.picture(tools.scene.cameras[0] as string, ms / 1000, WIDTH_PX);
    const data = await tools.jpeg(picture, WIDTH_PX, (WIDTH_PX * 3) / 4);
    await add(camera, ms, 8, image.encode({ timestamp, data, format: 'jpeg', frame_id: 'camera' }).finish());
    tools.onProgress?.(ms / lengthMs, 'Recording episode_000');
  }
}
