import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileOf, portsFor } from '../../../test/support/source-ports.ts';
import { eulerOfQuaternion } from '../common/euler.ts';
import type { Hdf5Reader } from '../source.ts';
import { source } from './index.ts';

const python = ['python3', '/usr/bin/python3'].find((each) => spawnSync(each, ['-c', 'import struct']).status === 0);

/**
 * A dataset in the way that TFDS lays it out, by Python's standard library alone, nothing shared with what reads it: lists
 * packed and not, values before their keys, integers below zero, arrays as bytes, a feature of different lengths a step.
 * Prints what it wrote as JSON.
 */
const WRITER = `
import json, os, struct, sys, zlib
folder = sys.argv[1]
os.makedirs(folder)

table = []
for n in range(256):
    for _ in range(8):
        n = (n >> 1) ^ 0x82F63B78 if n & 1 else n >> 1
    table.append(n)
def masked(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF

def varint(n):
    n &= (1 << 64) - 1
    out = b''
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])
def field(number, data): return varint(number << 3 | 2) + varint(len(data)) + data
def blobs(items): return field(1, b''.join(field(1, item) for item in items))
def floats(items): return field(2, field(1, struct.pack('<%df' % len(items), *items)))
def floats_unpacked(items): return field(2, b''.join(b'\\x0d' + struct.pack('<f', x) for x in items))
def ints(items): return field(3, field(1, b''.join(map(varint, items))))
def ints_unpacked(items): return field(3, b''.join(b'\\x08' + varint(x) for x in items))
def example(features, backwards=False):
    entries = []
    for key, value in features.items():
        parts = [field(1, key.encode()), field(2, value)]
        entries.append(field(1, b''.join(reversed(parts) if backwards else parts)))
    return field(1, b''.join(entries))
def record(data):
    length = struct.pack('<Q', len(data))
    return length + struct.pack('<I', masked(length)) + data + struct.pack('<I', masked(data))

def png(width, height, depth, colour, rows):
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    head = struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, 0)
    raw = b''.join(b'\\0' + row for row in rows)
    return b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(raw)) + chunk(b'IEND', b'')

W, H = 16, 12
def colour(e, t): return [bytes((10 * e + t + x + c) % 256 for x in range(W) for c in (0, 80, 160)) for y in range(H)]
def depth(e, t): return [b''.join(struct.pack('>H', 1000 * e + 100 * t + 20 * y + x) for x in range(W)) for y in range(H)]
def raw(e, t): return bytes((e + 3 * t + y * W + x) % 251 for y in range(H) for x in range(W))

def episode(e, steps):
    T = range(steps)
    instruction = ['go left' if t < steps // 2 else 'go right \\u2192'  for t in T]
    state = [[e + t / 8, -t, 1e-3 * t] for t in T]
    precise = [[t / 3, -t / 7] for t in T]
    poses = [[0.5, t / 8, 0.25, 3.0, -0.5, t / 4] for t in T]
    counts = [[-t * 1000003, 2 ** 40 + t] for t in T]
    return {
        'state': state, 'precise': precise, 'counts': counts, 'instruction': instruction,
        'poses': poses, 'reward': [t / 4 for t in T],
        'colour': [[list(row) for row in colour(e, t)] for t in T],
        'depth': [[[1000 * e + 100 * t + 20 * y + x for x in range(W)] for y in range(H)] for t in T],
        'raw': [list(raw(e, t)) for t in T],
    }, example({
        'episode_metadata/file_path': blobs([('/lab/%s/2024/traj.h5' % ('success' if e % 2 else 'failure')).encode()]),
        'episode_metadata/weight': floats([0.25 * e]),
        'episode_metadata/seed': ints([-e]),
        'steps/is_first': ints([int(t == 0) for t in T]),
        'steps/is_last': ints_unpacked([int(t == steps - 1) for t in T]),
        'steps/reward': floats_unpacked([t / 4 for t in T]),
        'steps/observation/state': floats(sum(state, [])),
        'steps/observation/precise': blobs([struct.pack('<2d', *row) for row in precise]),
        'steps/observation/packed': blobs([zlib.compress(struct.pack('<2d', *row)) for row in precise]),
        'steps/observation/cartesian_position': floats(sum(poses, [])),
        'steps/observation/counts': ints(sum(counts, [])),
        'steps/observation/rgb': blobs([png(W, H, 8, 2, colour(e, t)) for t in T]),
        'steps/observation/depth': blobs([png(W, H, 16, 0, depth(e, t)) for t in T]),
        'steps/observation/touch': blobs([zlib.compress(raw(e, t)) for t in T]),
        'steps/observation/points/ragged_flat_values': floats([0.0] * 3 * steps),
        'steps/observation/points/ragged_row_lengths_0': ints([3] * steps),
        'steps/language_embedding': floats([0.5] * 512 * steps),
        'steps/language_instruction': blobs([text.encode() for text in instruction]),
        'steps/note': blobs([b'same'] * steps),
    }, backwards=e % 2 == 1)

CORE = 'tensorflow_datasets.core.features.'
def d(**features): return {'pythonClassName': CORE + 'features_dict.FeaturesDict', 'featuresDict': {'features': features}}
def tensor(dtype, *dims, encoding='none'):
    return {'pythonClassName': CORE + 'tensor_feature.Tensor', 'tensor': {'shape': {'dimensions': [str(x) for x in dims]} if dims else {}, 'dtype': dtype, 'encoding': encoding}}
def image(dtype, *dims): return {'pythonClassName': CORE + 'image_feature.Image', 'image': {'shape': {'dimensions': [str(x) for x in dims]}, 'dtype': dtype, 'encodingFormat': 'png'}}
text = {'pythonClassName': CORE + 'text_feature.Text', 'text': {}}
def sequence(name, feature): return {'pythonClassName': CORE + name, 'sequence': {'feature': feature, 'length': '-1'}}
features = d(
    episode_metadata=d(file_path=text, weight=tensor('float32'), seed=tensor('int64')),
    steps=sequence('dataset_feature.Dataset', d(
        is_first=tensor('bool'), is_last=tensor('bool'), reward=tensor('float32'),
        language_embedding=tensor('float32', 512), language_instruction=text, note=text,
        observation=d(
            state=tensor('float32', 3), precise=tensor('float64', 2, encoding='bytes'),
            packed=tensor('float64', 2, encoding='zlib'), counts=tensor('int64', 2), cartesian_position=tensor('float32', 6),
            rgb=image('uint8', H, W, 3), depth=image('uint16', H, W, 1),
            touch=tensor('uint8', H, W, encoding='zlib'),
            points=sequence('sequence_feature.Sequence', tensor('float32'))))))
lengths = [[3, 2], [1]]
told, written = [], 0
for split, shards in zip(['train', 'test'], lengths):
    for shard, count in enumerate(shards):
        name = 'foreign_rig-%s.tfrecord-%05d-of-%05d' % (split, shard, len(shards))
        with open(os.path.join(folder, name), 'wb') as file:
            for _ in range(count):
                values, data = episode(written, 4 + written)
                told.append(values)
                file.write(record(data))
                written += 1
json.dump(features, open(os.path.join(folder, 'features.json'), 'w'))
json.dump({'name': 'foreign_rig', 'version': '2.1.0', 'fileFormat': 'tfrecord', 'moduleName': 'x.y', 'splits': [
    {'name': split, 'numBytes': '0', 'shardLengths': [str(n) for n in shards]}
    for split, shards in zip(['train', 'test'], lengths)]}, open(os.path.join(folder, 'dataset_info.json'), 'w'))
json.dump(told, sys.stdout)
`;

