import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { type Job, jobSchema } from '../../shared/api/jobs.ts';
import { writeAtomically } from '../settings/atomic-write.ts';
import type { JobKeeper } from './job-memory.ts';

/** One job as it is kept on disk, so that a crash forgets none. */
export interface StoredJob {
  job: Job;
  options: unknown;
  checkpoint: unknown;
  /** Process that ran it: its jobs are not ours while it lives. */
  pid: number;
}

/** A job as it is found on disk. */
interface FoundJob extends StoredJob {
  /** Whether it was written before the machine was started: its process's number may be another's by now. */
  isOfEarlierBoot: boolean;
}

const storedSchema = z.object({
  job: jobSchema,
  options: z.unknown(),
  checkpoint: z.unknown(),
  pid: z.int(),
});

const LOG_LIMIT_BYTES = 256_000;

/** `<folder>/<id>.json` and `<id>.log` of every job. */
export class JobFiles implements JobKeeper<StoredJob> {
  private readonly writing = new Map<string, Promise<void>>();
  private readonly logs = new Map<string, { handle: Promise<FileHandle>; written: Promise<void> }>();

  constructor(private readonly folder: string) {}

  /** Unreadable files are left where they are and passed over. */
  async load(): Promise<FoundJob[]> {
    const bootMs = Date.now() - os.uptime() * 1000;
    const names = await readdir(this.folder).catch(() => []);
    const stored = await Promise.all(
      names
        .filter((name) => /^[0-9a-z-]+\.json$/.test(name))
        .map(async (name) => {
          try {
            const file = path.join(this.folder, name);
            const stored = storedSchema.parse(JSON.parse(await readFile(file, 'utf8'))) as StoredJob;
            return { ...stored, isOfEarlierBoot: (await stat(file)).mtimeMs < bootMs };
          } catch {
            return undefined;
          }
        }),
    );
    return stored.filter((job) => job !== undefined);
  }

  /** Writes of one job take their turn; resolves when this state (or a later one) is on disk. */
  save(stored: StoredJob): Promise<void> {
    const content = `${JSON.stringify(stored, null, 2)}\n`;
    const { id } = stored.job;
    const before = this.writing.get(id) ?? Promise.resolve();
    const writing = before.catch(() => undefined).then(() => writeAtomically(this.jsonOf(id), content));
    this.writing.set(id, writing);
    return writing;
  }

  /** Lines stand in the order they were given in, with the time of the giving; resolves when this one is on disk. */
  log(id: string, line: string): Promise<void> {
    const log = this.logs.get(id) ?? { handle: this.openLog(id), written: Promise.resolve() };
    this.logs.set(id, log);
    const text = `${new Date().toISOString()} ${line}\n`;
    const before = log.written.catch(() => undefined);
    log.written = before.then(async () => (await log.handle).appendFile(text));
    return log.written;
  }

  /** The last part of a job's log, "" when it wrote none. */
  async readLog(id: string): Promise<string> {
    const handle = await open(this.logOf(id), 'r').catch(() => undefined);
    if (!handle) return '';
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - LOG_LIMIT_BYTES);
      const bytes = Buffer.alloc(size - from);
      await handle.read(bytes, 0, bytes.length, from);
      const text = bytes.toString('utf8');
      return from === 0 ? text : `… ${text.slice(text.indexOf('\n') + 1)}`;
    } finally {
      await handle.close();
    }
  }

  async closeLog(id: string): Promise<void> {
    const log = this.logs.get(id);
    this.logs.delete(id);
    await log?.written.catch(() => undefined);
    await log?.handle.then((handle) => handle.close()).catch(() => undefined);
  }

  async remove(id: string): Promise<void> {
    await this.closeLog(id);
    await this.writing.get(id)?.catch(() => undefined);
    this.writing.delete(id);
    await Promise.all([rm(this.jsonOf(id), { force: true }), rm(this.logOf(id), { force: true })]);
  }

  async settled(): Promise<void> {
    await Promise.allSettled([...this.writing.values()]);
    await Promise.all([...this.logs.keys()].map((id) => this.closeLog(id)));
  }

  private async openLog(id: string): Promise<FileHandle> {
    await mkdir(this.folder, { recursive: true });
    return open(this.logOf(id), 'a', 0o600);
  }

  private jsonOf(id: string): string {
    return path.join(this.folder, `${id}.json`);
  }

  private logOf(id: string): string {
    return path.join(this.folder, `${id}.log`);
  }
}
