// Entry of a signals worker thread: reads ranges of a recording and says in numbers how its pictures follow each other.
import { parentPort, workerData } from 'node:worker_threads';
import { encode } from 'fast-png';
import { isDecoderTrap } from '../../frames/decoder-trap.ts';
import { DirectSamples } from '../../frames/direct-samples.ts';
import { installFileGate } from '../../frames/file-gate.ts';
import { RecordingFiles } from '../../frames/hdf5-files.ts';
import { loadHdf5Library } from '../../frames/hdf5-library.ts';
import { Scratch } from '../../frames/hdf5-read.ts';
import { Unpacker } from '../../frames/unpacker.ts';
import { SourceFault } from '../../sources/source.ts';
import { distancesTo, medianOf } from './median.ts';
import { PictureKernel, type Region, SMALL_BYTES, SMALL_SIDE } from './picture-kernel.ts';
import { LastDecoded, SampleDecoding } from './sample-decoding.ts';
import type {
  DecodedSamples,
  ScanAnswers,
  ScanBirth,
  ScannedStream,
  ScanOrder,
  ScanReply,
  ScanStream,
} from './scan-protocol.ts';
import { RangeScan, type StreamMemory } from './scan-range.ts';
import { readSmall } from './small-pictures.ts';
import { type SampleWays, StreamReader } from './stream-reader.ts';

const port = parentPort;
if (!port) throw new Error('The signals worker runs as a worker thread only.');
const { pluginDir, note } = workerData as ScanBirth;
const noted = new Int32Array(note);
// The library prints what it also throws. Nobody reads it, and to take it from here by a pipe would hold the process.
console.log = console.warn = console.error = () => undefined;
const library = await loadHdf5Library(pluginDir);
const files = new RecordingFiles(library, installFileGate(pluginDir), pluginDir);
const { module } = library;
const scratch = new Scratch(module);
const direct = new DirectSamples(module, new Unpacker());

let kernel = new PictureKernel();
let memories = new Map<string, StreamMemory>();
/** In the order of the run's streams. */
let lastDecoded: LastDecoded[] = [];
let pair: { tick: Region; reference: Region } | undefined;

/** What the scans since the last release were part of, and the file that they read. */
let current: { run: number; path: string } | undefined;

/** Regions are never given back: what follows another recording begins with none, and reads its file anew. */
function letGo(): void {
  if (current) files.release(current.path);
  current = undefined;
  kernel = new PictureKernel();
  memories = new Map();
  lastDecoded = [];
  pair = undefined;
}

function memoryOf(stream: ScanStream): StreamMemory {
  const known = memories.get(stream.id);
  if (known) return known;
  const [small, first] = [kernel.reserve(SMALL_BYTES), kernel.reserve(SMALL_BYTES)];
  const made = { reader: new StreamReader(kernel, stream), small, first, firstIndex: -1 };
  memories.set(stream.id, made);
  return made;
}

function waysFor(streamAt: number): SampleWays {
  const noting = <T>(index: number, call: () => T): T => {
    noted[0] = streamAt;
    noted[1] = index;
    const result = call();
    noted[0] = -1;
    return result;
  };
  return { module, scratch, direct, noting };
}

/** All streams tick by tick: a tick's samples lie beside each other in the file. */
async function scan({ run, path, streams }: ScanOrder & { op: 'scan' }): Promise<ScannedStream[]> {
  if (current?.run !== run) letGo();
  current = { run, path };
  const file = files.open(path);
  const scans = streams.map((stream, at) => new RangeScan(kernel, memoryOf(stream), stream, waysFor(at), file));
  for (const each of scans) await each.begin();
  const ticks = (streams[0]?.indices.length ?? 1) - 1;
  for (let at = 0; at < ticks; at++) for (const each of scans) await each.step(at);
  return scans.map(({ result }) => result);
}

