import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Vitest's global setup: one folder a run, where the samples of every format are written once (see format-samples.ts). */
export default function setup(): () => void {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-format-samples-')));
  process.env.REGRASP_TEST_SAMPLES = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
