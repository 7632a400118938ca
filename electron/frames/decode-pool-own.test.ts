import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { File, ready } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stream } from '../../shared/episode/episode.ts';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { createDecodePool } from './decode-pool.ts';

/** What needs no other writer, so that it runs wherever the tests do. */
describe('a decode pool on a file of our own library', () => {
  const pixels = Uint8Array.from({ length: 3 * 4 * 5 * 3 }, (_, i) => (i * 11) % 256);
  let folder: string;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-own-')));
    await ready;
    const file = new File(path.join(folder, 'own.h5'), 'w');
    const layout = { shape: [3, 4, 5, 3], chunks: [1, 4, 5, 3], compression: 'gzip' as const };
    file.create_dataset({ name: 'color', data: pixels, ...layout });
    file.create_attribute('fps', 30);
    file.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads its tree and its samples, and decodes every filter React has used', async () => {
    const pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir, workers: 1 });
    try {
      const file = path.join(folder, 'own.h5');
      const tree = await pool.inspect(file);
      expect(tree.datasets.color).toMatchObject({ shape: [3, 4, 5, 3], filters: [{ id: 1, parameters: [4] }] });
      expect(tree.groups['']?.attributes.fps).toEqual(30);
      const stream = { width: 5, height: 4, channels: 3, dtype: 'uint8', encoding: 'pixels', filters: [] };
      const frame = await pool.frame({ kind: 'hdf5', file, dataset: 'color' }, stream as unknown as Stream, 2);
      expect(frame.bytes).toEqual(pixels.slice(120, 180));
      const broken = (await pool.filters()).filter(({ works }) => !works).map(({ name }) => name);
      expect(['gzip', 'shuffle', 'lzf', 'blosc'].filter((name) => broken.includes(name))).toEqual([]);
    } finally {
      await pool.close();
    }
  });
});
