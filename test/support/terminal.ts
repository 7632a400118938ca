import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SmallDisk } from './small-disk.ts';

const bin = fileURLToPath(new URL('../../bin/regrasp.mjs', import.meta.url));

export interface TerminalRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Starts the command as a person does; `userDataDir` keeps it off the real user folder. `disk`: where it is mounted. */
export function startRegrasp(userDataDir: string, args: readonly string[], disk?: SmallDisk): ChildProcess {
  const [command, words] = disk?.within(process.execPath, [bin, ...args]) ?? [process.execPath, [bin, ...args]];
  return spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, REGRASP_USER_DATA: path.resolve(userDataDir) },
  });
}

const killer = new URL('killed-at.mjs', import.meta.url);

/** Runs the command until it does what the pattern says (see killed-at.mjs), and ends it there by SIGKILL. Linux alone. */
export function runKilledAt(userDataDir: string, pattern: RegExp, ...args: string[]): Promise<TerminalRun> {
  const env = { ...process.env, REGRASP_USER_DATA: path.resolve(userDataDir), REGRASP_KILL_AT: pattern.source };
  const command = ['--import', killer.href, bin, ...args];
  return endOf(spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'], env }));
}

/** Runs the command to its end. */
export function runRegrasp(userDataDir: string, ...args: string[]): Promise<TerminalRun> {
  return endOf(startRegrasp(userDataDir, args));
}

export function endOf(child: ChildProcess): Promise<TerminalRun> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ exitCode: code ?? (signal ? 128 : -1), stdout, stderr }));
  });
}

/** Resolves with the first match of what the command wrote so far; rejects when it ends without one. */
export function said(child: ChildProcess, stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
  let text = '';
  return new Promise((resolve, reject) => {
    child[stream]?.on('data', (more) => {
      text += more;
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.once('close', (code) => reject(new Error(`regrasp ended with ${code} and never said ${pattern}: ${text}`)));
  });
}
