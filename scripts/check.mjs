// npm run check: formatter and linter, types, import rules, unused code and dependencies, the lock file. All are run, then judged.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const node = (file, ...args) => [process.execPath, [path.join(root, file), ...args]];
const steps = {
  'format and lint': node('node_modules/@biomejs/biome/bin/biome', 'check', '.'),
  types: node('node_modules/typescript/bin/tsc', '-b'),
  'types of tests': node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.test.json'),
  'import rules': node('scripts/check-imports.mjs'),
  'unused code and dependencies': node('node_modules/knip/bin/knip.js', '--no-progress'),
  'WebAssembly modules': node('scripts/wasm-modules.mjs', '--check'),
  'lock file': node('scripts/check-lock.mjs'),
  'third-party notices': node('scripts/notices.mjs', '--check'),
};

const failed = [];
for (const [name, [command, args]] of Object.entries(steps)) {
  const startedAt = Date.now();
  const run = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  const passed = run.status === 0;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!passed) failed.push(name);
}
if (failed.length > 0) {
  console.error(`Check failed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
