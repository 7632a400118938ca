import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import mainConfig from '../../vite.main.config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folder of the HDF5 filter plugins as they are installed. */
export const pluginDir = path.join(root, 'node_modules', 'h5wasm-plugins', 'plugins');

/** Folder of the embedded encoder's core as it is installed. */
export const coreDir = path.join(root, 'node_modules', '@ffmpeg', 'core', 'dist', 'umd');

let building: Promise<string> | undefined;

/**
 * Folder of the worker entries as the product builds them: those that `npm test` has just built, else built once a test
 * process. Node cannot run a worker thread from TypeScript.
 */
export async function builtWorkerDir(): Promise<string> {
  await keepCompiled();
  if (process.env.REGRASP_TEST_BUILT) return path.join(root, 'out', 'main');
  building ??= buildWorker();
  return building;
}

/**
 * Has this thread hold the library that decode and sample workers load: what is compiled of it once serves all threads of
 * the process for as long as one holds it.
 */
export async function keepCompiled(): Promise<void> {
  await (await import('h5wasm/node')).ready;
}

async function buildWorker(): Promise<string> {
  const entries = Object.entries(mainConfig.build?.rolldownOptions?.input as Record<string, string>);
  const workers = Object.fromEntries(
    entries.flatMap(([name, entry]) => (name.endsWith('-worker') ? [[name, path.join(root, entry)]] : [])),
  );
  const name = `regrasp-test-worker-${process.pid}-${process.env.VITEST_POOL_ID ?? 0}`;
  const outDir = path.join(realpathSync(os.tmpdir()), name);
  await build({
    ...mainConfig,
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ...mainConfig.build,
      outDir,
      emptyOutDir: true,
      sourcemap: false,
      rolldownOptions: {
        ...mainConfig.build?.rolldownOptions,
        input: workers,
      },
    },
  });
  return outDir;
}
