import { randomBytes } from 'node:crypto';
import type { Job } from '../../shared/api/jobs.ts';
import { Fault, sentenceOf } from '../fault.ts';
import { CLOSING } from './closing.ts';
import { JobFiles, type StoredJob } from './job-files.ts';
import type { JobContext, JobEnd, JobKind } from './job-kind.ts';
import { type JobKeeper, JobMemory } from './job-memory.ts';
import { ProgressRate } from './progress-rate.ts';

export interface JobQueueOptions {
  /** Folder for one JSON and one log a job. */
  folder: string;
  onJob(job: Job): void;
  /** A job is off the list. */
  onGone(id: string): void;
  onNotice(sentence: string): void;
}

interface Entry extends StoredJob {
  abort: AbortController;
  rate: ProgressRate;
  running?: Promise<void>;
  toldAt: number;
  tellTimer?: NodeJS.Timeout;
}

const TELL_MS = 100;
const FAILURE_LIMIT = 1000;
const KEEP_ENDED = 50;
const ENDED: ReadonlySet<Job['state']> = new Set(['done', 'failed', 'cancelled', 'interrupted']);

/**
 * Long work: one heavy job at a time, quick ones beside it, everything but passing jobs on disk, nothing lost by a crash.
 */
export class JobQueue {
  private readonly kinds = new Map<string, JobKind>();
  private readonly entries = new Map<string, Entry>();
  private readonly files: JobFiles;
  private readonly memory = new JobMemory();
  private closing = false;

  constructor(private readonly options: JobQueueOptions) {
    this.files = new JobFiles(options.folder);
  }

  registerJobKind<Options>(kind: JobKind<Options>): void {
    this.kinds.set(kind.kind, kind as JobKind);
  }

  /** Reads what earlier runs left; call once, after the kinds are registered. */
  async load(): Promise<void> {
    for (const { isOfEarlierBoot, ...stored } of await this.files.load()) {
      const { job } = stored;
      const unfinished = !ENDED.has(job.state);
      if (unfinished && !isOfEarlierBoot && stored.pid !== process.pid && isAlive(stored.pid)) continue;
      const entry: Entry = { ...stored, abort: new AbortController(), rate: new ProgressRate(), toldAt: 0 };
      this.entries.set(job.id, entry);
      if (unfinished) {
        this.end(entry, 'interrupted', 'Regrasp was closed while this ran.');
      } else {
        job.resumable = this.isResumable(job);
      }
    }
    await this.forgetOldest();
  }

  /** Oldest first. */
  list(): Job[] {
    return [...this.entries.values()].map(({ job }) => ({ ...job })).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Rejects with Fault for an unknown kind or options it cannot use. Answered when the job is on disk. */
  async start(kind: string, options: unknown): Promise<Job> {
    const known = this.kindOf(kind);
    const checked = known.options.safeParse(options);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      throw new Fault('REFUSED', `The job was not started: ${issue?.path.join('.') || 'options'}: ${issue?.message}.`);
    }
    const twin = this.twinOf(known, checked.data);
    if (twin) return { ...twin.job };
    const brokenOff = known.goesOn && this.sameAs(known, checked.data).find(({ job }) => job.resumable);
    if (brokenOff) return this.resume(brokenOff.job.id);
    if (known.passing) await this.forget(kind, checked.data);
    const job: Job = {
      id: `${Date.now().toString(36).padStart(9, '0')}-${randomBytes(4).toString('hex')}`,
      kind,
      title: known.title(checked.data),
      state: 'queued',
      done: 0,
      total: null,
      unit: known.unit,
      rate: null,
      leftMs: null,
      message: 'Waiting for its turn',
      startedAt: null,
      endedAt: null,
      resumable: false,
      failures: [],
      result: null,
    };
    const entry: Entry = {
      job,
      options: checked.data,
      checkpoint: null,
      pid: process.pid,
      abort: new AbortController(),
      rate: new ProgressRate(),
      toldAt: 0,
    };
    return this.enqueue(entry);
  }

  /** Takes jobs of a passing kind off the list, running or not: what they show is over, or gone. */
  async forget(kind: string, options: unknown): Promise<void> {
    for (const entry of this.sameAs(this.kindOf(kind), options)) {
      await this.cancel(entry.job.id);
      if (this.entries.has(entry.job.id)) await this.dismiss(entry.job.id);
    }
  }