/** As `scan` reads them, but streams may be of different lengths: a row is as far in each. */
async function decode({ run, path, streams }: ScanOrder & { op: 'decode' }): Promise<DecodedSamples[]> {
  if (current?.run !== run) letGo();
  current = { run, path };
  const file = files.open(path);
  const decodings = streams.map((stream, at) => {
    lastDecoded[at] ??= new LastDecoded();
    return new SampleDecoding(lastDecoded[at], stream, waysFor(at), file);
  });
  const counts = streams.map(({ indices }) => indices.length);
  const rows = Math.max(0, ...counts);
  for (let row = 0; row < rows; row++) {
    for (const [at, decoding] of decodings.entries()) if (row < (counts[at] as number)) await decoding.step(row);
  }
  return decodings.map(({ result }) => result);
}

function measure({ small, fromTick, count, reference }: ScanOrder & { op: 'measure' }): ScanAnswers['measure'] {
  pair ??= { tick: kernel.reserve(SMALL_BYTES), reference: kernel.reserve(SMALL_BYTES) };
  kernel.bytes(pair.reference).set(reference);
  const tick = kernel.bytes(pair.tick);
  const intensity = new Float32Array(count);
  const area = new Float32Array(count);
  const mixed = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    readSmall(small, fromTick + at, tick);
    const figures = kernel.contact(pair.tick, pair.reference);
    intensity[at] = figures.intensity;
    area[at] = figures.area;
    mixed[at] = figures.mixed;
  }
  return { intensity, area, mixed };
}

function distance({ small, fromTick, count, median }: ScanOrder & { op: 'distance' }): ScanAnswers['distance'] {
  const picture = new Uint8Array(SMALL_BYTES);
  const l2 = new Float32Array(count);
  const l1 = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    readSmall(small, fromTick + at, picture);
    const distances = distancesTo(picture, median, SMALL_SIDE * SMALL_SIDE);
    l2[at] = distances.l2;
    l1[at] = distances.l1;
  }
  return { l2, l1 };
}

function median({ small, isThere, from, to }: ScanOrder & { op: 'median' }): Float32Array {
  const ticks = Array.from(isThere.keys()).filter((tick) => isThere[tick]);
  return medianOf(ticks.length, to - from, (at, into) => readSmall(small, ticks[at] as number, into, from));
}

async function png({ picture, isBlueFirst }: ScanOrder & { op: 'png' }): Promise<Uint8Array> {
  const { width, height, channels } = picture;
  const data = 'pixels' in picture ? picture.pixels : await storedPixels(picture);
  if (isBlueFirst && channels >= 3) {
    for (let at = 0; at < data.length; at += channels) {
      const first = data[at] as number;
      data[at] = data[at + 2] as number;
      data[at + 2] = first;
    }
  }
  return encode({ width, height, channels, depth: 8, data });
}

async function storedPixels({ path, index, ...picture }: PngOrder & { path: string }): Promise<Uint8Array> {
  letGo();
  const reader = new StreamReader(kernel, { id: picture.dataset, ...picture });
  try {
    await reader.advance(waysFor(0), files.open(path), index);
    return kernel.bytes(reader.current).slice();
  } finally {
    files.release(path);
    letGo();
  }
}

type PngOrder = Extract<(ScanOrder & { op: 'png' })['picture'], { path: string }>;

async function carryOut(order: ScanOrder): Promise<ScanAnswers[keyof ScanAnswers]> {
  switch (order.op) {
    case 'scan':
      return scan(order);
    case 'decode':
      return decode(order);
    case 'measure':
      return measure(order);
    case 'median':
      return median(order);
    case 'distance':
      return distance(order);
    case 'png':
      return png(order);
    case 'release':
      letGo();
      return null;
  }
}

function reply(message: ScanReply): void {
  port?.postMessage(message);
}

port.on('message', async (order: ScanOrder) => {
  noted[0] = -1;
  try {
    reply({ ok: true, value: await carryOut(order) });
  } catch (error) {
    // A trap inside the library leaves memory that no later read may trust.
    const fatal = isDecoderTrap(error);
    const code = error instanceof SourceFault ? error.code : systemCode(error);
    reply({ ok: false, code, message: error instanceof Error ? error.message : String(error), fatal });
    if (fatal) port.close();
  }
});
reply({ ok: true, value: 'ready' });

function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unreadable';
}
