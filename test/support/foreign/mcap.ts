import { runPlainPython } from '../python.ts';

/**
 * Recordings as ROS 2 writes them, by Python's standard library alone, nothing shared with what reads them: the records of
 * MCAP and the CDR of the messages are put together here. `write(path, …)` takes how the data are chunked and packed, and
 * whether there is a summary.
 */
const WRITER = `
import os, struct, sys, zlib
folder, only = sys.argv[1:]
MAGIC = b'\\x89MCAP0\\r\\n'
T0 = 1700000000

def text(s): s = s.encode(); return struct.pack('<I', len(s)) + s
def record(opcode, body): return struct.pack('<BQ', opcode, len(body)) + body
def schema(id, name, definition): return record(3, struct.pack('<H', id) + text(name) + text('ros2msg') + text(definition))
def channel(id, schema, topic): return record(4, struct.pack('<HH', id, schema) + text(topic) + text('cdr') + struct.pack('<I', 0))
def message(id, sequence, ns, data): return record(5, struct.pack('<HIQQ', id, sequence, ns, ns) + data)

# Frames of LZ4 and Zstandard of blocks as they are, and of runs: what any of their decoders must take.
def xxh32(data, seed=0):
    P = (2654435761, 2246822519, 3266489917, 668265263, 374761393); M = 0xFFFFFFFF
    rot = lambda x, r: (x << r | x >> 32 - r) & M
    h = (seed + P[4] + len(data)) & M; i = 0
    assert len(data) < 16
    while i + 4 <= len(data):
        h = rot((h + struct.unpack_from('<I', data, i)[0] * P[2]) & M, 17) * P[3] & M; i += 4
    while i < len(data):
        h = rot((h + data[i] * P[4]) & M, 11) * P[0] & M; i += 1
    h ^= h >> 15; h = h * P[1] & M; h ^= h >> 13; h = h * P[2] & M
    return h ^ h >> 16
def lz4(data):
    head = bytes([0x60, 0x70])
    out = struct.pack('<I', 0x184D2204) + head + bytes([xxh32(head) >> 8 & 0xFF])
    for at in range(0, len(data), 65536):
        block = data[at:at + 65536]
        packed = lz4_block(block)
        out += struct.pack('<I', len(packed)) + packed if len(packed) < len(block) else struct.pack('<I', len(block) | 1 << 31) + block
    return out + struct.pack('<I', 0)
def lz4_block(data):
    out, start, at, seen = b'', 0, 0, {}
    def length(n):
        tail = b''
        if n >= 15:
            n -= 15
            while n >= 255: tail += b'\\xff'; n -= 255
            tail += bytes([n])
        return tail
    while at < len(data) - 12:
        word = data[at:at + 4]
        before = seen.get(word); seen[word] = at
        if before is None: at += 1; continue
        end = at + 4
        while end < len(data) - 5 and data[end] == data[before + end - at]: end += 1
        literals, match = at - start, end - at - 4
        out += bytes([min(literals, 15) << 4 | min(match, 15)]) + length(literals) + data[start:at] + struct.pack('<H', at - before) + length(match)
        start = at = end
    literals = len(data) - start
    return out + bytes([min(literals, 15) << 4]) + length(literals) + data[start:]
def zstd(data):
    out, blocks, at = struct.pack('<IBB', 0xFD2FB528, 0, 0x70), [], 0
    while at < len(data):
        run = 1
        while at + run < len(data) and run < 100000 and data[at + run] == data[at]: run += 1
        if run >= 32: blocks.append((1, run, data[at:at + 1])); at += run
        elif blocks and blocks[-1][0] == 0 and blocks[-1][1] < 60000: kind, n, held = blocks[-1]; blocks[-1] = (0, n + run, held + data[at:at + run]); at += run
        else: blocks.append((0, run, data[at:at + run])); at += run
    for i, (kind, n, held) in enumerate(blocks):
        out += struct.pack('<I', (i == len(blocks) - 1) | kind << 1 | n << 3)[:3] + held
    return out
def zstd_frames(data):
    # As of a writer that flushes: a frame that tells its length, one to be skipped, one that does not tell, the rest.
    a, b = len(data) // 3, len(data) * 2 // 3
    told = zstd(data[:a])
    told = told[:4] + bytes([0xA0]) + struct.pack('<I', a) + told[6:]
    return told + struct.pack('<II', 0x184D2A53, 5) + b'aside' + zstd(data[a:b]) + zstd(data[b:])
PACKERS = {'': lambda data: data, 'lz4': lz4, 'zstd': zstd, 'zstd_frames': zstd_frames}
def chunk(records, first, last, packing):
    held = PACKERS[packing](records)
    return record(6, struct.pack('<QQQI', first, last, len(records), zlib.crc32(records)) + text(packing.split('_')[0]) + struct.pack('<Q', len(held)) + held)

def write(name, schemas, messages, packing='', size=20000, summary=True, chunked=True, stray=b''):
    if only not in ('', name): return
    out = MAGIC + record(1, text('ros2') + text('by hand'))
    described = b''.join(schemas)
    indexes = b''
    if not chunked:
        out += described + b''.join(data for ns, data in messages)
    else:
        group, length, groups = [], 0, []
        for one in messages:
            group.append(one); length += len(one[1])
            if length >= size: groups.append(group); group, length = [], 0
        if group: groups.append(group)
        for i, group in enumerate(groups):
            first, last = group[0][0], group[-1][0]
            records = (described if i == 0 else b'') + b''.join(data for ns, data in group)
            whole = chunk(records, first, last, packing)
            held = len(PACKERS[packing](records))
            indexes += record(8, struct.pack('<QQQQIQ', first, last, len(out), len(whole), 0, 0) + text(packing.split('_')[0]) + struct.pack('<QQ', held, len(records)))
            out += whole
    out += stray
    out += record(15, struct.pack('<I', 0))
    start = len(out)
    if summary:
        statistics = struct.pack('<QHIIIIQQ', len(messages) + bool(stray), 1, 1, 0, 0, 0, messages[0][0], messages[-1][0]) + struct.pack('<I', 0)
        out += described + record(11, statistics) + indexes
    out += record(2, struct.pack('<QQI', start if summary else 0, 0, 0)) + MAGIC
    open(os.path.join(folder, name), 'wb').write(out)

class Cdr:
    def __init__(self, big=False): self.e = '>' if big else '<'; self.out = b''
    def put(self, kind, *values):
        size = struct.calcsize(kind)
        for value in values:
            self.out += b'\\0' * (-len(self.out) % size) + struct.pack(self.e + kind, value)
        return self
    def text(self, s): s = s.encode() + b'\\0'; self.put('I', len(s)); self.out += s; return self
    def bytes(self, data): self.put('I', len(data)); self.out += data; return self
    def doubles(self, values): self.put('I', len(values)); return self.put('d', *values) if values else self
    def header(self, ns): return self.put('i', ns // 10**9).put('I', ns % 10**9).text('frame')
    def done(self): return (b'\\0\\0\\0\\0' if self.e == '>' else b'\\0\\1\\0\\0') + self.out

HEADER = 'std_msgs/Header header\\n%s' + '=' * 80 + '\\nMSG: std_msgs/Header\\nbuiltin_interfaces/Time stamp\\nstring frame_id\\n' + '=' * 80 + '\\nMSG: builtin_interfaces/Time\\nint32 sec\\nuint32 nanosec\\n'
IMAGE = HEADER % 'uint32 height\\nuint32 width\\nstring encoding\\nuint8 is_bigendian\\nuint32 step\\nuint8[] data\\n'
COMPRESSED = HEADER % 'string format\\nuint8[] data\\n'
JOINTS = HEADER % 'string[] name\\nfloat64[] position\\nfloat64[] velocity\\nfloat64[] effort\\n'

def png16(width, height, values):
    def part(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    rows = b''.join(b'\\0' + struct.pack('>%dH' % width, *values[y * width:(y + 1) * width]) for y in range(height))
    return b'\\x89PNG\\r\\n\\x1a\\n' + part(b'IHDR', struct.pack('>IIBBBBB', width, height, 16, 0, 0, 0, 0)) + part(b'IDAT', zlib.compress(rows)) + part(b'IEND', b'')

W, H, N = 6, 4, 12
def ns(i): return T0 * 10**9 + i * 50 * 10**6
def value(i, x, y, c): return (i * 7 + y * 40 + x * 5 + c * 80) % 256
def deep(i, x, y): return 1000 * i + 256 * y + x
def metres(i, x, y): return [float('nan'), float('inf'), -1.0, 70.0][x] if y == 0 and x < 4 else i + 0.1 * y + 0.001 * x
def pixels(encoding, i, big):
    if encoding in ('mono16', '16UC1'): return b''.join(struct.pack(('>' if big else '<') + 'H', deep(i, x, y)) for y in range(H) for x in range(W))
    if encoding == '32FC1': return b''.join(struct.pack(('>' if big else '<') + 'f', metres(i, x, y)) for y in range(H) for x in range(W))
    n = {'rgb8': 3, 'bgr8': 3, 'mono8': 1, 'rgba8': 4, 'bgra8': 4, 'uyvy': 2, 'yuv422_yuy2': 2}.get(encoding, 1)
    return bytes(value(i, x, y, c) for y in range(H) for x in range(W) for c in range(n))
def image(encoding, i, big=False, pad=0):
    data = pixels(encoding, i, big); row = len(data) // H
    data = b''.join(data[y * row:(y + 1) * row] + b'\\xEE' * pad for y in range(H))
    return Cdr(big).header(ns(i)).put('I', H, W).text(encoding).put('B', int(big)).put('I', row + pad).bytes(data).done()

schemas = [schema(1, 'sensor_msgs/msg/Image', IMAGE), schema(2, 'sensor_msgs/msg/CompressedImage', COMPRESSED), schema(3, 'sensor_msgs/msg/JointState', JOINTS)]
images = [('/rgb8', 'rgb8', False, 0), ('/bgr8', 'bgr8', False, 2), ('/mono8', 'mono8', False, 2), ('/rgba8', 'rgba8', False, 0), ('/bgra8', 'bgra8', False, 4),
          ('/mono16', 'mono16', False, 4), ('/16UC1', '16UC1', False, 0), ('/mono16_big', 'mono16', True, 0), ('/rgb8_big', 'rgb8', True, 3), ('/32FC1', '32FC1', False, 8), ('/32FC1_big', '32FC1', True, 0),
          ('/uyvy', 'uyvy', False, 0), ('/yuy2', 'yuv422_yuy2', False, 6), ('/bayer16', 'bayer_rggb16', False, 0)]
images += [('/' + name, name, False, 2) for name in ('bayer_rggb8', 'bayer_bggr8', 'bayer_grbg8', 'bayer_gbrg8')]
channels, messages = [], []
for id, (topic, encoding, big, pad) in enumerate(images, 1):
    channels.append(channel(id, 1, topic))
    messages += [(ns(i), message(id, i, ns(i), image(encoding, i, big, pad))) for i in range(N)]
def compressed(id, topic, format, data):
    channels.append(channel(id, 2, topic))
    for i in range(N): messages.append((ns(i), message(id, i, ns(i), Cdr().header(ns(i)).text(format).bytes(data(i)).done())))
depth = lambda i: png16(W, H, [deep(i, x, y) for y in range(H) for x in range(W)])
compressed(41, '/png16', 'png', depth)
compressed(42, '/compressed_depth', '16UC1; compressedDepth png', lambda i: struct.pack('<Iff', 0, 1.0, 2.0) + depth(i))
compressed(43, '/compressed_depth_float', '32FC1; compressedDepth png', lambda i: struct.pack('<Iff', 0, 1.0, 2.0) + depth(i))
for id, topic, big in ((51, '/joints', False), (52, '/joints_big', True)):
    channels.append(channel(id, 3, topic))
    for i in range(N):
        state = Cdr(big).header(ns(i)).put('I', 2).text('shoulder').text('elbow').doubles([i / 3, -i]).doubles([]).doubles([0.5 * i, 2.0]).done()
        messages.append((ns(i), message(id, i, ns(i), state)))
messages.sort(key=lambda one: one[0])
both = schemas + channels
write('plain.mcap', both, messages)
write('lz4.mcap', both, messages, packing='lz4')
write('zstd.mcap', both, messages, packing='zstd')
write('zstd_frames.mcap', both, messages, packing='zstd_frames')
write('no_summary.mcap', both, messages, summary=False)
write('no_chunks.mcap', both, messages, chunked=False)
write('no_chunks_no_summary.mcap', both, messages, chunked=False, summary=False)
write('stray.mcap', both, messages[:-1], stray=messages[-1][1])
if only == '': open(os.path.join(folder, 'unfinished.mcap'), 'wb').write(MAGIC + record(1, text('ros2') + text('by hand')) + b''.join(both) + b''.join(data for ns, data in messages[:100]))
`;

export const [WIDTH, HEIGHT, COUNT] = [6, 4, 12];
/** The same rules as the writer's, by which every pixel is known. */
const value = (i: number, x: number, y: number, c: number) => (i * 7 + y * 40 + x * 5 + c * 80) % 256;
const each = <T>(pixel: (x: number, y: number) => T): T[] =>
  Array.from({ length: WIDTH * HEIGHT }, (_, at) => pixel(at % WIDTH, Math.floor(at / WIDTH)));
export const bytesOf = (i: number, channels: number) =>
  each((x, y) => Array.from({ length: channels }, (_, c) => value(i, x, y, c))).flat();
/** Millimetres of what was written in metres: nothing measured is 0, too far the farthest there is. */
export const millimetresOf = (i: number) =>
  each((x, y) => (y === 0 && x < 4 ? [0, 0, 0, 65535][x] : Math.round(Math.fround(i + 0.1 * y + 0.001 * x) * 1000)));
export const depthOf = (i: number) => each((x, y) => 1000 * i + 256 * y + x);

/** Writes them all, or one of them alone, into a folder that is there. */
export function writeForeignMcap(folder: string, only = ''): void {
  runPlainPython(WRITER, folder, only);
}
