import { runPlainPython } from '../python.ts';

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

/** What one episode was given, a step a row. */
export interface Written {
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

/** Writes the dataset into a folder of its version that is not there yet; answers its episodes, in their order. */
export function writeForeignTfds(folder: string): Written[] {
  return JSON.parse(runPlainPython(WRITER, folder)) as Written[];
}
