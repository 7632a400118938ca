// Entry of the media worker thread: ffmpeg as WebAssembly, one run at a time. A run blocks the thread; what flows in and
// out of it does so by sleeping on shared counters, so neither side ever holds more than a few frames.
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { CoreNode, CreateFfmpegCore, FfmpegCore, WebAssemblyApi } from './ffmpeg-core.d.ts';
import {
  BYTES_NAME,
  FRAMES_IN,
  FRAMES_NAME,
  INPUT_NAME,
  type MediaWorkerBirth,
  type MediaWorkerMessage,
  type MediaWorkerRun,
  OUTPUT_NAME,
  PIECES_OUT,
  PROGRESS_NAME,
} from './wasm-protocol.ts';

const port = parentPort;
if (!port) throw new Error('The media worker runs as a worker thread only.');
const { coreFile, wasmFile } = workerData as MediaWorkerBirth;

/** Pieces of output are gathered to this size, and at most so many wait for the other side. */
const PIECE_BYTES = 2 ** 20;
const PIECES_WAITING = 8;
const NOT_SEEKABLE = 70;

// The core asks where its page is, as scripts of browsers may.
(globalThis as { self?: unknown }).self ??= { location: { href: 'file:///' } };
const load = createRequire(coreFile)(coreFile) as CreateFfmpegCore;
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
const compiled = await wasm.compile(readFileSync(wasmFile));

let current: MediaWorkerRun | undefined;
const say = (message: MediaWorkerMessage, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const line = (text: string): void => {
  if (current) say({ run: current.run, kind: 'line', line: text });
};

let frames: FrameReader | undefined;
let pieces: PieceWriter | undefined;
let progressTail = '';

/**
 * Each run has an instance of its own, of code that was compiled once: a run ends by being thrown out of, which never
 * gives back its part of the stack, and what it grew the memory to would be kept as well.
 */
async function newCore(): Promise<FfmpegCore> {
  const core = await load({
    instantiateWasm(imports, receive) {
      void wasm.instantiate(compiled, imports).then(receive);
      return {};
    },
  });
  core.setLogger(({ message }) => line(message));
  core.setProgress(() => undefined);
  addDevice(core, 1, FRAMES_NAME, { read: (memory, offset, length) => frames?.read(memory, offset, length) ?? 0 });
  addDevice(core, 2, BYTES_NAME, { write: (bytes) => pieces?.write(bytes) });
  addDevice(core, 3, PROGRESS_NAME, {
    write: (bytes) => {
      const lines = (progressTail + Buffer.from(bytes).toString('latin1')).split('\n');
      progressTail = lines.pop() ?? '';
      for (const text of lines) if (text.startsWith('frame=')) line(text);
    },
  });
  return core;
}

port.on('message', async (run: MediaWorkerRun) => {
  current = run;
  const counters = new Int32Array(run.counters);
  frames = run.framePort
    ? new FrameReader(run.framePort, counters, () => say({ run: run.run, kind: 'taken' }))
    : undefined;
  pieces = new PieceWriter(counters, (bytes) =>
    say({ run: run.run, kind: 'piece', bytes }, [bytes.buffer as ArrayBuffer]),
  );
  const closers: (() => void)[] = [];
  try {
    const core = await newCore();
    if (run.inputFile !== null) closers.push(addInput(core, run.inputFile));
    if (run.outputFile !== null) closers.push(addOutput(core, run.outputFile));
    core.reset();
    const code = core.exec(...run.arguments);
    pieces.flush();
    for (const close of closers.splice(0)) close();
    say({ run: run.run, kind: 'end', code });
  } finally {
    // Whatever is thrown here ends the thread: a core that trapped is not used again.
    for (const close of closers) close();
    run.framePort?.close();
    current = undefined;
  }
});

/** Reads raw frames from a port, asleep while there is none. */
class FrameReader {
  private frame: Uint8Array | null | undefined;
  private used = 0;

  constructor(
    private readonly source: MessagePort,
    private readonly counters: Int32Array,
    private readonly taken: () => void,
  ) {}

  read(memory: Uint8Array, offset: number, length: number): number {
    if (this.frame === undefined) this.frame = this.next();
    if (this.frame === null) return 0;
    const part = this.frame.subarray(this.used, this.used + length);
    memory.set(part, offset);
    this.used += part.length;
    if (this.used === this.frame.length) {
      this.frame = undefined;
      this.used = 0;
      this.taken();
    }
    return part.length;
  }

  private next(): Uint8Array | null {
    for (;;) {
      const seen = Atomics.load(this.counters, FRAMES_IN);
      const received = receiveMessageOnPort(this.source) as { message: Uint8Array | null } | undefined;
      if (received && (received.message === null || received.message.length > 0)) return received.message;
      if (!received) Atomics.wait(this.counters, FRAMES_IN, seen);
    }
  }
}

/** Sends bytes on in pieces, asleep while too many wait. */
class PieceWriter {
  private piece = new Uint8Array(PIECE_BYTES);
  private filled = 0;

  constructor(
    private readonly counters: Int32Array,
    private readonly send: (bytes: Uint8Array) => void,
  ) {}

  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const part = bytes.subarray(done, done + this.piece.length - this.filled);
      this.piece.set(part, this.filled);
      this.filled += part.length;
      done += part.length;
      if (this.filled === this.piece.length) this.flush();
    }
  }

  flush(): void {
    if (this.filled === 0) return;
    for (;;) {
      const waiting = Atomics.load(this.counters, PIECES_OUT);
      if (waiting < PIECES_WAITING) break;
      Atomics.wait(this.counters, PIECES_OUT, waiting);
    }
    Atomics.add(this.counters, PIECES_OUT, 1);
    this.send(this.piece.slice(0, this.filled));
    this.filled = 0;
  }
}

