import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { McapWriter } from '@mcap/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { openFileOf, portsFor } from '../../../test/support/source-ports.ts';
import { pictureFacts } from '../common/picture-header.ts';
import type { Hdf5Reader } from '../source.ts';
import { source } from './index.ts';

const SAMPLE = 'sample/pick_place/2026-03-31/episode_000.mcap';
const CAMERA_RULE = /compressed$/;
/** A frame of linked blocks with LZ4's own library, from standard input to standard output. */
const LZ4_FRAME = `
import ctypes, ctypes.util, sys
lz4 = ctypes.CDLL(ctypes.util.find_library('lz4') or 'liblz4.so.1')
lz4.LZ4F_compressFrameBound.restype = lz4.LZ4F_compressFrame.restype = ctypes.c_size_t
data = sys.stdin.buffer.read()
size = lz4.LZ4F_compressFrameBound(ctypes.c_size_t(len(data)), None)
out = ctypes.create_string_buffer(size)
n = lz4.LZ4F_compressFrame(out, ctypes.c_size_t(size), data, ctypes.c_size_t(len(data)), None)
sys.stdout.buffer.write(out.raw[:n])
`;
const hasLz4 = spawnSync('python3', ['-c', LZ4_FRAME], { input: 'probe' }).status === 0;
let root: string;
let sample: Uint8Array;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-mcap-')));
  await source.writeSample?.(path.join(root, 'sample'), await createSampleTools({ seconds: 2 }));
  // Not a Buffer, whose slices share what they are cut from.
  sample = new Uint8Array(readFileSync(path.join(root, SAMPLE)));
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(below: string) {
  const file = openFileOf(root, below);
  const ports = portsFor(root, {} as Hdf5Reader);
  expect(source.mightBe(file)).toBe(true);
  expect(await source.recognizes(file, ports)).toBe(true);
  const opened = await source.open(file, ports);
  expect(JSON.parse(JSON.stringify(opened.episode))).toEqual(opened.episode);
  const found = await source.check?.(file, opened, ports);
  if (!found) throw new Error('the format has a check');
  return { ...opened, found, codes: opened.episode.problems.map(({ code }) => code) };
}
function damaged(name: string, bytes: Uint8Array) {
  writeFileSync(path.join(root, name), bytes);
  return open(name);
}

/** Writes messages of JSON or bytes; `compress` packs the chunks. */
async function written(
  name: string,
  messages: { topic: string; schema: string; encoding?: string; schemaData?: string; seconds: number; data: unknown }[],
  compress?: { name: string; pack: (bytes: Uint8Array) => Uint8Array },
) {
  const parts: Uint8Array[] = [];
  let size = 0;
  const writer = new McapWriter({
    chunkSize: 2000,
    writable: {
      position: () => BigInt(size),
      write: async (bytes) => {
        parts.push(bytes.slice());
        size += bytes.length;
      },
    },
    ...(compress
      ? { compressChunk: (data) => ({ compression: compress.name, compressedData: compress.pack(data) }) }
      : {}),
  });
  await writer.start({ profile: '', library: 'test' });
  const channels = new Map<string, number>();
  for (const { topic, schema, encoding = 'json', schemaData = '{}', seconds, data } of messages) {
    if (!channels.has(topic)) {
      const schemaEncoding = encoding === 'json' ? 'jsonschema' : encoding === 'cdr' ? 'ros2msg' : encoding;
      const schemaId =
        schema === ''
          ? 0
          : await writer.registerSchema({ name: schema, encoding: schemaEncoding, data: Buffer.from(schemaData) });
      const channel = { schemaId, topic, messageEncoding: encoding, metadata: new Map() };
      channels.set(topic, await writer.registerChannel(channel));
    }
    const bytes = data instanceof Uint8Array ? data : Buffer.from(JSON.stringify(data));
    const time = BigInt(Math.round(seconds * 1e9));
    const channelId = channels.get(topic) as number;
    await writer.addMessage({ channelId, sequence: 0, logTime: time, publishTime: time, data: bytes });
  }
  await writer.end();
  writeFileSync(path.join(root, name), Buffer.concat(parts));
  return open(name);
}
const number = (i: number, seconds = 2e9 + i / 10) => ({
  topic: '/n',
  schema: 'a.Number',
  seconds,
  data: { value: i, list: [i, 2 * i] },
});

