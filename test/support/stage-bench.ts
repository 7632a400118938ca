import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { StageEnd } from '../../electron/curation/stage.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import { builtWorkerDir, pluginDir } from './built-worker.ts';

export interface StageRun {
  /** Path of the only recording, below the root. */
  only?: string;
  options?: Record<string, unknown>;
  out?: string;
  signal?: AbortSignal;
  onProgress?: (message: string) => void;
}

/** A dataset opened by a workstation of its own, on which stages run as the terminal runs them. */
export interface StageBench {
  run(
    stage: string,
    run?: StageRun,
  ): Promise<{ end: StageEnd; failures: { item: string; message: string }[]; lines: string[] }>;
  /** Path of the folder where Regrasp keeps its own of the dataset. */
  root: { id: string; path: string };
  workstation: Awaited<ReturnType<typeof openWorkstation>>;
  close(): Promise<void>;
}

export async function openStageBench(folder: string, { ffmpeg }: { ffmpeg?: string } = {}): Promise<StageBench> {
  const userDataDir = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-stage-user-')));
  const before = process.env.REGRASP_FFMPEG;
  if (ffmpeg !== undefined) process.env.REGRASP_FFMPEG = ffmpeg;
  const workstation = await openWorkstation({
    ...{ door: 'none', version: 'test', userDataDir },
    ...{ workerDir: await builtWorkerDir(), pluginDir },
  });
  // Looked for once, when it is first needed.
  await workstation.media.engine();
  if (ffmpeg !== undefined) {
    if (before === undefined) delete process.env.REGRASP_FFMPEG;
    else process.env.REGRASP_FFMPEG = before;
  }
  const root = await workstation.openRoot(await workstation.grant(folder));
  return {
    root,
    workstation,
    async run(stage, { only, options = {}, out, signal = new AbortController().signal, onProgress } = {}) {
      const failures: { item: string; message: string }[] = [];
      const lines: string[] = [];
      const end = await workstation.runStage(
        stage,
        { root: root.id, only: only === undefined ? null : `${root.id}/${only}`, options, out: out ?? null },
        {
          signal,
          progress: ({ message }) => {
            if (message !== undefined) onProgress?.(message);
          },
          fail: (item, message) => failures.push({ item, message }),
          log: (line) => lines.push(line),
        },
      );
      return { end, failures, lines };
    },
    async close() {
      await workstation.close();
      rmSync(userDataDir, { recursive: true, force: true });
    },
  };
}
