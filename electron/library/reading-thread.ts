import path from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  type FileFacts,
  type Hdf5Reader,
  type ListedRecording,
  type OpenedEpisode,
  type OpenFile,
  type SampleReader,
  SourceFault,
} from '../sources/source.ts';
import { isWithin } from './paths.ts';
import type { Ask, CrossingEpisode, FromReading, Outcome, ReadingOp, ToReading } from './reading-protocol.ts';
import type { Checked, Described, Looked, Opened, Reading } from './source-reading.ts';

export interface ReadingThreadOptions {
  /** Folder of the built `reading-worker.js`. */
  workerDir: string;
  hdf5: Hdf5Reader;
  /** A call without a sign of life for so long is given up, and its thread replaced. Default 60 s. */
  limitMs?: number;
  /** Without calls and kept readers for so long the thread ends; the next call starts another. Default: never. */
  idleMs?: number;
}

interface Call {
  message: (number: number) => ToReading;
  /** For sentences. */
  name: string;
  /** HDF5 files outside of it are not read on behalf of the call. */
  root: string;
  /** Threads that ended while it was in flight. */
  casualties: number;
  timer: NodeJS.Timeout | undefined;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What a thread keeps for an opened episode, and how to get it again from another. */
interface Kept {
  key: number;
  generation: number;
  source: string;
  file: OpenFile;
  again: Promise<void> | undefined;
}

const DEFAULT_LIMIT_MS = 60_000;
/** A thread that ends this often before it answers anything will never be able to. */
const MAX_STILLBIRTHS = 3;
/** The young generation grows to three times 16 MB in every thread and stays, where a few do as well. */
const HEAP = { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 6 };

/**
 * Formats at work in a thread of their own. A thread that ends is replaced and what it was at tried once more, one call
 * after the other, so that the file to blame is found; it gets a sentence, and so does one that takes too long.
 */
export class ReadingThread implements Reading {
  #worker: Worker | undefined;
  #generation = 0;
  #lastCall = 0;
  #answered = false;
  #stillbirths = 0;
  #closed = false;
  readonly #inFlight = new Map<number, Call>();
  /** Calls that were in flight when a thread ended: done one at a time, before anything new. */
  #suspects: Call[] = [];
  #held: Call[] = [];
  readonly #kept = new Map<OpenedEpisode, Kept>();
  #idle: NodeJS.Timeout | undefined;

  constructor(private readonly options: ReadingThreadOptions) {}

  /** Loads the formats ahead of the first call, which would wait for that. */
  start(): void {
    if (!this.#closed) this.#worker ??= this.#beget();
  }

  recognize(file: FileFacts, root: string): Promise<string | undefined> {
    return this.#call('recognize', file.name, root, file, root);
  }

  recordings(source: string, file: OpenFile): Promise<ListedRecording[] | null> {
    return this.#call('recordings', file.name, file.root, source, file);
  }

  look(file: OpenFile): Promise<Looked | undefined> {
    return this.#call('look', file.name, file.root, file);
  }

  describe(source: string, file: OpenFile): Promise<Described> {
    return this.#call('describe', file.name, file.root, source, file);
  }

  check(source: string, file: OpenFile): Promise<Checked> {
    return this.#call('check', file.name, file.root, source, file);
  }

  async open(known: string | undefined, file: OpenFile): Promise<Opened> {
    const answer = await this.#call<CrossingEpisode>('open', file.name, file.root, known, file);
    const { source, opened, key, read } = answer;
    if (read.length === 0) return { source, opened };
    const readers = new Map<string, SampleReader>();
    const whole: OpenedEpisode = { ...opened, readers };
    const kept: Kept = { key, generation: this.#generation, source, file, again: undefined };
    this.#kept.set(whole, kept);
    for (const stream of read) readers.set(stream, { read: (index) => this.#read(kept, stream, index) });
    return { source, opened: whole };
  }

  release(opened: OpenedEpisode): void {
    const kept = this.#kept.get(opened);
    this.#kept.delete(opened);
    if (kept?.generation === this.#generation) this.#worker?.postMessage({ kind: 'release', key: kept.key });
    this.#restSoon();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    const refusal = this.#refusal();
    for (const call of [...this.#inFlight.values(), ...this.#suspects, ...this.#held]) this.#fail(call, refusal);
    this.#inFlight.clear();
    this.#suspects = [];
    this.#held = [];
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #call<T>(op: ReadingOp, name: string, root: string, ...args: unknown[]): Promise<T> {
    return this.#send(name, root, (call) => ({ kind: 'call', call, op, args })) as Promise<T>;
  }

  /** A sample of an episode that another thread had opened is read once it is open here, too. */
  async #read(kept: Kept, stream: string, index: number): Promise<Uint8Array> {
    if (kept.generation !== this.#generation) {
      kept.again ??= this.#reopen(kept).finally(() => {
        kept.again = undefined;
      });
      await kept.again;
    }
    const { name, root } = kept.file;
    const bytes = await this.#send(name, root, (call) => ({ kind: 'sample', call, key: kept.key, stream, index }));
    return bytes as Uint8Array;
  }

  async #reopen(kept: Kept): Promise<void> {
    const { source, file } = kept;
    const { key } = await this.#call<CrossingEpisode>('open', file.name, file.root, source, file);
    kept.key = key;
    kept.generation = this.#generation;
  }

  #send(name: string, root: string, message: Call['message']): Promise<unknown> {
    if (this.#closed || this.#stillbirths >= MAX_STILLBIRTHS) return Promise.reject(this.#refusal());
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      const call: Call = { message, name, root, casualties: 0, timer: undefined, resolve, reject };
      if (this.#suspects.length > 0 || this.#isRetrying) this.#held.push(call);
      else this.#post(call);
    });
  }

  get #isRetrying(): boolean {
    return [...this.#inFlight.values()].some(({ casualties }) => casualties > 0);
  }

  #post(call: Call): void {
    this.#worker ??= this.#beget();
    const number = ++this.#lastCall;
    this.#inFlight.set(number, call);
    this.#watch(number, call);
    this.#worker.postMessage(call.message(number));
  }

  #beget(): Worker {
    const entry = path.join(this.options.workerDir, 'reading-worker.js');
    const worker = new Worker(entry, { resourceLimits: HEAP, stdout: true, stderr: true });
    this.#generation++;
    this.#answered = false;
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (message: FromReading) => {
      if (worker === this.#worker) this.#heard(message);
    });
    worker.on('error', () => this.#ended(worker));
    worker.on('exit', () => this.#ended(worker));
    return worker;
  }

  #heard(message: FromReading): void {
    this.#answered = true;
    this.#stillbirths = 0;
    const call = this.#inFlight.get(message.call);
    if (message.kind === 'ask') {
      if (call) this.#watch(message.call, call);
      void this.#answerAsk(message.ask, call, message.what);
      return;
    }
    if (!call) return;
    this.#inFlight.delete(message.call);
    clearTimeout(call.timer);
    const { outcome } = message;
    if (outcome.ok) call.resolve(outcome.value);
    else
      call.reject(outcome.code === null ? new Error(outcome.message) : new SourceFault(outcome.code, outcome.message));
    this.#next();
  }

  /** What a format may read is decided here: HDF5 files below the root of the call it is read for. */
  async #answerAsk(ask: number, call: Call | undefined, what: Ask): Promise<void> {
    const worker = this.#worker;
    let outcome: Outcome;
    try {
      if (!call || !isWithin(call.root, what.path)) throw new SourceFault('outside', `${what.path} was not opened.`);
      outcome = { ok: true, value: await this.#askHdf5(what) };
    } catch (error) {
      const code = error instanceof SourceFault ? error.code : null;
      outcome = { ok: false, code, message: error instanceof Error ? error.message : String(error) };
    }
    worker?.postMessage({ kind: 'answer', ask, outcome } satisfies ToReading, buffersOf(outcome));
  }

  #askHdf5(what: Ask): Promise<unknown> {
    const { hdf5 } = this.options;
    if (what.op === 'inspect') return hdf5.inspect(what.path, what.scope);
    return what.op === 'numbers' ? hdf5.numbers(what.path, what.dataset) : hdf5.strings(what.path, what.dataset);
  }