describe('the sample', () => {
  it('opens with cameras, joints and poses on clocks of their own', async () => {
    const { episode, found, clocks, values, poses, readers, locations } = await open(SAMPLE);
    expect(episode.problems).toEqual([]);
    expect(found.problems.map(({ code, stream }) => [code, stream])).toEqual([['gap', episode.masterClock]]);
    expect(episode).toMatchObject({
      task: 'pick_place',
      date: '2026-03-31',
      name: 'episode_000',
      startUnixSeconds: 1_774_950_000,
    });
    const [stream] = episode.streams;
    if (!stream) throw new Error('there is a camera');
    expect(stream).toMatchObject({ encoding: 'jpeg', width: 320, height: 240, count: 47, fault: null });
    expect(episode.masterClock).toMatch(CAMERA_RULE);
    expect(episode.clocks.find(({ id }) => id === stream.clock)?.name).toContain('header stamps');
    // The log is 8 ms late; the stamps are not.
    // Unix seconds hold a stamp to a quarter of a microsecond.
    const [first, second, third] = clocks.get(stream.clock) ?? [];
    expect([first, second, third].map((ns) => Math.round((ns as number) / 1000))).toEqual([0, 40e3, 80e3]);
    const joints = episode.series.find(({ id }) => id === '/joint_states.position');
    expect(joints).toMatchObject({ count: 200, role: 'state', clock: '/joint_states' });
    expect(joints?.components[7]).toBe('right_joint1');
    const { scene, jpeg } = await createSampleTools({ seconds: 2 });
    expect([...(values.get('/joint_states.position')?.slice(14 * 50, 14 * 51) ?? [])]).toEqual(scene.robot(0.5).joints);
    expect(episode.tracks.map(({ id, side }) => [id, side])).toEqual([
      ['/tool/left', 'left'],
      ['/tool/right', 'right'],
    ]);
    expect([...(poses.get('/tool/right')?.slice(7 * 50, 7 * 51) ?? [])]).toEqual(scene.robot(0.5).tools[1]);
    expect(locations.get(stream.id)).toEqual({ kind: 'reader' });
    const camera = scene.cameras[0] as string;
    for (const index of [0, 20, 3]) {
      const picture = await readers?.get(stream.id)?.read(index);
      expect(picture).toEqual(new Uint8Array(await jpeg(scene.picture(camera, index * 0.04, 320), 320, 240)));
    }
  });

  it('cut off without its index shows what was recorded, and names mcap recover', async () => {
    const { episode, readers } = await damaged('cut.mcap', sample.slice(0, Math.floor(sample.length * 0.6)));
    expect(episode.problems).toMatchObject([
      { severity: 'error', code: 'truncated', message: expect.stringContaining('`mcap recover`') },
    ]);
    const [stream] = episode.streams;
    expect(stream?.count).toBeGreaterThan(10);
    expect(stream?.count).toBeLessThan(40);
    const last = await readers?.get(stream?.id as string)?.read((stream?.count as number) - 1);
    expect(last && pictureFacts(last)).toMatchObject({ width: 320 });
  });

  it('cut off before its first chunk is one sentence', async () => {
    const { episode } = await damaged('stub.mcap', sample.slice(0, 300));
    expect(episode.problems).toMatchObject([
      { code: 'truncated', message: expect.stringContaining('no whole message') },
    ]);
  });

  it('with one chunk that does not fit its checksum keeps the rest', async () => {
    const bytes = sample.slice();
    const at = Math.floor(bytes.length / 2);
    for (let i = 0; i < 16; i++) bytes[at + i] = (bytes[at + i] as number) ^ 0xff;
    const { episode, codes } = await damaged('crc.mcap', bytes);
    expect(codes[0]).toBe('corrupt-chunk');
    expect(episode.problems[0]?.message).toMatch(/^crc\.mcap: the chunk at byte \d+ cannot be read/);
    expect(episode.streams[0]?.count).toBeGreaterThan(20);
  });

  it('that claims to be huge allocates nothing', async () => {
    const bytes = sample.slice();
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    // The first record after the header is a chunk: opcode, length, two times, then the unpacked size.
    const chunkAt = 8 + 9 + Number(view.getBigUint64(9, true));
    expect(bytes[chunkAt]).toBe(6);
    view.setBigUint64(chunkAt + 1, 2n ** 50n, true);
    view.setBigUint64(bytes.length - 28, 16n, true);
    const { episode } = await damaged('huge.mcap', bytes);
    expect(episode.problems).toMatchObject([{ code: 'truncated' }]);
  });
});

