import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const surface = path.resolve(here, '../../electron/shell/electron-surface.ts');
const cache = path.resolve(here, '../../.cache');

/** Builds the double where its sources have changed since the last time, and answers the file to run under Node. */
export async function builtDouble(): Promise<string> {
  const place = path.join(cache, `electron-double-${sourceHash()}`);
  const file = path.join(place, 'run.mjs');
  if (existsSync(file)) return file;
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(path.join(cache, 'electron-double-building-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: true,
        target: 'node20.19',
        outDir,
        minify: false,
        rolldownOptions: {
          input: { run: path.join(here, 'run.ts'), electron: path.join(here, 'electron.ts') },
          external: [...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
          output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
        },
      },
      ssr: { noExternal: true },
    });
    await rename(outDir, place);
  } catch (error) {
    // Another test process was first.
    if (!existsSync(file)) throw error;
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
  return file;
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(here).sort()) hash.update(readFileSync(path.join(here, name)));
  return hash.update(readFileSync(surface)).digest('hex').slice(0, 12);
}