  #watch(number: number, call: Call): void {
    clearTimeout(call.timer);
    const { limitMs = DEFAULT_LIMIT_MS } = this.options;
    call.timer = setTimeout(() => {
      this.#inFlight.delete(number);
      const seconds = Math.max(1, Math.round(limitMs / 1000));
      const message = `${call.name} kept its reader busy for more than ${seconds} s and was given up: look whether the file is damaged.`;
      this.#fail(call, new SourceFault('reader-stuck', message));
      this.#replace(false);
    }, limitMs);
  }

  #ended(worker: Worker): void {
    if (worker === this.#worker) this.#replace(true);
  }

  /** `died`: by itself, so that what was in flight is under suspicion. */
  #replace(died: boolean): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    if (died && !this.#answered) this.#stillbirths++;
    const calls = [...this.#inFlight.values()];
    this.#inFlight.clear();
    for (const call of calls) {
      clearTimeout(call.timer);
      if (died) call.casualties++;
    }
    // With several in flight nobody is to blame yet: alone on the second thread, it is.
    const guilty = calls.length === 1 ? calls.filter(({ casualties }) => casualties > 1) : [];
    for (const call of guilty) {
      const message = `${call.name} ended the program part that reads it, twice: the file is damaged; restore it from a copy.`;
      this.#fail(call, new SourceFault('reader-died', message));
    }
    this.#suspects.unshift(...calls.filter((call) => !guilty.includes(call)));
    if (this.#stillbirths >= MAX_STILLBIRTHS) {
      for (const call of [...this.#suspects.splice(0), ...this.#held.splice(0)]) this.#fail(call, this.#refusal());
    }
    this.#next();
  }

  #next(): void {
    if (this.#inFlight.size > 0 && (this.#suspects.length > 0 || this.#isRetrying)) return;
    const suspect = this.#suspects.shift();
    if (suspect) {
      this.#post(suspect);
      return;
    }
    for (const call of this.#held.splice(0)) this.#post(call);
    this.#restSoon();
  }

  #restSoon(): void {
    const { idleMs } = this.options;
    clearTimeout(this.#idle);
    if (idleMs === undefined || this.#inFlight.size > 0 || this.#kept.size > 0 || this.#closed) return;
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      this.#worker = undefined;
      void worker?.terminate();
    }, idleMs);
    this.#idle.unref();
  }

  #fail(call: Call, error: Error): void {
    clearTimeout(call.timer);
    call.reject(error);
  }

  #refusal(): SourceFault {
    return this.#closed
      ? new SourceFault('closed', 'The reader was closed.')
      : new SourceFault('no-reader', 'The part that reads files cannot be started here: reinstall Regrasp.');
  }
}

/** Numbers are read for whoever asked, so they are handed over and not copied. */
function buffersOf(outcome: Outcome): ArrayBuffer[] {
  const { data } = (outcome.ok && outcome.value ? outcome.value : {}) as { data?: unknown };
  return data instanceof Float64Array ? [data.buffer as ArrayBuffer] : [];
}