describe('messages', () => {
  const besideSupport = createRequire(createRequire(import.meta.url).resolve('@mcap/support'));

  const rows = () => [...Array(200).keys()].map((i) => number(i));

  it('are read from chunks packed by the reference Zstandard', async () => {
    const packer = besideSupport('@foxglove/wasm-zstd') as {
      isLoaded: Promise<unknown>;
      compress(bytes: Uint8Array): Uint8Array;
    };
    await packer.isLoaded;
    const pack = (bytes: Uint8Array) => new Uint8Array(packer.compress(Buffer.from(bytes)));
    const { episode, values } = await written('zstd.mcap', rows(), { name: 'zstd', pack });
    expect(episode.problems).toEqual([]);
    expect([...(values.get('/n.list')?.slice(398) ?? [])]).toEqual([199, 398]);
  });

  it.skipIf(!hasLz4)('are read from chunks packed by liblz4 (skipped where python3 finds none)', async () => {
    const pack = (input: Uint8Array) => new Uint8Array(execFileSync('python3', ['-c', LZ4_FRAME], { input }));
    const { episode, values } = await written('lz4.mcap', rows(), { name: 'lz4', pack });
    expect(episode.problems).toEqual([]);
    expect([...(values.get('/n.list')?.slice(398) ?? [])]).toEqual([199, 398]);
  });

  it('that claim to unpack to more than is read are refused before that', async () => {
    const pack = (bytes: Uint8Array) => bytes;
    await written('bomb.mcap', [number(0)], { name: 'lz4', pack });
    const bytes = readFileSync(path.join(root, 'bomb.mcap'));
    const chunkAt = 17 + Number(bytes.readBigUInt64LE(9));
    bytes.writeBigUInt64LE(2n ** 40n, chunkAt + 9 + 16);
    const { episode } = await damaged('bomb.mcap', bytes);
    expect(episode.problems[0]).toMatchObject({
      message: expect.stringContaining(`claims to unpack to ${2 ** 40} bytes`),
    });
  });

  it('that go back stand in the order of the log; broken ones are counted; strange topics are named', async () => {
    const { episode, codes, found } = await written('mixed.mcap', [
      ...[...Array(20).keys()].map((i) => number(i, 2e9 + (i === 5 ? 9.9 : i / 10))),
      { topic: '/n', schema: 'a.Number', seconds: 2e9 + 3, data: Buffer.from('{') },
      { topic: '/text', schema: 'a.Text', seconds: 2e9, data: { say: 'hello' } },
      { topic: '/ros1', schema: 'std_msgs/String', encoding: 'ros1', seconds: 2e9, data: new Uint8Array(4) },
      { topic: '/lost', schema: '', encoding: 'protobuf', seconds: 2e9, data: new Uint8Array(4) },
    ]);
    expect(codes).toEqual(['bad-message', 'bad-schema']);
    expect(episode.problems[0]?.message).toContain('/n: 1 of its 21 messages cannot be read');
    expect(episode.problems[1]?.message).toContain('/lost is not read, because its schema is missing');
    expect(Object.keys(episode.metadata.topics_not_read as object).sort()).toEqual(['/lost', '/ros1', '/text']);
    expect(found.notes?.join('\n')).toContain('"ros1" are not read');
    expect(found.problems).toMatchObject([{ code: 'gap', stream: '/n' }]);
  });

  it('of video are told in one sentence, and the rest is shown', async () => {
    const { episode, codes } = await written('video.mcap', [
      ...[...Array(4).keys()].map((i) => number(i)),
      { topic: '/cam', schema: 'foxglove.CompressedVideo', seconds: 2e9, data: { format: 'h264', data: 'AAAB' } },
    ]);
    expect(codes).toEqual(['unknown-encoding']);
    expect(episode.problems[0]).toMatchObject({ severity: 'warning', stream: '/cam' });
    expect(episode.problems[0]?.message).toMatch(/^video\.mcap: \/cam is not shown, because it is video in 1 message/);
    expect(episode.series).toHaveLength(2);
    expect(episode.metadata.topics_not_read).toEqual({
      '/cam': 'foxglove.CompressedVideo: video in messages is not shown',
    });
  });

  it('with stamps of their own that go back are told; stamps of another clock are left for the log', async () => {
    const stamped = (topic: string, i: number, seconds: number) => ({
      ...number(i),
      topic,
      data: { timestamp: { sec: Math.floor(seconds), nsec: Math.round((seconds % 1) * 1e9) }, value: i },
    });
    const rows = [...Array(10).keys()];
    const { episode } = await written('stamps.mcap', [
      ...rows.map((i) => stamped('/back', i, 2e9 + (i === 4 ? -3 : i / 10))),
      ...rows.map((i) => stamped('/boot', i, 100 + i / 10)),
    ]);
    expect(episode.problems).toMatchObject([{ code: 'clock-not-ascending', stream: '/back' }]);
    expect(episode.clocks.map(({ name }) => name)).toEqual(['/back (header stamps)', '/boot (log times)']);
  });

  it('of raw pictures are unpadded, and what cannot be shown says so', async () => {
    const raw = (topic: string, encoding: string) => ({
      ...number(0),
      topic,
      schema: 'foxglove.RawImage',
      data: {
        width: 2,
        height: 2,
        step: 8,
        encoding,
        data: Buffer.from([1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12]).toString('base64'),
      },
    });
    const { episode, readers, codes } = await written('raw.mcap', [raw('/bgr', 'bgr8'), raw('/bayer', 'bayer_rggb8')]);
    expect(episode.streams[0]).toMatchObject({ encoding: 'pixels', order: 'bgr', width: 2, height: 2, channels: 3 });
    expect(await readers?.get('/bgr')?.read(0)).toEqual(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
    expect(codes).toEqual(['unknown-encoding']);
    expect(episode.streams[1]?.fault).toContain('bayer_rggb8');
  });

  it('of transforms become a track a frame', async () => {
    const transform = (child: string, x: number) => ({
      header: { stamp: { sec: 2e9 + x, nanosec: 0 }, frame_id: 'base' },
      child_frame_id: child,
      transform: { translation: { x, y: 0, z: 0 }, rotation: { x: 0, y: 0, z: 0, w: 1 } },
    });
    const messages = [0, 1, 2].map((x) => ({
      ...number(0, 2e9 + x),
      topic: '/tf',
      schema: 'tf2_msgs/msg/TFMessage',
      data: { transforms: [transform('left_tool', x), ...(x > 0 ? [transform('lid', x)] : [])] },
    }));
    const { episode, poses } = await written('tf.mcap', messages);
    expect(episode.tracks.map(({ id, name, count }) => [id, name, count])).toEqual([
      ['/tf:left_tool', 'left_tool in base', 3],
      ['/tf:lid', 'lid in base', 2],
    ]);
    expect(poses.get('/tf:lid')?.[7]).toBe(2);
  });
});
