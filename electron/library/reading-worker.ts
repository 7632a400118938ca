// Entry of a reading thread: formats are recognised, listed, opened and checked here, so that no file holds up the
// workstation's own thread, and one that ends the reader ends only this.
import { parentPort } from 'node:worker_threads';
import { createMedia } from '../media/index.ts';
import { probeWithin } from '../media/probe-within.ts';
import { builtPaths, embeddedCoreDir } from '../paths.ts';
import { sources } from '../sources/index.ts';
import { type Hdf5Reader, type SampleReader, SourceFault } from '../sources/source.ts';
import { createFileReader } from './file-reader.ts';
import { Neighbours } from './neighbours.ts';
import type { Ask, CrossingEpisode, FromReading, Outcome, ReadingOp, ToReading } from './reading-protocol.ts';
import { type Opened, SourceReading } from './source-reading.ts';

const port = parentPort;
if (!port) throw new Error('The reading thread runs as a worker only.');

const workerDir = import.meta.dirname;
/** Remembers what it found: files are looked into again and again. */
const { probe: video } = createMedia({ workerDir, coreDir: embeddedCoreDir(builtPaths(workerDir).pluginDir) });
const kept = new Map<number, ReadonlyMap<string, SampleReader>>();
const neighbours = new Neighbours();
const waiting = new Map<number, (outcome: Outcome) => void>();
let lastAsk = 0;

function send(message: FromReading, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

function ask<T>(call: number, what: Ask): Promise<T> {
  return new Promise((resolve, reject) => {
    const number = ++lastAsk;
    waiting.set(number, (outcome) => {
      if (outcome.ok) resolve(outcome.value as T);
      else reject(outcome.code === null ? new Error(outcome.message) : new SourceFault(outcome.code, outcome.message));
    });
    send({ kind: 'ask', ask: number, call, what });
  });
}

function readingOf(call: number): SourceReading {
  const hdf5: Hdf5Reader = {
    inspect: (path, scope) => ask(call, { op: 'inspect', path, ...(scope ? { scope } : {}) }),
    numbers: (path, dataset) => ask(call, { op: 'numbers', path, dataset }),
    strings: (path, dataset) => ask(call, { op: 'strings', path, dataset }),
  };
  return new SourceReading(
    sources,
    (root) => {
      const files = createFileReader(root);
      return { hdf5, files, video: probeWithin(files, video) };
    },
    neighbours,
  );
}

function crossing(call: number, { source, opened: whole }: Opened): CrossingEpisode {
  const { readers, ...opened } = whole;
  if (readers && readers.size > 0) kept.set(call, readers);
  return { source, opened, key: call, read: [...(readers?.keys() ?? [])] };
}

/** Numbers of an episode that nothing here uses any more are handed over, not copied. */
function buffersOf({ opened, read }: CrossingEpisode): ArrayBuffer[] {
  if (read.length > 0) return [];
  const arrays = [...opened.clocks.values(), ...opened.poses.values(), ...opened.values.values()];
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
}

async function carryOut(call: number, op: ReadingOp, args: unknown[]): Promise<void> {
  const reading = readingOf(call);
  const value = await (reading[op] as (...args: unknown[]) => Promise<unknown>).apply(reading, args);
  if (op !== 'open') {
    send({ kind: 'answer', call, outcome: { ok: true, value } });
    return;
  }
  const episode = crossing(call, value as Opened);
  send({ kind: 'answer', call, outcome: { ok: true, value: episode } }, buffersOf(episode));
}

async function readSample(call: number, key: number, stream: string, index: number): Promise<void> {
  const reader = kept.get(key)?.get(stream);
  if (!reader) throw new SourceFault('closed', `${stream} was let go of.`);
  const read = await reader.read(index);
  const bytes = read.byteLength === read.buffer.byteLength ? read : read.slice();
  send({ kind: 'answer', call, outcome: { ok: true, value: bytes } }, [bytes.buffer as ArrayBuffer]);
}

function failed(call: number, error: unknown): void {
  const code = error instanceof SourceFault ? error.code : null;
  const message = error instanceof Error ? error.message : String(error);
  send({ kind: 'answer', call, outcome: { ok: false, code, message } });
}

port.on('message', (message: ToReading) => {
  switch (message.kind) {
    case 'call':
      carryOut(message.call, message.op, message.args).catch((error) => failed(message.call, error));
      break;
    case 'sample':
      readSample(message.call, message.key, message.stream, message.index).catch((error) =>
        failed(message.call, error),
      );
      break;
    case 'release':
      kept.delete(message.key);
      break;
    case 'answer':
      waiting.get(message.ask)?.(message.outcome);
      waiting.delete(message.ask);
      break;
  }
});
