// npm run check: formatter and linter, types, import rules, unused code and dependencies, the lock file. All are run, two at a time, then judged.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const node = (file, ...args) => [process.execPath, [path.join(root, file), ...args]];
const steps = {
  'format and lint': node('node_modules/@biomejs/biome/bin/biome', 'check', '.'),
  // One thread: the steps beside it want the other core, and more threads cost twice the work.
  types: node('node_modules/typescript-native/bin/tsc', '-b', 'tsconfig.test.json', '--singleThreaded'),
  'import rules': node('scripts/check-imports.mjs'),
  'unused code and dependencies': node('node_modules/knip/bin/knip.js', '--no-progress'),
  'WebAssembly modules': node('scripts/wasm-modules.mjs', '--check'),
  'lock file': node('scripts/check-lock.mjs'),
  'third-party notices': node('scripts/notices.mjs', '--check'),
};

/** Runs one step and prints it whole when it ends, so that steps side by side do not mix their lines. */
async function runStep([name, [command, args]]) {
  const startedAt = Date.now();
  const output = [];
  const run = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  run.stdout.on('data', (part) => output.push(part));
  run.stderr.on('data', (part) => output.push(part));
  const [status] = await once(run, 'close');
  const passed = status === 0;
  process.stdout.write(Buffer.concat(output));
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!passed) failed.push(name);
}

const failed = [];
const waiting = Object.entries(steps);
const sideBySide = 2;
await Promise.all(
  Array.from({ length: sideBySide }, async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) await runStep(step);
  }),
);
if (failed.length > 0) {
  console.error(`Check failed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
