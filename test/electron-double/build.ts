import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const cache = path.resolve(here, '../../.cache');
let built: Promise<string> | undefined;

/** Builds the double once in this process and answers the file to run under Node. */
export function builtDouble(): Promise<string> {
  built ??= (async () => {
    await mkdir(cache, { recursive: true });
    const outDir = await mkdtemp(path.join(cache, 'electron-double-'));
    process.on('exit', () => void rm(outDir, { recursive: true, force: true }).catch(() => {}));
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
    return path.join(outDir, 'run.mjs');
  })();
  return built;
}
