import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { LibraryEntry } from '../../../shared/api/library.ts';
import { encodeTickRequest, type TickHeader } from '../../../shared/api/tick.ts';
import { videoAddress } from '../../../shared/api/video.ts';
import { formatSamples, SAMPLED } from '../../support/format-samples.ts';
import { envelopeOf } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** The sample of every format, all in one folder: listed as what it is, opened, its samples and numbers had. */
export function describeFormats(stage: ContractStage): void {
  describe('a folder of several formats', () => {
    let entries: LibraryEntry[] = [];
    let root = '';
    let folder = '';

    // Encoding all of them takes minutes on a machine that is busy otherwise.
    beforeAll(async () => {
      folder = await formatSamples();
    }, 600_000);

    it('is one list, in which every recording is known by its content', async () => {
      const { client } = stage.door;
      root = (await client.roots.open({ grant: await stage.door.grant(folder) })).id;
      await vi.waitFor(
        async () => {
          entries = (await client.library.get({ root })).entries;
          expect(new Set(entries.map(({ format }) => format))).toEqual(new Set(SAMPLED));
          expect(entries.filter(({ status }) => status === 'pending')).toEqual([]);
        },
        { timeout: 90_000, interval: 250 },
      );
      expect(entries.filter(({ status }) => status === 'error')).toEqual([]);
      for (const { path, format } of entries) expect(path.startsWith(`${format}/`), path).toBe(true);
    });

    it.each(SAMPLED)('opens %s, with the samples and numbers of a moment', async (format) => {
      const { client, fetch } = stage.door;
      const entry = entries.find((each) => each.format === format && each.status === 'good') as LibraryEntry;
      const { episode, revision } = await client.episodes.open({ episode: entry.id });
      expect(episode).toMatchObject({ id: entry.id, format });
      expect(episode.streams.length + episode.series.length).toBeGreaterThan(0);
      expect(episode.streams.filter(({ fault }) => fault)).toEqual([]);
      const count = episode.clocks.find(({ id }) => id === episode.masterClock)?.count ?? 0;
      expect(count).toBeGreaterThan(1);
      if (episode.streams.length > 0) {
        const streams = episode.streams.map(({ id }) => ({ stream: id }));
        const moment = { episode: entry.id, tick: Math.floor(count / 2), view: 'formats', direction: 0 };
        const response = await fetch(
          `/api/tick?${encodeTickRequest({ ...moment, streams, sequence: ++stage.sequence })}`,
        );
        expect(response.status).toBe(200);
        const { header, body } = await envelopeOf<TickHeader>(response);
        for (const sample of header.samples) {
          expect([sample.stream, sample.state, sample.message]).toEqual([sample.stream, 'shown', undefined]);
          if (sample.format === 'video') {
            const file = videoAddress({ episode: entry.id, stream: sample.stream, revision, form: 'recorded' });
            const part = await fetch(file, { headers: { range: 'bytes=0-99' } });
            expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 100]);
          } else {
            const pixels = body.subarray(sample.offset, sample.offset + sample.bytes);
            expect(pixels.byteLength).toBe(sample.width * sample.height * sample.channels);
            expect(new Set(pixels).size).toBeGreaterThan(8);
          }
        }
      }
      for (const { id, components, count: rows } of episode.series.slice(0, 4)) {
        const address = `/api/arrays?${new URLSearchParams({ episode: entry.id, kind: 'series', id })}`;
        const { header } = await envelopeOf<{ arrays: { name: string; shape: number[] }[] }>(await fetch(address));
        expect(header.arrays.find(({ name }) => name === 'values')?.shape).toEqual([rows, components.length]);
      }
    });

    it('is closed like any other', async () => {
      await stage.door.client.roots.close({ root });
      expect((await stage.door.client.roots.list()).map(({ id }) => id)).not.toContain(root);
    });
  });
}
