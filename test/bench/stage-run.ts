import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtPaths } from '../../electron/paths.ts';
import { runSampleWork } from '../../electron/sample/run-worker.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { Workstation } from '../../electron/workstation-types.ts';
import { percentile } from './statistics.ts';

/** What one run of a stage took, of this whole process with all its threads. */
export interface StageFigures {
  seconds: number;
  /** User and system time. */
  cpuSeconds: number;
  /** Resident memory, at most. */
  bytes: number;
  delay: LoopDelay;
  result: Record<string, unknown>;
}

const LOOK_MS = 20;

export interface LoopDelay {
  p99Ms: number;
  maxMs: number;
  /** The same less the time in which the thread could have run and others had the cores; null where the system does not tell. */
  ownP99Ms: number | null;
  ownMaxMs: number | null;
}

/** How late a timer of a millisecond comes: as long as this thread answers nobody else. */
class LoopWatch {
  readonly #late: number[] = [];
  readonly #own: number[] = [];
  readonly #timer: NodeJS.Timeout;
  #at = performance.now();
  #waitedMs = waitedMs();

  constructor() {
    this.#timer = setInterval(() => {
      const [now, waited] = [performance.now(), waitedMs()];
      const late = Math.max(0, now - this.#at - 1);
      this.#late.push(late);
      if (waited !== null && this.#waitedMs !== null) this.#own.push(Math.max(0, late - (waited - this.#waitedMs)));
      [this.#at, this.#waitedMs] = [performance.now(), waited];
    }, 1);
  }

  stop(): LoopDelay {
    clearInterval(this.#timer);
    const own = this.#own.length > 0 ? this.#own : null;
    return {
      ...{ p99Ms: percentile(this.#late, 99), maxMs: percentile(this.#late, 100) },
      ...{ ownP99Ms: own && percentile(own, 99), ownMaxMs: own && percentile(own, 100) },
    };
  }
}

/** How long this thread has stood in the queue for a core since it began; null where the system does not tell (not Linux). */
function waitedMs(): number | null {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return null;
  }
}

/** A dataset opened by a workstation in this process, whose stages are measured. */
export class StageRuns {
  private constructor(
    readonly workstation: Workstation,
    readonly folder: string,
    private readonly id: string,
    /** Folder for what is made; gone when this is closed. */
    readonly work: string,
  ) {}

  static async open(folder: string, mainDir: string, environment: Record<string, string> = {}): Promise<StageRuns> {
    const before = { ...process.env };
    Object.assign(process.env, environment);
    const work = mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-stage-'));
    const options = { door: 'none' as const, version: 'bench', userDataDir: path.join(work, 'user') };
    try {
      const workstation = await openWorkstation({ ...options, ...builtPaths(mainDir) });
      await workstation.media.engine();
      const { id } = await workstation.openRoot(await workstation.grant(folder));
      await workstation.settled(id);
      return new StageRuns(workstation, folder, id, work);
    } finally {
      process.env = before;
    }
  }

  /** Runs a stage on one recording, its outputs below `out`; whatever fails in it is thrown. */
  async run(stage: string, recording: string, options: Record<string, unknown> = {}): Promise<StageFigures> {
    let bytes = 0;
    const look = () => {
      bytes = Math.max(bytes, process.memoryUsage.rss());
    };
    const failures: string[] = [];
    const request = { root: this.id, only: `${this.id}/${recording}`, out: this.out, options };
    const sinks = {
      signal: new AbortController().signal,
      progress: () => {},
      fail: (item: string, message: string) => failures.push(`${item}: ${message}`),
      log: () => {},
    };
    const timer = setInterval(look, LOOK_MS);
    const loop = new LoopWatch();
    try {
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      const end = await this.workstation.runStage(stage, request, sinks);
      const seconds = (performance.now() - start) / 1000;
      const delay = loop.stop();
      look();
      if (failures.length > 0) throw new Error(failures.join('\n'));
      const { user, system } = process.cpuUsage(cpu);
      return {
        ...{ seconds, cpuSeconds: (user + system) / 1e6, bytes, delay },
        result: end.result ?? {},
      };
    } finally {
      loop.stop();
      clearInterval(timer);
    }
  }

  episode(recording: string): ReturnType<Workstation['openEpisode']> {
    return this.workstation.openEpisode(`${this.id}/${recording}`);
  }

  get out(): string {
    return path.join(this.work, 'out');
  }

  at(recording: string): string {
    return path.join(this.folder, recording);
  }

  /** What stages remember and made is dropped: the next run begins from nothing. */
  forget(): void {
    rmSync(path.join(this.folder, '.regrasp', 'curation'), { recursive: true, force: true });
    rmSync(this.out, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.workstation.close();
    rmSync(this.work, { recursive: true, force: true });
  }
}

/** The first Python that has what a script imports, or undefined. */
export function pythonWith(imports: string): string | undefined {
  return ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', imports]).status === 0);
}

/** Runs a script that prints JSON. */
export function pythonOf<T>(python: string, script: string, ...args: string[]): T {
  const run = spawnSync(python, ['-', ...args], { input: script, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as T;
}

export type CurationFilter = 'gzip' | 'blosc-bitshuffle';

/** Length of the recording that stages are measured on: the sample's story with its faults. */
const SECONDS = 10;
const TASK = 'faults';
const DATE = '2026-07-02';

/** Path of the recording below the root. */
export function faultyRecording(filter: CurationFilter): string {
  return `data/${TASK}/${DATE}/${filter}.h5`;
}

/** The sample's faulty episode in every filter, without depth, kept below `folder`: drawn once. Answers the root. */
export async function recordFaulty(
  folder: string,
  filters: readonly CurationFilter[],
  mainDir: string,
): Promise<string> {
  const root = path.join(folder, `faults-${SECONDS}s`);
  rmSync(path.join(root, '.regrasp'), { recursive: true, force: true });
  const missing = filters.filter((filter) => !existsSync(path.join(root, faultyRecording(filter))));
  if (missing.length === 0) return root;
  mkdirSync(path.join(root, 'data', TASK, DATE), { recursive: true });
  // Under their names only once they are whole: an interrupted run leaves nothing that the next one would measure.
  const growing = (filter: CurationFilter) => path.join(folder, `${filter}.growing`);
  const files = missing.map((filter) => ({ path: growing(filter), filter }));
  const plan = {
    ...{ name: 'episode_000', story: 'transfer' as const, seed: 7, seconds: SECONDS, faults: true },
    ...{ startUnixSeconds: 1782980045.318, createdAt: '2026-07-02T10:14:05' },
  };
  await runSampleWork({ kind: 'episode', files, task: TASK, plan, leaveOutDepth: true }, builtPaths(mainDir));
  for (const filter of missing) renameSync(growing(filter), path.join(root, faultyRecording(filter)));
  return root;
}
