import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { SIGNALS_ROUTE } from '../../../shared/api/findings.ts';
import { STAGE_JOB } from '../../../shared/api/jobs.ts';
import { formatQuery } from '../../../shared/api/query.ts';
import { unpackSignals } from '../../../shared/detect/pack-signals.ts';
import { DEFAULT_DETECT_SETTINGS } from '../../../shared/detect/settings.ts';
import { NO_VERSION } from '../../../shared/review/review.ts';
import { submitReview } from '../../../shared/review/submission.ts';
import { STREAM_SEEDS, TICKS } from '../fixture.ts';
import { collect, expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** What was detected, and the numbers it was detected in. */
export function describeFindings(stage: ContractStage): void {
  describe('findings', () => {
    const DATE = '2026-05-10';
    const signals = (more: Record<string, string> = {}) =>
      stage.door.fetch(`${SIGNALS_ROUTE}?${formatQuery(Object.entries({ episode: stage.good(), ...more }))}`);

    it('are none, and say so, before anything was looked for', async () => {
      const { client } = stage.door;
      expect(await client.findings.get({ episode: stage.good() })).toEqual({ detected: null });
      expect(await client.findings.list({ root: stage.root, date: DATE })).toEqual({ recordings: [], next: null });
      const none = await signals();
      expect(none.status).toBe(404);
      expect(await none.text()).toMatch(/run the detect stage/);
      expect((await stage.door.fetch(SIGNALS_ROUTE)).status).toBe(400);
      expect((await signals({ reference: 'the best' })).status).toBe(400);
      await expectFault(client.findings.list({ root: 'nowhere' }), 'NOT_FOUND');
    });

    it('are there once the stage has run as a job, with the signals they were found in and what people said', async () => {
      const { client } = stage.door;
      const options = { stage: 'detect', root: stage.root, date: DATE };
      const { id } = await client.jobs.start({ kind: STAGE_JOB, options });
      const job = () => client.jobs.list().then((jobs) => jobs.find((each) => each.id === id));
      await vi.waitFor(async () => expect((await job())?.state).toMatch(/^(done|failed)$/), {
        timeout: 110_000,
        interval: 100,
      });
      const { detected } = await client.findings.get({ episode: stage.good() });
      expect(detected).toMatchObject({
        path: stage.fixture.good,
        date: DATE,
        ticks: TICKS,
        settings: DEFAULT_DETECT_SETTINGS,
      });
      expect(detected?.trim).toEqual({ first: 0, last: TICKS - 1, reason: 'no trim required' });
      const { recordings, next } = await client.findings.list({ root: stage.root, date: DATE });
      expect(next).toBeNull();
      expect(recordings.map(({ episode }) => episode)).toEqual([stage.good()]);
      expect(recordings[0]?.detected).toEqual(detected);
      expect(recordings[0]?.review).toEqual({
        ...(await client.review.get({ episode: stage.good() })),
        version: NO_VERSION,
      });
      expect((await client.findings.list({ root: stage.root, date: '2026-05-11' })).recordings).toEqual([]);
      const answer = await signals();
      expect(answer.status).toBe(200);
      const unpacked = unpackSignals(new Uint8Array(await answer.arrayBuffer()), (bytes) =>
        new TextDecoder().decode(bytes),
      );
      expect(unpacked.ticks).toBe(TICKS);
      expect(unpacked.images.map(({ stream }) => stream).sort()).toEqual(Object.keys(STREAM_SEEDS).sort());
      expect(unpacked.tracks.map(({ track }) => track)).toContain('sensor_left');
    });

    it('take one step over several recordings of the list, and all of it back', async () => {
      const { client } = stage.door;
      const { recordings } = await client.findings.list({ root: stage.root, date: DATE });
      const [judged] = recordings;
      const patch = [
        {
          ...{ map: 'verdicts' as const, id: 'jump:left:1-2' },
          value: { value: 'cut', of: { detector: 'jump', class: 'jump', side: 'left', ticks: [1, 2] } },
        },
      ];
      const group = randomUUID();
      const parts = [judged?.detected.fingerprint ?? '', 'f'.repeat(64)].map((recording) => ({
        ...{ recording, id: randomUUID(), patch },
      }));
      const end = await client.review.together({ root: stage.root, group, name: 'Cut 2 jumps', parts });
      expect(end).toEqual({
        kept: 1,
        faults: [{ recording: 'f'.repeat(64), message: expect.stringMatching(/not in the list/) }],
      });
      const said = async () => Object.keys((await client.review.get({ episode: stage.good() })).own.verdicts);
      expect(await said()).toEqual(['jump:left:1-2']);
      expect(await client.review.undoTogether({ root: stage.root, group })).toEqual({ kept: 1, faults: [] });
      expect(await said()).toEqual([]);
      await expectFault(client.review.undoTogether({ root: 'nowhere', group }), 'NOT_FOUND');
    });

    it('and all else that goes out say nothing of what others said while a project is blind', async () => {
      const { client } = stage.door;
      const { root } = stage;
      const episode = stage.good();
      const { fingerprint } = await client.review.get({ episode });
      const folder = path.join(stage.fixture.dataset, '.regrasp', 'reviews', fingerprint);
      const others = {
        ...{ v: 2, id: randomUUID(), at: '2026-05-11T12:00:00.000Z', clock: 1, annotator: 'Zoe', install: 'elsewhere' },
        ...{ kind: 'do', name: 'Add a note', inverse: [] },
        patch: [{ map: 'notes', id: 'zoe', value: { text: 'Zoe saw it slip.' } }],
      };
      writeFileSync(path.join(folder, 'Zoe.elsewhere.jsonl'), `${JSON.stringify(others)}\n`);
      await client.settings.patchDataset({ root, patch: { blindUntilSubmitted: true } });
      const told = collect(stage.door);
      await told.until((event) => event.type === 'hello');
      const everything = async () =>
        JSON.stringify([
          await client.review.get({ episode }),
          await client.review.overview({ root }),
          await client.findings.list({ root, date: DATE }),
          await client.outputs.list({ root, date: DATE }),
          await client.outputs.get({ episode }),
        ]);
      await client.review.gesture({
        ...{ episode, name: 'Add a note' },
        patch: [{ map: 'notes', id: 'blind', value: { text: 'I saw it slip.' } }],
      });
      expect(await client.review.get({ episode })).toMatchObject({ others: [], hidden: 1 });
      expect(await everything()).not.toContain('Zoe');
      const { name, patch } = submitReview();
      // What a submission opens is no step: the review is read anew.
      expect(await client.review.gesture({ episode, name, patch })).toMatchObject({ change: null });
      expect(await client.review.get({ episode })).toMatchObject({ hidden: 0, others: [{}] });
      expect(await everything()).toContain('Zoe saw it slip.');
      await told.until((event) => event.type === 'review' && event.step.change === null);
      expect(JSON.stringify(told.events)).not.toContain('Zoe');
      // Not submitted any more, and not blind: everything is told at once, without anybody asking.
      await client.review.undo({ episode });
      expect(await everything()).not.toContain('Zoe');
      await client.settings.patchDataset({ root, patch: { blindUntilSubmitted: null } });
      expect(await everything()).toContain('Zoe');
      const asked = told.events.filter((event) => event.type === 'review' && event.step.change === null).length;
      expect(asked).toBeGreaterThan(0);
      await told.stop(() => true);
      await client.review.undo({ episode });
      rmSync(path.join(folder, 'Zoe.elsewhere.jsonl'));
    });
  });
}
