import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { builtPaths } from '../../electron/paths.ts';
import { recordFormatSample } from '../../electron/sample/format-sample.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import { against, type FigureTable } from './report.ts';

const COUNT = 10_000;
/** Of the monitor's timer: what it tells is never less. */
const RESOLUTION_MS = 1;

/**
 * Lists of ten thousand recordings: as many files, and one dataset whose index names as many. Each is opened once, so that
 * all is looked into, and then again by a fresh workstation: that second time counts.
 */
export async function measureLibrary(mainDir: string): Promise<FigureTable> {
  const base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-library-')));
  try {
    const rows: string[][] = [];
    for (const [what, root] of [
      ['10,000 files', manyFiles(base)],
      ['one LeRobot dataset of 10,000 episodes', await manyInner(base, mainDir)],
    ] as const) {
      const userDataDir = path.join(base, `user-${rows.length}`);
      const cold = await listed(root, userDataDir, mainDir);
      const warm = await listed(root, userDataDir, mainDir);
      if (cold.entries < COUNT || warm.entries !== cold.entries)
        throw new Error(`${what}: ${warm.entries} were listed.`);
      rows.push([
        what,
        `${(cold.ms / 1000).toFixed(1)} s`,
        against(warm.ms, 1000, ' ms', 'atMost', 0),
        `${warm.pagesMs.toFixed(0)} ms`,
        `${warm.p99Ms.toFixed(1)} / ${warm.worstMs.toFixed(1)} ms`,
      ]);
    }
    return {
      title: 'Library of 10,000 recordings',
      note: 'From opening the folder to every entry known; then all portions of the list as a window asks for them. The delay of the event loop holds both, with the 1 ms of the timer that measures it.',
      columns: ['dataset', 'first opening', 'from a warm index', 'all portions', 'event-loop delay, p99 / worst'],
      rows,
    };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

async function listed(root: string, userDataDir: string, mainDir: string) {
  const { workerDir, pluginDir } = builtPaths(mainDir);
  const workstation = await openWorkstation({ door: 'browser', version: 'bench', userDataDir, workerDir, pluginDir });
  const grant = await workstation.grant(root);
  // A window is open and hears of everything.
  const stream = new AbortController();
  const heard = await workstation.fetch(
    new Request('http://localhost/api/rpc/events', { method: 'POST', signal: stream.signal }),
  );
  void drain(heard);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const began = performance.now();
  const { id } = await workstation.openRoot(grant);
  const { entries } = await workstation.settled(id);
  const ms = performance.now() - began;
  const asked = performance.now();
  for (let from: number | null = 0; from !== null; ) {
    const body = JSON.stringify({ json: { root: id, from } });
    const headers = { 'content-type': 'application/json' };
    const answer = await workstation.fetch(
      new Request('http://localhost/api/rpc/library/get', { method: 'POST', body, headers }),
    );
    from = ((await answer.json()) as { json: { next: number | null } }).json.next;
  }
  const pagesMs = performance.now() - asked;
  delay.disable();
  stream.abort();
  await workstation.close();
  return { ms, pagesMs, entries: entries.length, p99Ms: delay.percentile(99) / 1e6, worstMs: delay.max / 1e6 };
}

async function drain(response: Response): Promise<void> {
  const reader = response.body?.getReader();
  while (reader && !(await reader.read().catch(() => ({ done: true }))).done);
}

/** Empty recordings: each is opened, found broken, and listed with its sentence. */
function manyFiles(base: string): string {
  const root = path.join(base, 'files');
  for (let day = 0; day < 20; day++) {
    const folder = path.join(root, 'data', 'task', `2026-01-${String(day + 1).padStart(2, '0')}`);
    mkdirSync(folder, { recursive: true });
    for (let i = 0; i < COUNT / 20; i++)
      writeFileSync(path.join(folder, `episode_${String(i).padStart(3, '0')}.h5`), '');
  }
  return root;
}

/** A sample whose index is written on. */
async function manyInner(base: string, mainDir: string): Promise<string> {
  const { workerDir, pluginDir } = builtPaths(mainDir);
  const sample = path.join(base, 'sample');
  await recordFormatSample({ format: 'lerobot', directory: sample, seconds: 2, workerDir, pluginDir });
  const root = path.join(base, 'lerobot');
  cpSync(path.join(sample, 'v2.1'), root, { recursive: true });
  const info = JSON.parse(readFileSync(path.join(root, 'meta/info.json'), 'utf8'));
  writeFileSync(
    path.join(root, 'meta/info.json'),
    JSON.stringify({ ...info, total_episodes: COUNT, total_chunks: 10 }),
  );
  const tasks = ['Place the red block on the blue pad.'];
  const lines = Array.from({ length: COUNT }, (_, i) =>
    JSON.stringify({ episode_index: i, tasks, length: 20 + (i % 7), success: i % 3 > 0 }),
  );
  writeFileSync(path.join(root, 'meta/episodes.jsonl'), `${lines.join('\n')}\n`);
  return root;
}
