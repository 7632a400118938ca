import path from 'node:path';
import { MessageChannel, type MessagePort, type TransferListItem, Worker } from 'node:worker_threads';
import {
  argumentsOf,
  codecNames,
  type EngineDescription,
  EngineFault,
  type EngineInput,
  EngineLog,
  type EngineRun,
  type MediaEngine,
  versionIn,
} from './engine.ts';
import {
  BYTES_NAME,
  COUNTERS,
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

export interface WasmEngineOptions {
  /** Folder of the built worker entries. */
  workerDir: string;
  /** Folder of ffmpeg-core.js and ffmpeg-core.wasm. */
  coreDir: string;
}

/** A core and its code hold some 300 MB: what nobody used for so long is let go. */
const IDLE_MS = 30_000;
/** They are in the core and write outside of their memory, sooner or later, whatever they are told. */
const BROKEN_ENCODERS = new Set(['libvpx', 'libvpx-vp9']);
/** Raw frames on their way to the worker, in bytes; two at least. */
const IN_FLIGHT_BYTES = 16e6;

/** ffmpeg in a worker thread. Runs take their turn; after a fault or an abort the next one gets a new thread. */
export function createWasmEngine(options: WasmEngineOptions): MediaEngine {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  let runs = 0;
  let described: Promise<EngineDescription> | undefined;

  function birth(): Worker {
    const workerData: MediaWorkerBirth = {
      coreFile: path.join(options.coreDir, 'ffmpeg-core.js'),
      wasmFile: path.join(options.coreDir, 'ffmpeg-core.wasm'),
    };
    const born = new Worker(path.join(options.workerDir, 'media-worker.js'), {
      workerData,
      stdout: true,
      stderr: true,
    });
    born.stdout.resume();
    born.stderr.resume();
    born.unref();
    return born;
  }

  async function letGo(): Promise<void> {
    clearTimeout(idle);
    const old = worker;
    worker = undefined;
    await old?.terminate();
  }

  /** One run after the other: the thread is blocked by the one in hand. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function carryOut(run: EngineRun, args: string[], log: EngineLog): Promise<void> {
    run.signal?.throwIfAborted();
    clearTimeout(idle);
    worker ??= birth();
    runs += 1;
    // Only work in hand keeps the program alive.
    worker.ref();
    try {
      await oneRun(worker, runs, run, args, log);
    } catch (error) {
      await letGo();
      throw error;
    }
    worker.unref();
    idle = setTimeout(() => void inTurn(letGo), IDLE_MS);
    idle.unref();
  }

  async function ask(question: string): Promise<string> {
    const lines: string[] = [];
    const log = {
      add: () => undefined,
      line: (text: string) => lines.push(text),
      reason: (text: string) => text,
      isUnfinished: false,
    };
    const none: EngineRun = {
      input: { kind: 'file', path: '' },
      outputArguments: [],
      output: { kind: 'file', path: '' },
    };
    await inTurn(() => carryOut(none, ['-hide_banner', question], log as unknown as EngineLog));
    return lines.join('\n');
  }

  async function describe(): Promise<EngineDescription> {
    const [version, encoders, decoders] = [await ask('-version'), await ask('-encoders'), await ask('-decoders')];
    return {
      engine: 'ffmpeg.wasm',
      version: versionIn(version) ?? 'unknown',
      path: null,
      encoders: new Set([...codecNames(encoders)].filter((name) => !BROKEN_ENCODERS.has(name))),
      decoders: codecNames(decoders),
    };
  }

  return {
    describe: () => {
      described ??= describe();
      described.catch(() => {
        described = undefined;
      });
      return described;
    },
    run: (run) =>
      inTurn(() => {
        const input = run.input.kind === 'frames' ? FRAMES_NAME : INPUT_NAME;
        const output = run.output.kind === 'bytes' ? BYTES_NAME : OUTPUT_NAME;
        const args = argumentsOf(run, { input, output, progress: PROGRESS_NAME });
        return carryOut(run, args, new EngineLog(run.onFrames));
      }),
    close: letGo,
  };
}

/** What a worker's events carry. */
interface WorkerTells {
  message: MediaWorkerMessage;
  messageerror: Error;
  error: Error;
  exit: number;
}

/** Settles when the run has ended, and nothing of it goes on. Whoever calls ends the thread after a rejection. */
async function oneRun(worker: Worker, id: number, run: EngineRun, args: string[], log: EngineLog): Promise<void> {
  const { input, output, signal } = run;
  const counters = new Int32Array(new SharedArrayBuffer(COUNTERS * Int32Array.BYTES_PER_ELEMENT));
  const channel = input.kind === 'frames' ? new MessageChannel() : undefined;
  const feeder = input.kind === 'frames' && channel ? new Feeder(channel.port1, counters) : undefined;
  let taking: Promise<void> = Promise.resolve();
  const cleanUp: (() => void)[] = [];
  const listen = <E extends keyof WorkerTells>(event: E, listener: (value: WorkerTells[E]) => void): void => {
    worker.on(event as string, listener);
    cleanUp.push(() => worker.off(event as string, listener));
  };
  try {
    const code = await new Promise<number>((resolve, reject) => {
      listen('message', (message: MediaWorkerMessage) => {
        if (message.run !== id) return;
        if (message.kind === 'line') log.line(message.line);
        else if (message.kind === 'taken') feeder?.taken();
        else if (message.kind === 'end') resolve(message.code);
        else if (output.kind === 'bytes') {
          const { bytes } = message;
          taking = taking.then(() => output.take(bytes));
          taking.then(() => {
            Atomics.sub(counters, PIECES_OUT, 1);
            Atomics.notify(counters, PIECES_OUT);
          }, reject);
        }
      });
      listen('error', (error: Error) => reject(new EngineFault(`the embedded encoder broke (${error.message})`)));
      listen('exit', () => reject(new EngineFault('the embedded encoder ended unasked')));
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      cleanUp.push(() => signal?.removeEventListener('abort', abort));
      const order: MediaWorkerRun = {
        run: id,
        arguments: args,
        inputFile: input.kind === 'file' && input.path !== '' ? input.path : null,
        outputFile: output.kind === 'file' && output.path !== '' ? output.path : null,
        framePort: channel?.port2 ?? null,
        counters: counters.buffer as SharedArrayBuffer,
      };
      worker.postMessage(order, channel ? [channel.port2] : []);
      if (input.kind === 'frames') feeder?.feed(input).catch(reject);
    });
    await taking;
    if (code !== 0 || log.isUnfinished) throw new EngineFault(log.reason(`it ended with code ${code}`));
  } finally {
    feeder?.stop();
    for (const undo of cleanUp) undo();
  }
}

/** Sends frames to the worker, never more than a few ahead of what it used up. */
class Feeder {
  private inFlight = 0;
  private stopped = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly port: MessagePort,
    private readonly counters: Int32Array,
  ) {}

  async feed({ frames, onTaken }: Extract<EngineInput, { kind: 'frames' }>): Promise<void> {
    for await (const frame of frames) {
      const most = Math.max(2, Math.floor(IN_FLIGHT_BYTES / Math.max(1, frame.byteLength)));
      while (this.inFlight >= most && !this.stopped) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      if (this.stopped) return;
      this.inFlight += 1;
      this.post(frame);
      // Posting copies.
      onTaken?.(frame);
    }
    if (!this.stopped) this.post(null);
  }

  taken(): void {
    this.inFlight -= 1;
    this.wake?.();
  }

  stop(): void {
    this.stopped = true;
    this.wake?.();
    this.port.close();
  }

  private post(frame: Uint8Array | null, transfer: TransferListItem[] = []): void {
    this.port.postMessage(frame, transfer);
    Atomics.add(this.counters, FRAMES_IN, 1);
    Atomics.notify(this.counters, FRAMES_IN);
  }
}