  private twinOf(kind: JobKind, options: unknown): Entry | undefined {
    return this.sameAs(kind, options).find(({ job }) => !ENDED.has(job.state));
  }

  private sameAs(kind: JobKind, options: unknown): Entry[] {
    const same = kind.sameAs?.(options);
    if (same === undefined) return [];
    return [...this.entries.values()].filter(
      (entry) => entry.job.kind === kind.kind && kind.sameAs?.(entry.options) === same,
    );
  }

  /** A job that was broken off, again from where it can go on. */
  async resume(id: string): Promise<Job> {
    const entry = this.entryOf(id);
    if (!entry.job.resumable) throw new Fault('REFUSED', `"${entry.job.title}" cannot be resumed: start it anew.`);
    entry.abort = new AbortController();
    entry.rate = new ProgressRate();
    entry.pid = process.pid;
    Object.assign(entry.job, {
      state: 'queued',
      message: 'Waiting for its turn',
      endedAt: null,
      resumable: false,
      rate: null,
      leftMs: null,
      failures: [],
      result: null,
    } satisfies Partial<Job>);
    return this.enqueue(entry);
  }

  /** Resolves when the job has stopped. */
  async cancel(id: string): Promise<void> {
    const entry = this.entryOf(id);
    if (entry.job.state === 'queued') this.end(entry, 'cancelled', 'Cancelled before it began.');
    if (entry.job.state !== 'running') return;
    entry.abort.abort();
    await entry.running;
  }

  /** Takes an ended job and its log off the list. */
  async dismiss(id: string): Promise<void> {
    const entry = this.entryOf(id);
    if (!ENDED.has(entry.job.state))
      throw new Fault('REFUSED', `"${entry.job.title}" is still running: cancel it first.`);
    this.entries.delete(id);
    clearTimeout(entry.tellTimer);
    this.options.onGone(id);
    await this.keeperOf(entry.job.kind).remove(id);
  }

  async log(id: string): Promise<string> {
    const { job } = this.entryOf(id);
    return this.keeperOf(job.kind).readLog(id);
  }

  /** Stops what runs; it is "interrupted" and can be resumed where its kind can. */
  async close(): Promise<void> {
    this.closing = true;
    const entries = [...this.entries.values()];
    for (const entry of entries) {
      if (entry.job.state === 'queued') this.end(entry, 'interrupted', 'Regrasp was closed before this began.');
      entry.abort.abort(CLOSING);
    }
    await Promise.all(entries.map((entry) => entry.running));
    for (const entry of entries) clearTimeout(entry.tellTimer);
    await this.files.settled();
  }

  private async enqueue(entry: Entry): Promise<Job> {
    if (this.closing) throw new Fault('REFUSED', 'Regrasp is closing.');
    try {
      await this.keeperOf(entry.job.kind).save(this.stored(entry));
    } catch (error) {
      throw new Fault('UNUSABLE', `The job was not started. ${sentenceOf(error, this.options.folder)}`);
    }
    this.entries.set(entry.job.id, entry);
    this.tell(entry, true);
    this.next();
    return { ...entry.job };
  }

  private next(): void {
    if (this.closing) return;
    const waiting = [...this.entries.values()].filter(({ job }) => job.state === 'queued');
    for (const entry of waiting) {
      const kind = this.kindOf(entry.job.kind);
      const heavyRuns = [...this.entries.values()].some(
        ({ job }) => job.state === 'running' && this.kindOf(job.kind).heavy,
      );
      if (kind.heavy && heavyRuns) continue;
      entry.running = this.run(entry, kind);
    }
  }

  private async run(entry: Entry, kind: JobKind): Promise<void> {
    const { job } = entry;
    Object.assign(job, { state: 'running', startedAt: new Date().toISOString(), message: '' } satisfies Partial<Job>);
    this.write(entry, `Started: ${job.title}`);
    this.changed(entry);
    try {
      const end = await kind.run(this.contextOf(entry));
      if (entry.abort.signal.aborted) this.endAborted(entry);
      else this.endWell(entry, end);
    } catch (error) {
      if (entry.abort.signal.aborted) this.endAborted(entry);
      else this.end(entry, 'failed', sentenceOf(error));
    }
    await this.keeperOf(job.kind).closeLog(job.id);
    this.next();
  }