interface Device {
  read?(memory: Uint8Array, offset: number, length: number): number;
  write?(bytes: Uint8Array): void;
}

/** A stream without an end or a place: nothing of it is kept. */
function addDevice({ FS }: FfmpegCore, number: number, name: string, device: Device): void {
  const id = FS.makedev(64, number);
  FS.registerDevice(id, {
    open: (stream) => {
      stream.seekable = false;
    },
    close: () => undefined,
    read: (_stream, memory, offset, length) => device.read?.(memory, offset, length) ?? 0,
    write: (_stream, memory, offset, length) => {
      device.write?.(memory.subarray(offset, offset + length));
      return length;
    },
    llseek: () => {
      throw new FS.ErrnoError(NOT_SEEKABLE);
    },
  });
  FS.mkdev(name, 0o666, id);
}

/** A file on disk as a file of ffmpeg's: read where it asks, never loaded. */
function addInput(ffmpeg: FfmpegCore, file: string): () => void {
  const handle = openSync(file, 'r');
  const { size } = fstatSync(handle);
  const node = addNode(ffmpeg, INPUT_NAME, { get: () => size });
  node.stream_ops = {
    ...node.stream_ops,
    mmap: undefined,
    read: (_stream, memory, offset, length, position) =>
      position >= size ? 0 : readSync(handle, memory, offset, Math.min(length, size - position), position),
  };
  return () => {
    ffmpeg.FS.unlink(INPUT_NAME);
    closeSync(handle);
  };
}

/** A file on disk that ffmpeg writes where it will, and may read again. */
function addOutput(ffmpeg: FfmpegCore, file: string): () => void {
  const handle = openSync(file, 'w+');
  let size = 0;
  const set = (bytes: number): void => {
    size = bytes;
  };
  const node = addNode(ffmpeg, OUTPUT_NAME, { get: () => size, set });
  node.stream_ops = {
    ...node.stream_ops,
    mmap: undefined,
    allocate: undefined,
    read: (_stream, memory, offset, length, position) =>
      position >= size ? 0 : readSync(handle, memory, offset, Math.min(length, size - position), position),
    write: (_stream, memory, offset, length, position) => {
      for (let done = 0; done < length; ) {
        done += writeSync(handle, memory, offset + done, length - done, position + done);
      }
      size = Math.max(size, position + length);
      return length;
    },
  };
  return () => {
    ffmpeg.FS.unlink(OUTPUT_NAME);
    closeSync(handle);
  };
}

function addNode({ FS }: FfmpegCore, name: string, usedBytes: PropertyDescriptor): CoreNode {
  const node = FS.createFile('/', name.slice(1), {}, true, true);
  Object.defineProperty(node, 'usedBytes', usedBytes);
  return node;
}
