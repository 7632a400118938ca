import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { formatSamples, SAMPLED } from '../../test/support/format-samples.ts';
import { openFileOf, portsFor } from '../../test/support/source-ports.ts';
import { createDecodePool } from '../frames/decode-pool.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import { sources } from './index.ts';

let root: string;
let pool: DecodePool;

beforeAll(async () => {
  root = await formatSamples();
  pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
}, 300_000);
afterAll(() => pool?.close());

it.each(SAMPLED)('no other format takes a file of the sample of %s', async (id) => {
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
