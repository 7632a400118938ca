import { appendFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killWriters } from '../support/killed-writers.ts';
import { endOf, said, startRegrasp } from '../support/terminal.ts';
import { type Client, clientOf } from './doors.ts';
import { writeRecording } from './fixture.ts';

describe('a review when the workstation is killed', () => {
  let base: string;
  let recording: string;

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp killed ')));
    recording = path.join(base, 'episode_000.h5');
    await writeRecording(recording);
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  /** Serves the recording in a process of its own and opens it over the browser door. */
  async function serve(): Promise<{ client: Client; episode: string; kill(): Promise<unknown> }> {
    const server = startRegrasp(path.join(base, 'user'), ['serve', recording]);
    const ended = endOf(server);
    const [url] = await said(server, 'stdout', /http:\/\/\S+token=\S+/);
    const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
    const { origin } = new URL(url);
    const client = clientOf((below, init) => {
      const headers = new Headers(init?.headers);
      headers.set('cookie', cookie);
      return fetch(`${origin}${below}`, { ...init, headers });
    }, origin);
    const [root] = await client.roots.list();
    const kill = () => {
      server.kill('SIGKILL');
      return ended;
    };
    return { client, episode: root!.focus!, kill };
  }

  it('has every gesture that was answered, and goes on behind a line that was cut off', async () => {
    const first = await serve();
    const { episode } = first;
    for (let n = 0; n < 20; n += 1) {
      const patch = [{ map: 'notes' as const, id: `n${n}`, value: { text: `text ${n}` } }];
      await first.client.review.gesture({ episode, name: `Note ${n}`, patch });
    }
    await first.client.review.undo({ episode });
    await first.kill();
    const reviews = path.join(base, '.regrasp', 'reviews');
    const journal = path.join(
      reviews,
      readdirSync(reviews, { recursive: true }).find((name) => `${name}`.endsWith('.jsonl')) as string,
    );
    appendFileSync(journal, readFileSync(journal, 'utf8').slice(0, 100).replace('"id":"', '"id":"other-'));

    const second = await serve();
    const review = await second.client.review.get({ episode });
    expect(Object.keys(review.own.notes)).toHaveLength(19);
    expect(review).toMatchObject({ undo: { count: 19, name: 'Note 18' }, redo: { count: 1, name: 'Note 19' } });
    expect(review.problems).toEqual([expect.stringMatching(/cut off/)]);
    expect((await second.client.review.redo({ episode })).change).toMatchObject({
      redo: { count: 0 },
      records: [{ id: 'n19' }],
    });
    const redone = await second.client.review.get({ episode });
    expect(redone.own.notes.n19).toEqual({ text: 'text 19' });
    expect(Date.parse(redone.savedAt!)).toBeGreaterThan(Date.now() - 60_000);
    await second.kill();
    expect(readFileSync(journal, 'utf8').trimEnd().split('\n')).toHaveLength(23);
  });
});

describe('two writers of one journal, killed at random moments', () => {
  it('lose at most the step in hand each, and alter nothing that was there', async () => {
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp killed writers ')));
    try {
      const killed = await killWriters({ folder, kills: 3, writers: 2, longestMs: 400, random: Math.random });
      expect(killed).toMatchObject({ isAltered: false, repeated: 0 });
      expect(killed.answered).toBeGreaterThan(0);
      expect(killed.found).toBeGreaterThanOrEqual(killed.answered);
      expect(killed.found).toBeLessThanOrEqual(killed.answered + killed.kills);
      expect(killed.problems.length).toBeLessThanOrEqual(killed.kills);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
