import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { builtPaths } from '../../electron/paths.ts';
import { runSampleWork } from '../../electron/sample/run-worker.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { Workstation } from '../../electron/workstation-types.ts';

/** What one run of a stage took, of this whole process with all its threads. */
export interface StageFigures {
  seconds: number;
  /** User and system time. */
  cpuSeconds: number;
  /** Resident memory, at most. */
  bytes: number;
  /** Longest that the workstation's own thread answered nobody, and what 99 of 100 waits stayed below; the timer's own 1 ms is in them. */
  delayP99Ms: number;
  delayMaxMs: number;
  result: Record<string, unknown>;
}

const LOOK_MS = 20;

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
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const timer = setInterval(look, LOOK_MS);
    try {
      delay.enable();
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      const end = await this.workstation.runStage(stage, request, sinks);
      const seconds = (performance.now() - start) / 1000;
      delay.disable();
      look();
      if (failures.length > 0) throw new Error(failures.join('\n'));
      const { user, system } = process.cpuUsage(cpu);
      return {
        ...{ seconds, cpuSeconds: (user + system) / 1e6, bytes },
        ...{ delayP99Ms: delay.percentile(99) / 1e6, delayMaxMs: delay.max / 1e6 },
        result: end.result ?? {},
      };
    } finally {
      delay.disable();
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

/** Length of the recording that stages are measured on: one pass of the sample's story with every fault in it. */
const SECONDS = 20;
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
  const root = path.join(folder, 'faults');
  rmSync(path.join(root, '.regrasp'), { recursive: true, force: true });
  const missing = filters.filter((filter) => !existsSync(path.join(root, faultyRecording(filter))));
  if (missing.length === 0) return root;
  mkdirSync(path.join(root, 'data', TASK, DATE), { recursive: true });
  const files = missing.map((filter) => ({ path: path.join(root, faultyRecording(filter)), filter }));
  const plan = {
    ...{ name: 'episode_000', story: 'transfer' as const, seed: 7, seconds: SECONDS, faults: true },
    ...{ startUnixSeconds: 1782980045.318, createdAt: '2026-07-02T10:14:05' },
  };
  await runSampleWork({ kind: 'episode', files, task: TASK, plan, leaveOutDepth: true }, builtPaths(mainDir));
  return root;
}
