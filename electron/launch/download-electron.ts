import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { electronPackage } from './find-electron.ts';

export interface DownloadOptions {
  appFolder: string;
  /** One line of progress; a new one replaces the last. */
  progress(line: string): void;
  signal?: AbortSignal;
  limitMs?: number;
}

const LIMIT_MS = 5 * 60_000;
const PROGRESS_MS = 1_000;

/**
 * Lets the installed "electron" package fetch its executable, once: a failed try is remembered in `.cache` beside the app
 * for this version, so that the next start is not held up again. Answers why it failed, undefined when it worked.
 */
export async function downloadElectron(options: DownloadOptions): Promise<string | undefined> {
  const own = electronPackage(options.appFolder);
  if (!own) return 'the npm package "electron" is not installed';
  const version = (JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as { version: string }).version;
  const cache = path.join(options.appFolder, '.cache');
  const marker = path.join(cache, `electron-${version}-download-failed`);
  const earlier = readIfThere(marker);
  if (earlier !== undefined) return `its download failed before (${earlier}); delete ${marker} to try again`;
  // The download's own temporary folder, so that its growth can be shown.
  const growing = path.join(cache, `electron-download-${process.pid}`);
  try {
    mkdirSync(growing, { recursive: true });
    const fault = await runInstaller(own, growing, options);
    if (fault !== undefined && !options.signal?.aborted) writeFileSync(marker, fault);
    return fault && `its download failed: ${fault}`;
  } catch (error) {
    return `its download could not be started: ${error instanceof Error ? error.message : error}`;
  } finally {
    rmSync(growing, { recursive: true, force: true });
  }
}

function runInstaller(own: string, growing: string, options: DownloadOptions): Promise<string | undefined> {
  const limitMs = options.limitMs ?? LIMIT_MS;
  return new Promise((resolve) => {
    const startedAt = Date.now();
    let said = '';
    const installer = spawn(process.execPath, [path.join(own, 'install.js')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: growing, TEMP: growing, TMP: growing },
    });
    installer.stdout.resume();
    installer.stderr.on('data', (text) => {
      said += text;
    });
    const ticking = setInterval(() => {
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      options.progress(`Downloading Electron: ${(sizeOf(growing) / 1e6).toFixed(0)} MB in ${seconds} s …`);
    }, PROGRESS_MS);
    const limit = setTimeout(() => stop(`it took longer than ${limitMs / 60_000} minutes`), limitMs);
    const onAbort = () => stop('it was stopped');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    let stopped: string | undefined;
    const stop = (reason: string): void => {
      stopped = reason;
      installer.kill();
    };
    const end = (fault: string | undefined): void => {
      clearInterval(ticking);
      clearTimeout(limit);
      options.signal?.removeEventListener('abort', onAbort);
      resolve(fault);
    };
    installer.on('error', (error) => end(error.message));
    installer.on('close', (code) => end(stopped ?? (code === 0 ? undefined : firstLineOf(said, code))));
  });
}

function firstLineOf(said: string, code: number | null): string {
  const line = said.split('\n').find((candidate) => candidate.trim() !== '');
  return line?.trim().replace(/^(?:\w*Error: )/, '') ?? `the installer ended with ${code}`;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function sizeOf(place: string): number {
  try {
    const stats = statSync(place);
    if (!stats.isDirectory()) return stats.size;
    return readdirSync(place).reduce((sum, name) => sum + sizeOf(path.join(place, name)), 0);
  } catch {
    // Moved or deleted between the listing and the look.
    return 0;
  }
}
