import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliOutput } from '../../electron/cli/output.ts';
import { runCli } from '../../electron/cli/program.ts';
import { build } from '../../scripts/build.mjs';
import { keepCompiled } from './built-worker.ts';
import type { SmallDisk } from './small-disk.ts';

const builtDir = fileURLToPath(new URL('../../out/main', import.meta.url));
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

/**
 * The same command within this process, which saves its start: for what it says and answers. What only a process can
 * show (its end by a signal, a broken pipe, an unwritable standard output) is for `runRegrasp`. One at a time.
 */
export async function callRegrasp(userDataDir: string, ...args: string[]): Promise<TerminalRun> {
  if (!process.env.REGRASP_TEST_BUILT) await build();
  await keepCompiled();
  const before = process.env.REGRASP_USER_DATA;
  process.env.REGRASP_USER_DATA = path.resolve(userDataDir);
  let [stdout, stderr] = ['', ''];
  const output: CliOutput = {
    out: async (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
  };
  try {
    return { exitCode: await runCli(args, builtDir, output), stdout, stderr };
  } finally {
    if (before === undefined) delete process.env.REGRASP_USER_DATA;
    else process.env.REGRASP_USER_DATA = before;
  }
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