  private contextOf(entry: Entry): JobContext<unknown> {
    const { job } = entry;
    return {
      options: entry.options,
      signal: entry.abort.signal,
      checkpoint: entry.checkpoint,
      progress: ({ done, total, message }) => {
        if (job.state !== 'running') return;
        if (total !== undefined) job.total = total;
        if (message !== undefined && message !== job.message) this.write(entry, message);
        if (message !== undefined) job.message = message;
        if (done !== undefined) {
          job.done = done;
          entry.rate.add(Date.now(), done);
          job.rate = entry.rate.perSecond();
        }
        job.leftMs = entry.rate.leftMs(job.done, job.total);
        this.tell(entry, false);
      },
      fail: (item, message) => {
        this.write(entry, `Failed: ${item}: ${message}`);
        if (job.failures.length < FAILURE_LIMIT) job.failures = [...job.failures, { item, message }];
        this.save(entry);
        this.tell(entry, false);
      },
      log: (line) => this.write(entry, line),
      keep: (checkpoint) => {
        entry.checkpoint = checkpoint;
        this.save(entry);
      },
    };
  }

  private endWell(entry: Entry, { message, result }: JobEnd): void {
    entry.job.result = result ?? null;
    if (entry.job.total !== null) entry.job.done = entry.job.total;
    this.end(entry, 'done', message);
  }

  private endAborted(entry: Entry): void {
    if (this.closing) this.end(entry, 'interrupted', 'Regrasp was closed while this ran.');
    else this.end(entry, 'cancelled', this.kindOf(entry.job.kind).cancelled ?? 'Cancelled.');
  }

  private end(entry: Entry, state: Job['state'], message: string): void {
    const { job } = entry;
    Object.assign(job, { state, message, endedAt: new Date().toISOString(), leftMs: null } satisfies Partial<Job>);
    job.resumable = this.isResumable(job);
    this.write(entry, `${state}: ${message}`);
    this.changed(entry);
  }

  private isResumable(job: Job): boolean {
    return job.state !== 'done' && ENDED.has(job.state) && this.kinds.get(job.kind)?.resumable === true;
  }

  private changed(entry: Entry): void {
    this.save(entry);
    this.tell(entry, true);
  }

  private save(entry: Entry): void {
    const keeper = this.keeperOf(entry.job.kind);
    keeper.save(this.stored(entry)).catch((error: unknown) => {
      this.options.onNotice(
        `The state of "${entry.job.title}" was not saved. ${sentenceOf(error, this.options.folder)}`,
      );
    });
  }

  private write(entry: Entry, line: string): void {
    const keeper = this.keeperOf(entry.job.kind);
    keeper.log(entry.job.id, line).catch(() => undefined);
  }

  /** Progress is told at most ten times a second, everything else at once. */
  private tell(entry: Entry, atOnce: boolean): void {
    const restMs = entry.toldAt + TELL_MS - Date.now();
    if (!atOnce && restMs > 0) {
      entry.tellTimer ??= setTimeout(() => this.tell(entry, true), restMs);
      return;
    }
    clearTimeout(entry.tellTimer);
    entry.tellTimer = undefined;
    entry.toldAt = Date.now();
    this.options.onJob({ ...entry.job });
  }

  private stored({ job, options, checkpoint, pid }: Entry): StoredJob {
    return { job, options, checkpoint, pid };
  }

  /** Kinds that this version does not know were read from disk. */
  private keeperOf(kind: string): JobKeeper<StoredJob> {
    return this.kinds.get(kind)?.passing ? this.memory : this.files;
  }

  private kindOf(kind: string): JobKind {
    const known = this.kinds.get(kind);
    if (!known) throw new Fault('REFUSED', `Regrasp knows no job of the kind "${kind}".`);
    return known;
  }

  private entryOf(id: string): Entry {
    const entry = this.entries.get(id);
    if (!entry) throw new Fault('NOT_FOUND', 'That job is not on the list any more.');
    return entry;
  }

  private async forgetOldest(): Promise<void> {
    const ended = this.list().filter((job) => ENDED.has(job.state));
    for (const job of ended.slice(0, Math.max(0, ended.length - KEEP_ENDED))) await this.dismiss(job.id);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
