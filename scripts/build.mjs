// Builds main, preload and renderer into out/. Skips when nothing that goes in is newer than the last build.
// Progress goes to stderr: stdout belongs to the commands that call this.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stamp = path.join(root, 'out', 'built');
const inputs = ['shared', 'electron', 'renderer', 'resources', 'package.json', 'package-lock.json'];
const configs = ['vite.main.config.ts', 'vite.preload.config.ts', 'vite.renderer.config.ts'];

function newest(place) {
  const stats = statSync(place);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(place).map((name) => newest(path.join(place, name))));
}

export function isFresh() {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return [...inputs, ...configs].every(
    (name) => !existsSync(path.join(root, name)) || newest(path.join(root, name)) <= built,
  );
}

export async function build({ force = false } = {}) {
  if (!force && isFresh()) return false;
  const startedAt = Date.now();
  const began = new Date();
  const { build: viteBuild } = await import('vite');
  // What a shell or a test has set there would be taken for the mode: React for developers is three times as slow.
  const { NODE_ENV: before } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    for (const name of configs) {
      await viteBuild({
        configFile: path.join(root, name),
        root: name.includes('renderer') ? path.join(root, 'renderer') : root,
        logLevel: 'error',
      });
    }
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
  writeFileSync(stamp, `${began.toISOString()}\n`);
  console.error(`Built Regrasp in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build({ force: process.argv.includes('--force') });
