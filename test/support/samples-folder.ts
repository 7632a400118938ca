import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Vitest's global setup: one folder a run, where the samples of every format are written once (see format-samples.ts),
 * and in which everything temporary of the run lies, so that nothing of it stays behind, also of tests that fail.
 */
export default function setup(): () => void {
  // Called once a suite: the folder is that of the whole run, and goes with the first call's.
  if (process.env.REGRASP_TEST_SAMPLES) return () => {};
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-tests-')));
  process.env.REGRASP_TEST_SAMPLES = path.join(folder, 'samples');
  process.env.TMPDIR = path.join(folder, 'tmp');
  mkdirSync(process.env.REGRASP_TEST_SAMPLES);
  mkdirSync(process.env.TMPDIR);
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
