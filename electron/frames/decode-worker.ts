// Entry of a decode worker thread: one order at a time, answered in the order of arrival.
import { parentPort, workerData } from 'node:worker_threads';
import { KNOWN_FILTERS } from '../sources/filters.ts';
import { SourceFault } from '../sources/source.ts';
import type { WorkerAnswers, WorkerBirth, WorkerOrder, WorkerReply, WorkerRequest } from './decode-protocol.ts';
import { isDecoderTrap } from './decoder-trap.ts';
import { DirectSamples } from './direct-samples.ts';
import { installFileGate } from './file-gate.ts';
import { tryFilters } from './filter-trial.ts';
import { decodeFrame } from './frame-decoder.ts';
import { RecordingFiles } from './hdf5-files.ts';
import { inspectRecording } from './hdf5-inspect.ts';
import { loadHdf5Library } from './hdf5-library.ts';
import { readNumbers, readStrings, Scratch } from './hdf5-read.ts';
import { loadJpegDecoder } from './jpeg.ts';
import { decodePicture } from './picture-decoder.ts';
import { Unpacker } from './unpacker.ts';

const port = parentPort;
if (!port) throw new Error('The decode worker runs as a worker thread only.');
const { pluginDir } = workerData as WorkerBirth;
const library = await loadHdf5Library(pluginDir);
const gate = installFileGate(pluginDir);
const files = new RecordingFiles(library, gate, pluginDir);
const scratch = new Scratch(library.module);
const readers = { module: library.module, scratch, direct: new DirectSamples(library.module, new Unpacker()) };

async function carryOut(order: WorkerOrder): Promise<WorkerAnswers[keyof WorkerAnswers]> {
  switch (order.op) {
    case 'inspect':
      return inspectRecording(library, scratch, files.open(order.path), order.scope);
    case 'numbers': {
      const file = files.open(order.path);
      return readNumbers(library.module, scratch, file, order.dataset, file.facts(order.dataset));
    }
    case 'strings': {
      const file = files.open(order.path);
      return readStrings(file, order.dataset, file.facts(order.dataset));
    }
    case 'frame': {
      const jpeg = order.encoding === 'jpeg' ? await loadJpegDecoder() : null;
      return decodeFrame(readers, files.open(order.path), order, jpeg);
    }
    case 'picture':
      return decodePicture(order);
    case 'filters':
      return tryFilters(library, gate, KNOWN_FILTERS);
    case 'release':
      files.release(order.path);
      return null;
  }
}

function transferOf(value: unknown): ArrayBuffer[] {
  if (!value || typeof value !== 'object') return [];
  const { bytes, data } = value as { bytes?: Uint8Array<ArrayBuffer>; data?: Float64Array<ArrayBuffer> };
  return [bytes, data].flatMap((view) => (view ? [view.buffer] : []));
}

/** Answers are held back this long at most, to go together: a message costs about as much as a cheap sample. */
const HOLD_BACK_MS = 2;

/** Orders are carried out one after the other, whatever one of them waits for. */
let last = Promise.resolve();
port.on('message', (requests: WorkerRequest[]) => {
  last = last.then(() => answerAll(requests));
});

async function answerAll(requests: readonly WorkerRequest[]): Promise<void> {
  let held: WorkerReply[] = [];
  let heldSince = performance.now();
  for (const [at, request] of requests.entries()) {
    const began = performance.now();
    const reply = await answer(request);
    const ended = performance.now();
    held.push({ ...reply, ms: ended - began });
    const isFatal = !reply.ok && reply.fatal;
    if (isFatal || at === requests.length - 1 || ended - heldSince > HOLD_BACK_MS) {
      port?.postMessage(
        held,
        held.flatMap((each) => (each.ok ? transferOf(each.value) : [])),
      );
      held = [];
      heldSince = ended;
    }
    if (isFatal) {
      port?.close();
      return;
    }
  }
}

async function answer({ job, ...order }: WorkerRequest): Promise<WorkerReply> {
  try {
    return { job, ok: true, value: await carryOut(order) };
  } catch (error) {
    // A trap inside the library (a corrupt LZF chunk aborts it) leaves memory that no later read may trust.
    const fatal = isDecoderTrap(error);
    const code = error instanceof SourceFault ? error.code : fatal ? 'decoder-died' : 'unreadable';
    const message = error instanceof Error ? error.message : String(error);
    return { job, ok: false, code, message, fatal };
  }
}
port.postMessage([{ job: -1, ok: true, value: null } satisfies WorkerReply]);
