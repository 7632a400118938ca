// npm run bench: builds, measures, prints and writes docs/performance.md. `npm run bench -- soak` runs the five-minute soak.
import { spawnSync } from 'node:child_process';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as viteBuild } from 'vite';
import { build } from './build.mjs';
import { findChromium } from './find-chromium.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
await build();
const chromium = await findChromium({ mayInstall: true });
if ('reason' in chromium) {
  console.error(chromium.reason);
  process.exit(2);
}
await viteBuild({
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    target: 'node20.19',
    outDir: 'out/bench',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: { bench: 'test/bench/bench.ts', 'workstation-process': 'test/bench/workstation-process.ts' },
      external: [
        'playwright-core',
        'vite',
        /find-chromium\.mjs$/,
        // Builds when it is what was started: in the bench's own file it would be.
        /scripts\/build\.mjs$/,
        ...builtinModules,
        ...builtinModules.map((name) => `node:${name}`),
      ],
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
  ssr: { noExternal: true, external: ['playwright-core'] },
});
const run = spawnSync(process.execPath, [path.join('out', 'bench', 'bench.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, REGRASP_CHROMIUM: chromium.executablePath },
});
process.exitCode = run.status ?? 1;
