import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { createDecodePool } from '../../electron/frames/decode-pool.ts';
import type { DecodePool } from '../../electron/frames/frame-source.ts';
import type { CheckFindings, OpenedEpisode, Source, SourcePorts, StatedFacts } from '../../electron/sources/source.ts';
import { builtWorkerDir, pluginDir } from './built-worker.ts';
import { openFileOf, portsFor } from './source-ports.ts';

export interface SourceBench {
  root: string;
  pool: DecodePool;
  ports: SourcePorts;
  /** Opens and checks a recording, "<path>::<inner>", that the format recognises; the episode must survive JSON. */
  open(below: string, stated?: StatedFacts): Promise<OpenedEpisode & { found: CheckFindings }>;
  /** Pixels of a sample as stored, RGB or BGR as they come. */
  pixels(opened: OpenedEpisode, stream: string, index: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A folder, and one format with real ports over it. */
export async function sourceBench(source: Source): Promise<SourceBench> {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), `regrasp-${source.id}-`)));
  const pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
  const ports = portsFor(root, pool);
  return {
    root,
    pool,
    ports,
    async open(below, stated = {}) {
      const [anchor = '', inner = ''] = below.split('::');
      const file = openFileOf(root, anchor, inner, stated);
      expect(source.mightBe(file)).toBe(true);
      expect(await source.recognizes(file, ports)).toBe(true);
      const opened = await source.open(file, ports);
      expect(JSON.parse(JSON.stringify(opened.episode))).toEqual(opened.episode);
      const found = await source.check?.(file, opened, ports);
      if (!found) throw new Error(`${source.id} has a check.`);
      return { ...opened, found };
    },
    async pixels({ episode, locations }, id, index) {
      const stream = episode.streams.find((each) => each.id === id);
      const location = locations.get(id);
      if (!stream || location?.kind !== 'hdf5') throw new Error(`${id} has no samples.`);
      return (await pool.frame(location, stream, index)).bytes;
    },
    async close() {
      await pool.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
