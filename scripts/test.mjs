// npm test: builds, makes sure of a Chromium, runs every suite, and prints the total as the last line.
// Arguments go on to vitest: npm test -- --project unit shared/time
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { findChromium } from './find-chromium.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const totalFile = path.join('.cache', 'test-total.json');
rmSync(totalFile, { force: true });

await build();
const chromium = await findChromium({ mayInstall: true, lean: true });
if ('reason' in chromium) console.error(chromium.reason);

const vitest = path.join('node_modules', 'vitest', 'vitest.mjs');
const run = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {
    ...process.env,
    REGRASP_TEST_BUILT: '1',
    ...('executablePath' in chromium ? { REGRASP_CHROMIUM: chromium.executablePath } : {}),
  },
});

const total = existsSync(totalFile)
  ? JSON.parse(readFileSync(totalFile, 'utf8'))
  : { passed: 0, failed: 1, skipped: 0 };
const failed = run.status === 0 ? total.failed : Math.max(1, total.failed);
console.log(`${total.passed} passed, ${failed} failed, ${total.skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
