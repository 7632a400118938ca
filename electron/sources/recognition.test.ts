import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { createSampleTools } from '../../test/support/sample-tools.ts';
import { openFileOf, portsFor } from '../../test/support/source-ports.ts';
import { createDecodePool } from '../frames/decode-pool.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import { sources } from './index.ts';

const sampled = sources.filter(({ writeSample }) => writeSample);
let root: string;
let pool: DecodePool;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-recognition-')));
  pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
  const tools = await createSampleTools({ seconds: 2 });
  for (const source of sampled) {
    mkdirSync(path.join(root, source.id));
    await source.writeSample?.(path.join(root, source.id), tools);
  }
}, 300_000);
afterAll(async () => {
  await pool?.close();
  rmSync(root, { recursive: true, force: true });
});

it.each(sampled.map(({ id }) => id))('no other format takes a file of the sample of %s', async (id) => {
  const folder = path.join(root, id);
  const ports = portsFor(folder, pool);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const taken = new Set<string>();
  for (const entry of files) {
    const below = path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    const file = openFileOf(folder, below);
    for (const source of sources) {
      if (source.mightBe(file) && (await source.recognizes(file, ports))) taken.add(source.id);
    }
  }
  expect([...taken]).toEqual([id]);
});
