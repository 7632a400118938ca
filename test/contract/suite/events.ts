import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { safe } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import type { WorkstationEvent } from '../../../shared/api/contract.ts';
import { writeRecording } from '../fixture.ts';
import { collect } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** What every window hears without asking. */
export function describeEvents(stage: ContractStage): void {
  describe('events', () => {
    it('begin with hello and then tell changes as they happen', async () => {
      const told = collect(stage.door);
      await told.until((event) => event.type === 'hello');
      expect(told.events[0]).toMatchObject({
        type: 'hello',
        roots: [{ id: stage.root }],
        formats: { react: 'React / TWM', aloha: 'ALOHA / ACT' },
      });
      await stage.door.client.settings.patchUser({ performanceReadout: true });
      const isSettings = (event: WorkstationEvent) =>
        event.type === 'user-settings' && event.settings.performanceReadout;
      await told.until(isSettings);
      const episode = stage.good();
      await stage.door.client.review.gesture({
        ...{ episode, name: 'Note' },
        patch: [{ map: 'notes', id: 'n1', value: { text: 'The gel is torn.' } }],
      });
      await told.stop((event) => event.type === 'review' && event.episode === episode);
    });

    it('carry what no call asked for: a damaged settings file', async () => {
      const file = path.join(stage.fixture.dataset, '.regrasp', 'settings.json');
      const told = collect(stage.door);
      await told.until((event) => event.type === 'hello');
      writeFileSync(file, '{"orders": ');
      expect((await stage.door.client.settings.dataset({ root: stage.root })).orders).toEqual({});
      await told.stop((event) => event.type === 'notice' && event.text.includes(`${file}.bad`));
      expect(readFileSync(`${file}.bad`, 'utf8')).toBe('{"orders": ');
    });

    it('tell of recordings that come and go', async () => {
      const told = collect(stage.door);
      await told.until((event) => event.type === 'hello');
      const below = 'data/push/2026-05-11/episode_009.h5';
      await writeRecording(path.join(stage.fixture.dataset, below), 2);
      const isListed = (event: WorkstationEvent) =>
        event.type === 'entries' && event.entries.some((entry) => entry.path === below && entry.ticks === 2);
      await told.stop(isListed, 20_000);
    });

    it('tell when the file under an open episode changed, and the next tick is of the new one', async () => {
      const episode = `${stage.root}/${stage.fixture.otherDate}`;
      const before = await stage.door.client.episodes.open({ episode });
      const told = collect(stage.door);
      await told.until((event) => event.type === 'hello');
      await writeRecording(path.join(stage.fixture.dataset, stage.fixture.otherDate), 3);
      await told.stop((event) => event.type === 'episode-changed' && event.episode === episode, 20_000);
      const { header } = await stage.tick({ episode, tick: 2 });
      expect(header.revision).not.toBe(before.revision);
      expect((await stage.door.client.episodes.open({ episode })).episode.clocks[0]?.count).toBe(3);
      // A window that has not heard of it yet speaks of the recording it shows.
      const patch = [{ map: 'notes' as const, id: 'late', value: { text: 'The left arm let go.' } }];
      const recording = before.fingerprint ?? '';
      const kept = await stage.door.client.review.gesture({ episode, recording, name: 'Add a note', patch });
      expect(kept).toMatchObject({ fingerprint: recording, change: { records: [{ map: 'notes', id: 'late' }] } });
      const now = await stage.door.client.review.get({ episode });
      expect(now).toMatchObject({ own: { outcome: null, notes: {} }, undo: { count: 0 } });
      expect(now.fingerprint).not.toBe(recording);
      const nameless = await safe(stage.door.client.review.undo({ episode, recording: '../up' }));
      expect(nameless.error).toMatchObject({ code: 'BAD_REQUEST' });
    });

    it('go on for others when one reader leaves', async () => {
      const leaving = collect(stage.door);
      const staying = collect(stage.door);
      await Promise.all([leaving, staying].map((told) => told.until((event) => event.type === 'hello')));
      await leaving.stop(() => true);
      await stage.door.client.settings.patchUser({ performanceReadout: false });
      await staying.stop((event) => event.type === 'user-settings' && !event.settings.performanceReadout);
    });
  });
}
