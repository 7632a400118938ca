import { spawn } from 'node:child_process';

export interface DesktopRun {
  executable: string;
  appFolder: string;
  /** Absolute path to open; undefined opens what was open last. */
  root?: string;
  at?: string;
  signal?: AbortSignal;
}

/** A window that ends with a fault this early never came up (a missing system library, a refused sandbox). */
const EARLY_MS = 8_000;

/**
 * Runs the window until it is closed. Answers its exit code, and whether it never came up, in which case the caller can
 * still serve a browser. An abort closes the window.
 */
export function runDesktop(run: DesktopRun): Promise<{ exitCode: number; neverCameUp: boolean }> {
  const words = [
    run.appFolder,
    ...(run.root === undefined ? [] : [run.root]),
    ...(run.at === undefined ? [] : [`--at=${run.at}`]),
  ];
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const window = spawn(run.executable, words, { stdio: ['ignore', 'inherit', 'inherit'] });
    const onAbort = () => window.kill('SIGTERM');
    run.signal?.addEventListener('abort', onAbort, { once: true });
    const end = (exitCode: number): void => {
      run.signal?.removeEventListener('abort', onAbort);
      const failed = exitCode !== 0 && !run.signal?.aborted;
      resolve({ exitCode, neverCameUp: failed && Date.now() - startedAt < EARLY_MS });
    };
    window.on('error', () => end(127));
    window.on('close', (code) => end(code ?? (run.signal?.aborted ? 0 : 1)));
  });
}
