// Finds a Chromium to test in: a set path, one that is installed, Playwright's own, or the system's package manager
// when it may (root on a Debian-like system). Says in one sentence what to do when there is none.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The same engine without a browser's window: a quarter less work. Debian packs it apart. */
const LEAN = 'chromium-headless-shell';
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const FIXED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const inPath = (names) =>
  (process.env.PATH ?? '').split(path.delimiter).flatMap((folder) => names.map((name) => path.join(folder, name)));
const installed = () => [...inPath(NAMES), ...FIXED].find(isExecutable);

/** Answers { executablePath } or { reason }. `lean`: rather one without a window, where it is installed. */
export async function findChromium({ mayInstall = false, lean = false } = {}) {
  const set = process.env.REGRASP_CHROMIUM;
  if (set) {
    return isExecutable(set)
      ? { executablePath: set }
      : { reason: `REGRASP_CHROMIUM names ${set}, which cannot be run: correct it or unset it.` };
  }
  const found = (lean ? inPath([LEAN]).find(isExecutable) : undefined) ?? installed();
  if (found) return { executablePath: found };
  const { chromium } = await import('playwright-core');
  if (isExecutable(chromium.executablePath())) return { executablePath: chromium.executablePath() };
  if (mayInstall && process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    console.error('No Chromium here: installing it with apt-get …');
    spawnSync('apt-get', ['update'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const now = installed();
    if (now) return { executablePath: now };
  }
  return {
    reason:
      'No Chromium was found, so tests in a browser are skipped: install one (Debian: apt-get install chromium) or set REGRASP_CHROMIUM to its path.',
  };
}

/** Flags for a quiet headless run; the sandbox is off only where root makes it impossible. */
export const CHROMIUM_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--enable-unsafe-swiftshader',
];
