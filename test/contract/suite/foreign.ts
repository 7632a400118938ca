import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ArraysHeader } from '../../../shared/api/arrays.ts';
import type { LibraryEntry } from '../../../shared/api/library.ts';
import { encodeTickRequest, type TickHeader } from '../../../shared/api/tick.ts';
import { videoAddress } from '../../../shared/api/video.ts';
import { presentedByFfmpeg } from '../../support/bit-pattern-video.ts';
import { FOREIGN_KINDS, foreignRecordings, type Told } from '../../support/foreign/recordings.ts';
import { envelopeOf } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** Files of every family of containers that none of our code wrote: each value is what the tool that wrote it says. */
export function describeForeign(stage: ContractStage): void {
  describe('recordings that others wrote', () => {
    let root = '';
    let folder = '';
    let told: Record<string, Told> = {};
    let entries: LibraryEntry[] = [];

    beforeAll(async () => {
      ({ folder, told } = await foreignRecordings());
      root = (await stage.door.client.roots.open({ grant: await stage.door.grant(folder) })).id;
    }, 600_000);

    const opened = (told: Told, id: string) =>
      stage.door.client.episodes.open({ episode: `${root}/${id}/${told.path}` });

    async function tick(episode: string, at: number, streams: readonly string[]) {
      const request = { episode, tick: at, view: 'foreign', direction: 0, sequence: ++stage.sequence };
      const query = encodeTickRequest({ ...request, streams: streams.map((stream) => ({ stream })) });
      const response = await stage.door.fetch(`/api/tick?${query}`);
      return envelopeOf<TickHeader>(response);
    }

    it('are listed as what they are, with nothing wrong', async () => {
      await vi.waitFor(
        async () => {
          ({ entries } = await stage.door.client.library.get({ root }));
          const listed = entries.map((entry) => entry.path);
          for (const [id, { path: below }] of Object.entries(told)) expect(listed).toContain(`${id}/${below}`);
          expect(entries.filter(({ status }) => status === 'pending')).toEqual([]);
        },
        { timeout: 90_000, interval: 250 },
      );
      for (const [id, { path: below, format, ticks }] of Object.entries(told)) {
        const entry = entries.find((each) => each.path === `${id}/${below}`);
        expect(entry).toMatchObject({ format, ticks });
      }
    });

    for (const { id, name, missing } of FOREIGN_KINDS) {
      describe.skipIf(missing)(`${name}${missing ? ` (${missing})` : ''}`, () => {
        it('has every number as it was written', async () => {
          const known = told[id] as Told;
          const { episode } = await opened(known, id);
          expect(episode.clocks.find((clock) => clock.id === episode.masterClock)?.count).toBe(known.ticks);
          for (const [series, rows] of Object.entries(known.series)) {
            const query = new URLSearchParams({ episode: episode.id, kind: 'series', id: series });
            const { header, body } = await envelopeOf<ArraysHeader>(await stage.door.fetch(`/api/arrays?${query}`));
            const values = header.arrays.find((array) => array.name === 'values');
            expect(values?.shape, series).toEqual([rows.length, rows[0]?.length]);
            const bytes = body.slice(values?.offset, (values?.offset ?? 0) + (values?.bytes ?? 0));
            expect([...new Float64Array(bytes.buffer)].map((each) => each + 0)).toEqual(
              rows.flat().map((each) => each + 0),
            );
          }
        });

        it('has the pictures of a moment as they were painted', async () => {
          const known = told[id] as Told;
          const { episode, revision } = await opened(known, id);
          for (const { stream, tick: at, values } of known.pictures) {
            const { header, body } = await tick(episode.id, at, [stream]);
            const [sample] = header.samples;
            expect(sample, stream).toMatchObject({ state: 'shown', index: at });
            const bytes = body.slice(sample?.offset, (sample?.offset ?? 0) + (sample?.bytes ?? 0));
            const shown = sample?.format === 'u16' ? new Uint16Array(bytes.buffer) : bytes;
            expect([...shown], `${stream} at ${at}`).toEqual(values);
          }
          for (const { stream, file, painted } of known.videos) {
            const address = videoAddress({ episode: episode.id, stream, revision, form: 'recorded' });
            const copy = path.join(stage.fixture.base, 'served', id, path.basename(file));
            mkdirSync(path.dirname(copy), { recursive: true });
            const served = await stage.door.fetch(address);
            expect(served.status, address).toBe(200);
            writeFileSync(copy, Buffer.from(await served.arrayBuffer()));
            const presented = presentedByFfmpeg(copy);
            for (const at of [0, 5, painted.length - 1]) {
              const [sample] = (await tick(episode.id, at, [stream])).header.samples;
              expect(sample, stream).toMatchObject({ state: 'shown', format: 'video', index: at });
              expect(presented[sample?.videoFrame ?? -1], `${stream} at ${at}`).toBe(painted[at]);
            }
          }
          expect(known.pictures.length + known.videos.length).toBeGreaterThan(0);
        });
      });
    }

    it('are closed like any other', async () => {
      await stage.door.client.roots.close({ root });
      expect((await stage.door.client.roots.list()).map((each) => each.id)).not.toContain(root);
    });
  });
}
