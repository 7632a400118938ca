import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { SourceFault } from '../sources/source.ts';
import type { WorkerBirth, WorkerOrder, WorkerReply, WorkerRequest } from './decode-protocol.ts';

/** Work for a decode worker, on the workstation's side. */
export interface DecodeJob {
  order: WorkerOrder;
  /** Higher goes first; asked each time a worker is free, so a job may gain weight while it waits. */
  priority: () => number;
  isWanted: () => boolean;
  resolve: (value: never) => void;
  reject: (error: Error) => void;
  /** Workers it has ended so far. */
  casualties: number;
  /** Was in flight with others when a worker ended without a word: goes by itself, so that the culprit shows. */
  isSuspect?: boolean;
}

/** A job was dropped because nobody waits for it any more. */
export class Superseded extends Error {
  constructor() {
    super('Nobody waits for this sample any more.');
    this.name = 'Superseded';
  }
}

/** No sane sample takes this long; a worker that does is stuck. */
const DEFAULT_JOB_LIMIT_MS = 30_000;
/** A worker that ends this often before it can decode will never be able to. */
const MAX_STILLBIRTHS = 3;
/**
 * A worker has its next sample at hand when one is done: else it would stand still while word of it goes to the
 * workstation's thread and back. Of cheap samples it has several, which go and come in one message: a message costs about
 * as much as such a sample. What is at hand can no longer be given up, so it is limited by the time it will take, as the
 * samples before took; of reading ahead by less, so that a newer wish never finds much before it.
 */
const AT_HAND = { fewest: 2, most: 8, ms: 4 };
const AT_HAND_AHEAD = { fewest: 1, most: 4, ms: 2 };
/** Weight of the newest in the running mean of how long a job takes. */
const NEWEST_SHARE = 0.3;

export interface SlotOptions {
  workerDir: string;
  birth: WorkerBirth;
  /** Default 30 s. */
  jobLimitMs?: number;
  /** A buffer to write the job's answer into, given away with it. */
  spareFor?: (order: WorkerOrder) => ArrayBuffer | undefined;
  /** Called when a job ended its worker for the second time. */
  onCulprit: (order: WorkerOrder) => SourceFault;
}

/**
 * One decode worker and the queue in front of it. A few jobs are in flight, done in their order; of the waiting ones
 * the most important goes next, and of equals the newest. A worker that ends or gets stuck is replaced, and the job it was
 * at tried once more.
 */
export class DecodeWorkerSlot {
  #worker: Worker | undefined;
  #isBegun = false;
  #loaded = false;
  /** In the order the worker does them: the first is being done. */
  #inFlight: { number: number; job: DecodeJob }[] = [];
  #waiting: DecodeJob[] = [];
  #job = 0;
  #stillbirths = 0;
  #meanMs = Number.POSITIVE_INFINITY;
  #isSending = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #whenLoaded: { resolve: () => void; reject: (error: Error) => void }[] = [];

  /** Its worker starts with the first job, or earlier by `ready`: loading the library takes a third of a second of a processor. */
  constructor(private readonly options: SlotOptions) {}

