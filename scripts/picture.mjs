// npm run build, then: node scripts/picture.mjs. Takes the README's picture of the workstation on its own sample, in a
// real browser window. The sample is recorded once into .cache/.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHROMIUM_FLAGS, findChromium } from './find-chromium.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = path.join(root, 'bin', 'regrasp.mjs');
const sample = path.join(root, '.cache', 'picture', 'regrasp-sample');
const out = path.join(root, 'docs', 'workstation.png');
/** Both hands press the board into its slot, and both gels show it. */
const MOMENT = { episode: 'data/board_insertion/2026-07-02/episode_001.h5', tick: 440 };

const chromium = await findChromium();
if ('reason' in chromium) {
  console.error(chromium.reason);
  process.exit(1);
}
const { chromium: playwright } = await import('playwright-core');
const userData = mkdtempSync(path.join(os.tmpdir(), 'regrasp-picture-'));
const env = { ...process.env, REGRASP_USER_DATA: userData };
const recorded = spawnSync(process.execPath, [bin, 'sample', sample], { env, stdio: ['ignore', 'ignore', 'inherit'] });
if (recorded.status !== 0) process.exit(1);
// What was seen for earlier pictures.
rmSync(path.join(sample, '.regrasp'), { recursive: true, force: true });

const server = spawn(process.execPath, [bin, 'serve', sample], { env, stdio: ['ignore', 'pipe', 'inherit'] });
let browser;
try {
  const url = await firstLine(server.stdout);
  browser = await playwright.launch({ executablePath: chromium.executablePath, args: CHROMIUM_FLAGS });
  const page = await browser.newPage({
    viewport: { width: 1600, height: 1000 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  const address = (tick) => `episode=${encodeURIComponent(MOMENT.episode)}&t=${tick}`;
  await page.goto(`${url}#${address(MOMENT.tick - 90)}`);
  await page.waitForFunction(() => performance.getEntriesByName('open-to-paint').length > 0);
  // What was looked at stands in the lane of ticks seen. Slowly, so that a busy machine misses none.
  for (const key of ['Minus', 'Minus', 'Minus', 'Space']) await page.keyboard.press(key);
  await page.waitForFunction(
    (tick) => Number(document.querySelector('[data-testid="shown-tick"]').textContent) >= tick,
    MOMENT.tick,
  );
  for (const key of ['Space', 'Digit0']) await page.keyboard.press(key);
  await page.getByRole('treeitem', { name: /^broken/ }).click();
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, address(MOMENT.tick));
  await page.waitForFunction(
    (tick) => Number(document.querySelector('[data-testid="shown-tick"]').textContent) === tick,
    MOMENT.tick,
  );
  await page.getByText('Stored pixels', { exact: true }).waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  mkdirSync(path.dirname(out), { recursive: true });
  await page.screenshot({ path: out });
  console.log(`${path.relative(root, out)}: ${Math.round(statSync(out).size / 1000)} kB`);
} finally {
  await browser?.close();
  server.kill();
  rmSync(userData, { recursive: true, force: true });
}

/** The address alone goes to stdout. */
function firstLine(stream) {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (more) => {
      text += more;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')).trim());
    });
    stream.once('end', () => reject(new Error('regrasp serve ended before it said its address.')));
  });
}
