import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { SourceFault } from '../../sources/source.ts';
import type { ScanAnswers, ScanBirth, ScanOrder, ScanReply } from './scan-protocol.ts';

/** More gain nothing: a disk and the memory of each are what is left. */
const MOST_WORKERS = 4;
/** Orders are ranges of some hundred pictures: a worker that takes this long is stuck. */
const ORDER_LIMIT_MS = 600_000;
/** Memory that nobody uses is given back after this long. */
const IDLE_MS = 15_000;

/** A worker ended over a sample: which stream of its order, and which sample; −1 where that is not known. */
export class WorkerEnded extends Error {
  constructor(
    readonly streamAt: number,
    readonly sample: number,
    reason: string,
  ) {
    super(`The signals worker ended (${reason}).`);
    this.name = 'WorkerEnded';
  }
}

export interface ScanWorkersOptions {
  /** Folder of the built `signals-worker.js`. */
  workerDir: string;
  pluginDir: string;
  /** Default: as many as cores, at most four. */
  workers?: number;
}

/**
 * Threads that scan recordings. Begotten when they are first needed, ended a while after their last order; none holds up
 * the end of the process.
 */
export class ScanWorkers {
  readonly count: number;
  readonly #idle: Slot[] = [];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  #alive = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(private readonly options: ScanWorkersOptions) {
    this.count = options.workers ?? Math.max(1, Math.min(MOST_WORKERS, os.availableParallelism()));
  }

  /** Rejects with SourceFault, WorkerEnded, or the signal's reason; what a worker is at when it fires is let run out. */
  async ask<Op extends ScanOrder['op']>(order: ScanOrder & { op: Op }, signal?: AbortSignal): Promise<ScanAnswers[Op]> {
    signal?.throwIfAborted();
    const slot = await this.#take();
    try {
      signal?.throwIfAborted();
      return (await slot.ask(order)) as ScanAnswers[Op];
    } finally {
      this.#giveBack(slot);
    }
  }

  /** Workers that have nothing to do let go of what they read; the others did so when they began with something else. */
  async release(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((slot) => this.#releaseOf(slot)));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#idle.splice(0).map((slot) => this.#end(slot)));
  }

  async #releaseOf(slot: Slot): Promise<void> {
    await slot.ask({ op: 'release' }).catch(() => undefined);
    this.#giveBack(slot);
  }

  async #take(): Promise<Slot> {
    clearTimeout(this.#timer);
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#alive < this.count) {
      this.#alive += 1;
      return new Slot(this.options);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(slot: Slot): void {
    const next = this.#waiting.shift();
    if (slot.isDead) {
      this.#alive -= 1;
      if (next) {
        this.#alive += 1;
        next(new Slot(this.options));
      }
      return;
    }
    if (next) {
      next(slot);
      return;
    }
    if (this.#isClosed) {
      void this.#end(slot);
      return;
    }
    this.#idle.push(slot);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#endIdle(), IDLE_MS);
    this.#timer.unref();
  }

  async #endIdle(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((slot) => this.#end(slot)));
  }

  async #end(slot: Slot): Promise<void> {
    this.#alive -= 1;
    await slot.end();
  }
}

/** One worker thread, which does one order at a time. */
class Slot {
  isDead = false;
  readonly #worker: Worker;
  readonly #note = new Int32Array(new SharedArrayBuffer(8)).fill(-1);
  readonly #ready: Promise<void>;
  #settle: ((reply: ScanReply | Error) => void) | undefined;

  constructor({ workerDir, pluginDir }: ScanWorkersOptions) {
    const birth: ScanBirth = { pluginDir, note: this.#note.buffer as SharedArrayBuffer };
    this.#worker = new Worker(path.join(workerDir, 'signals-worker.js'), { workerData: birth });
    this.#worker.on('message', (reply: ScanReply) => this.#answer(reply));
    this.#worker.on('error', (error) => this.#die(error.message));
    this.#worker.on('exit', (code) => this.#die(`code ${code}`));
    this.#ready = this.#next().then(() => undefined);
    this.#ready.catch(() => undefined);
  }

  async ask(order: ScanOrder): Promise<unknown> {
    await this.#ready;
    // Nobody may wait for a worker that does not hold the process.
    this.#worker.ref();
    const timer = setTimeout(() => void this.#worker.terminate(), ORDER_LIMIT_MS);
    try {
      const answer = this.#next();
      this.#worker.postMessage(order);
      return await answer;
    } finally {
      clearTimeout(timer);
      if (!this.isDead) this.#worker.unref();
    }
  }

  async end(): Promise<void> {
    this.isDead = true;
    await this.#worker.terminate();
  }

  #next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#settle = (reply) => {
        this.#settle = undefined;
        if (reply instanceof Error) reject(reply);
        else if (reply.ok) resolve(reply.value);
        else if (reply.fatal) this.#die(reply.message, reject);
        else reject(faultOf(reply));
      };
      if (this.isDead) this.#settle(new WorkerEnded(-1, -1, 'before it began'));
    });
  }

  #answer(reply: ScanReply): void {
    this.#settle?.(reply);
  }

  #die(reason: string, reject?: (error: Error) => void): void {
    this.isDead = true;
    const [streamAt = -1, sample = -1] = this.#note;
    const error = new WorkerEnded(streamAt, sample, reason);
    if (reject) {
      reject(error);
      void this.#worker.terminate();
    } else this.#settle?.(error);
  }
}

function faultOf({ code, message }: { code: string; message: string }): Error {
  if (/^E[A-Z0-9]+$/.test(code)) return Object.assign(new Error(message), { code });
  return new SourceFault(code, message);
}