  /** Whether a worker was ever started: one that was not holds nothing. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  get load(): number {
    return this.#waiting.length + this.#inFlight.length;
  }

  /** Resolves once a worker of this slot can decode. */
  ready(): Promise<void> {
    if (this.#loaded) return Promise.resolve();
    if (this.#closed || this.#isBroken) return Promise.reject(this.#refusal());
    this.#begin();
    return new Promise((resolve, reject) => this.#whenLoaded.push({ resolve, reject }));
  }

  add(job: DecodeJob): void {
    if (this.#closed || this.#isBroken) {
      job.reject(this.#refusal());
      return;
    }
    this.#begin();
    this.#waiting.push(job);
    this.#sendSoon();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#abandonWaiting(this.#refusal());
    for (const { job } of this.#inFlight.splice(0)) job.reject(this.#refusal());
    clearTimeout(this.#timer);
    await this.#worker?.terminate();
  }

  get #isBroken(): boolean {
    return this.#stillbirths >= MAX_STILLBIRTHS;
  }

  #refusal(): SourceFault {
    return this.#closed
      ? new SourceFault('closed', 'The decoder was closed.')
      : new SourceFault(
          'no-decoder',
          'The image decoder cannot be started here: reinstall Regrasp, or see its doctor command.',
        );
  }

  #abandonWaiting(error: Error): void {
    for (const job of this.#waiting.splice(0)) job.reject(error);
    for (const waiter of this.#whenLoaded.splice(0)) waiter.reject(error);
  }

  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#beget();
  }

  #beget(): void {
    const entry = path.join(this.options.workerDir, 'decode-worker.js');
    const worker = new Worker(entry, { workerData: this.options.birth, stdout: true, stderr: true });
    this.#worker = worker;
    this.#loaded = false;
    // The library prints what it also throws.
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (replies: WorkerReply[]) => {
      for (const reply of replies) if (worker === this.#worker) this.#answered(reply);
    });
    worker.on('error', () => this.#ended(worker));
    worker.on('exit', () => this.#ended(worker));
  }

  #answered(reply: WorkerReply): void {
    if (reply.job === -1) {
      this.#loaded = true;
      this.#stillbirths = 0;
      for (const waiter of this.#whenLoaded.splice(0)) waiter.resolve();
      this.#sendSoon();
      return;
    }
    const at = this.#inFlight.findIndex(({ number }) => number === reply.job);
    const job = this.#inFlight[at]?.job;
    if (!job) return;
    if (!reply.ok && reply.fatal) {
      this.#replace(at);
      return;
    }
    this.#inFlight.splice(at, 1);
    this.#learn(reply.ms);
    this.#watch();
    this.#sendSoon();
    if (reply.ok) job.resolve(reply.value as never);
    else job.reject(new SourceFault(reply.code, reply.message));
  }

  #ended(worker: Worker): void {
    if (worker === this.#worker) this.#replace();
  }

  /** `culprit`: place in flight of the job that ended the worker, where it is known. */
  #replace(culprit?: number): void {
    clearTimeout(this.#timer);
    const ended = this.#worker;
    this.#worker = undefined;
    void ended?.terminate();
    if (this.#closed) return;
    if (!this.#loaded) this.#stillbirths++;
    this.#retryOrGiveUp(culprit);
    if (this.#isBroken) this.#abandonWaiting(this.#refusal());
    else this.#beget();
  }

  #retryOrGiveUp(known: number | undefined): void {
    const jobs = this.#inFlight.splice(0).map(({ job }) => job);
    // Several may have been done whose answers never came: which one it was shows when each goes by itself.
    const culprit = known ?? (jobs.length === 1 ? 0 : -1);
    for (const [at, job] of jobs.entries()) {
      if (culprit < 0) job.isSuspect = true;
      if (at === culprit) job.casualties++;
      if (job.casualties < 2) this.#waiting.push(job);
      else job.reject(this.options.onCulprit(job.order));
    }
  }

  #learn(ms: number | undefined): void {
    if (ms === undefined) return;
    this.#meanMs = Number.isFinite(this.#meanMs) ? this.#meanMs + (ms - this.#meanMs) * NEWEST_SHARE : ms;
  }

  /** Sends once all that is wished for at this moment is known: together, and the most important first. */
  #sendSoon(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    queueMicrotask(() => {
      this.#isSending = false;
      this.#send();
    });
  }

  #send(): void {
    if (!this.#worker || !this.#loaded || this.#closed) return;
    const requests: WorkerRequest[] = [];
    const spares: ArrayBuffer[] = [];
    for (let job = this.#take(); job; job = this.#take()) {
      this.#job++;
      this.#inFlight.push({ number: this.#job, job });
      const into = this.options.spareFor?.(job.order);
      if (into) spares.push(into);
      requests.push(
        into ? ({ job: this.#job, ...job.order, into } as WorkerRequest) : { job: this.#job, ...job.order },
      );
    }
    if (requests.length === 0) return;
    if (requests.length === this.#inFlight.length) this.#watch();
    this.#worker.postMessage(requests, spares);
  }

  /** Gives the job that is done now its time. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#inFlight.length === 0) return;
    this.#timer = setTimeout(() => this.#replace(), this.options.jobLimitMs ?? DEFAULT_JOB_LIMIT_MS);
  }

  /** The most important job, where it may be sent now. */
  #take(): DecodeJob | undefined {
    this.#waiting = this.#waiting.filter((job) => {
      if (job.isWanted()) return true;
      job.reject(new Superseded());
      return false;
    });
    let best = -1;
    let bestPriority = Number.NEGATIVE_INFINITY;
    this.#waiting.forEach((job, at) => {
      const priority = job.priority();
      if (priority < bestPriority) return;
      best = at;
      bestPriority = priority;
    });
    const job = this.#waiting[best];
    if (!job || !this.#hasRoomFor(job, bestPriority)) return undefined;
    this.#waiting.splice(best, 1);
    return job;
  }

  #hasRoomFor(job: DecodeJob, priority: number): boolean {
    const atHand = this.#inFlight.length;
    if (atHand === 0) return true;
    if (job.isSuspect || this.#inFlight.some((other) => other.job.isSuspect)) return false;
    const { fewest, most, ms } = priority < 0 ? AT_HAND_AHEAD : AT_HAND;
    return atHand < Math.max(fewest, Math.min(most, Math.floor(ms / this.#meanMs)));
  }
}
