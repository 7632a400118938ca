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
 * Builds the worker entries as the product builds them, once a test process, and resolves to their folder:
 * Node cannot run a worker thread from TypeScript.
 */
export function builtWorkerDir(): Promise<string> {
  building ??= buildWorker();
  return building;
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