interface Written {
  state: number[][];
  precise: number[][];
  counts: number[][];
  poses: number[][];
  reward: number[];
  instruction: string[];
  colour: number[][][];
  depth: number[][][];
  raw: number[][];
}

describe.skipIf(!python)('a dataset that Python wrote (skipped where there is no python3)', () => {
  const ANCHOR = 'foreign_rig/2.1.0/dataset_info.json';
  let root: string;
  let told: Written[];
  beforeAll(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-rlds-foreign-')));
    const run = spawnSync(python as string, ['-', path.join(root, path.dirname(ANCHOR))], {
      input: WRITER,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (run.status !== 0) throw new Error(run.stderr);
    told = JSON.parse(run.stdout);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const INNERS = ['train_000000', 'train_000001', 'train_000002', 'train_000003', 'train_000004', 'test_000000'];

  it('lists every episode with its steps, outcome and instruction', async () => {
    const file = openFileOf(root, ANCHOR);
    const ports = portsFor(root, {} as Hdf5Reader);
    expect(await source.recognizes(file, ports)).toBe(true);
    const listed = await source.recordings?.(file, ports);
    expect(
      listed?.map(({ inner, ticks, outcome, instruction, complete }) => [inner, ticks, outcome, instruction, complete]),
    ).toEqual(INNERS.map((inner, e) => [inner, 4 + e, e % 2 ? 'success' : 'failure', 'go left', true]));
  });

  it.each(INNERS.map((inner, e) => [inner, e] as const))(
    'gives every value of %s as it was written',
    async (inner, e) => {
      const file = openFileOf(root, ANCHOR, inner);
      const ports = portsFor(root, {} as Hdf5Reader);
      const opened = await source.open(file, ports);
      const { episode, values, readers, poses } = opened;
      const found = await source.check?.(file, opened, ports);
      expect([...episode.problems, ...(found?.problems ?? [])]).toEqual([]);
      const written = told[e] as Written;
      const steps = 4 + e;
      expect(episode.clocks).toMatchObject([{ count: steps }]);
      expect(episode.properties).toMatchObject({ weight: 0.25 * e, seed: 0 - e, split: inner.split('_')[0] });
      const numbers = (id: string) => [...(values.get(id) ?? [])];
      expect(numbers('observation/state')).toEqual(written.state.flat().map(Math.fround));
      expect(numbers('observation/precise')).toEqual(written.precise.flat());
      expect(numbers('observation/packed')).toEqual(written.precise.flat());
      expect(numbers('observation/counts')).toEqual(written.counts.flat());
      expect(numbers('reward')).toEqual(written.reward);
      expect(episode.tracks).toMatchObject([
        { id: 'observation/cartesian_position', name: 'End effector', count: steps },
      ]);
      for (const [step, [x, y, z, ...angles]] of written.poses.entries()) {
        const pose = poses.get('observation/cartesian_position')?.subarray(7 * step, 7 * step + 7) ?? [];
        expect([...pose].slice(0, 3)).toEqual([x, y, z]);
        const turned = eulerOfQuaternion(...([...pose].slice(3) as [number, number, number, number]));
        turned.forEach((angle, axis) => {
          expect(angle).toBeCloseTo(angles[axis] as number, 6);
        });
      }
      expect(episode.marks.filter(({ kind }) => kind === 'task').map(({ text }) => text)).toEqual([
        'go left',
        'go right →',
      ]);
      expect(episode.metadata.note).toBe('same');
      expect(Object.keys(episode.metadata.not_shown as object)).toEqual(['language_embedding', 'observation/points']);
      expect(
        episode.streams.map(({ id, kind, encoding, dtype, channels }) => [id, kind, encoding, dtype, channels]),
      ).toEqual([
        ['observation/rgb', 'color', 'png', 'uint8', 3],
        ['observation/depth', 'depth', 'png', 'uint16', 1],
        ['observation/touch', 'color', 'pixels', 'uint8', 1],
      ]);
      for (let step = 0; step < steps; step++) {
        const sample = async (id: string) => (await readers?.get(id)?.read(step)) as Uint8Array;
        expect([...decode(await sample('observation/rgb')).data]).toEqual(written.colour[step]?.flat());
        expect([...decode(await sample('observation/depth')).data]).toEqual(written.depth[step]?.flat());
        expect([...(await sample('observation/touch'))]).toEqual(written.raw[step]);
      }
    },
  );
});
