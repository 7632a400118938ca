import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOURNAL_VERSION, MOST_CLOCK } from '../../shared/review/review.ts';
import { type JournalDisk, realDisk } from './journal-file.ts';
import type { ReviewEpisode } from './reviews.ts';
import { openedWith, openWholeReviews, type WholeReviews } from './testing.ts';

let dir: string;
let episode: ReviewEpisode;
let service: WholeReviews;
let folder: string;
let disk: JournalDisk;

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'regrasp-bad-journals-'));
  episode = { opened: openedWith({ times: [0, 1e9, 2e9] }), storageDir: path.join(dir, '.regrasp') };
  disk = realDisk;
  service = openWholeReviews({
    ...{ userDataDir: path.join(dir, 'user'), annotator: () => 'Ann', onReview: () => undefined, pollMs: 1e6 },
    disk: { open: (...call) => disk.open(...call) },
    decode: { frame: () => Promise.reject(new Error('no stream, so no frame')) },
  });
  await service.gesture(episode, 'Set outcome', [{ map: 'outcome', id: 'episode', value: { value: 'failure' } }]);
  folder = path.join(episode.storageDir, 'reviews', await service.fingerprintOf(episode));
});
afterEach(async () => {
  await service.close();
  await rm(dir, { recursive: true, force: true });
});

const failure = {
  ...{ event: 5_000_000, window: [4_999_000, 5_000_100], code: 'FROM_ELSEWHERE', severity: null },
  ...{ resetability: null, whatHappened: '', handOff: null },
};
const lineOf = (more: Record<string, unknown>) => ({
  ...{ v: JOURNAL_VERSION, id: 'b1', at: '2026-05-11T12:00:00.000Z', clock: 7, annotator: 'Bob', install: 'b' },
  ...{ kind: 'do', name: 'Set outcome', inverse: [] },
  patch: [{ map: 'outcome', id: 'episode', value: { value: 'success' } }],
  ...more,
});
const whole = `${JSON.stringify(lineOf({ id: 'b0', clock: 6 }))}\n`;

/** What is wrong with a file of Bob's, and the sentence about it. */
const BAD: readonly [what: string, text: string, sentence: RegExp][] = [
  [
    'a newer version',
    `${whole}${JSON.stringify({ v: 99, id: 'x', clock: 40, said: 'in another shape' })}\n`,
    /Bob\.jsonl, line 2 was written by a newer Regrasp and was left out: update to see it\./,
  ],
  ['nonsense by hand', `${whole}I think it slipped\n`, /Bob\.jsonl, line 2 is damaged and was left out/],
  [
    'a value that does not fit',
    `${whole}${JSON.stringify(lineOf({ patch: [{ map: 'notes', id: 'n', value: 7 }] }))}`,
    /line 2 was left out\. The value of notes\/n does not fit/,
  ],
  [
    'a map nobody knows',
    `${whole}${JSON.stringify(lineOf({ patch: [{ map: 'hopes', id: 'n', value: 7 }] }))}`,
    /line 2 is no gesture this version knows \(patch\.0\.map/,
  ],
  [
    'an end in the middle',
    `${whole}${JSON.stringify(lineOf({})).slice(0, 90)}`,
    /line 2 was cut off while it was written/,
  ],
  ['an end of zeros, as after a power cut', `${whole}${'\0'.repeat(90)}`, /line 2 is damaged/],
  [
    'another recording',
    `${whole}${JSON.stringify(lineOf({ recording: 'f'.repeat(64) }))}\n`,
    /line 2 is of another recording and was left out: put the file into the folder f{64}\./,
  ],
  [
    'a counter without room above it',
    `${whole}${JSON.stringify(lineOf({ clock: MOST_CLOCK + 1 }))}\n`,
    /line 2 is no gesture this version knows \(clock/,
  ],
];

describe('a bad journal', () => {
  it.each(BAD)(
    'with %s costs that line, in one sentence; it stays as it is, and all else can be used',
    async (_, text, sentence) => {
      const file = path.join(folder, 'Bob.jsonl');
      await writeFile(file, text);
      const review = await service.get(episode);
      expect(review.problems).toEqual([expect.stringMatching(sentence)]);
      expect(review).toMatchObject({
        own: { outcome: { value: 'failure' } },
        others: [{ annotator: 'Bob', outcome: { value: 'success' } }],
      });
      const after = await service.gesture(episode, 'Note', [{ map: 'notes', id: 'n', value: { text: 'x' } }]);
      expect(after).toMatchObject({ own: { notes: { n: { text: 'x' } } }, undo: { count: 2 } });
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );

  it('of a newer version is not overtaken: what is said now stands behind it once it can be read', async () => {
    await writeFile(path.join(folder, 'Bob.jsonl'), BAD[0]?.[1] as string);
    await service.gesture(episode, 'Note', [{ map: 'notes', id: 'n', value: { text: 'x' } }]);
    const own = (await readdir(folder)).find((name) => name.startsWith('Ann')) as string;
    const lines = (await readFile(path.join(folder, own), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) as string).clock).toBe(41);
  });

  it('of thousands of bad lines is told in a few sentences', async () => {
    await writeFile(path.join(folder, 'Bob.jsonl'), 'garbage\n'.repeat(3000));
    const { problems } = await service.get(episode);
    expect(problems).toHaveLength(6);
    expect(problems.at(-1)).toBe('Bob.jsonl: 2995 lines more were left out for such reasons.');
  });

  it('with times past the end is kept and shown, so that it can be put right', async () => {
    await writeFile(
      path.join(folder, 'Bob.jsonl'),
      JSON.stringify(lineOf({ patch: [{ map: 'failures', id: 'f', value: failure }] })),
    );
    const review = await service.get(episode);
    expect(review).toMatchObject({ problems: [], others: [{ failures: { f: failure } }] });
  });

  it('that counts as far as can be counted takes nothing more, and says why', async () => {
    await writeFile(path.join(folder, 'Bob.jsonl'), JSON.stringify(lineOf({ clock: MOST_CLOCK })));
    const said = service.gesture(episode, 'Note', [{ map: 'notes', id: 'n', value: { text: 'x' } }]);
    await expect(said).rejects.toThrow(/"Note" was not saved\. A line in .* counts too far: remove it/);
    expect((await service.get(episode)).own.notes).toEqual({});
  });

  it.each([
    ['is full', 'ENOSPC', /"Note" was not saved\. .*\.jsonl cannot be used: the disk is full: free some space\./],
    ['turns read-only', 'EROFS', /"Note" was not saved\. .*\.jsonl cannot be used: the disk is read-only\./],
    ['is closed to this account', 'EACCES', /this account may not use it: change its permissions\./],
  ])('disk that %s loses nothing, and goes on once it is put right', async (_, code, sentence) => {
    disk = {
      open: (file, flags, mode) =>
        mode === undefined
          ? realDisk.open(file, flags)
          : Promise.reject(Object.assign(new Error(code), { code, path: file })),
    };
    const say = () => service.gesture(episode, 'Note', [{ map: 'notes', id: 'n', value: { text: 'x' } }]);
    await expect(say()).rejects.toMatchObject({ code: 'UNUSABLE', message: expect.stringMatching(sentence) });
    expect(await service.get(episode)).toMatchObject({
      own: { outcome: { value: 'failure' }, notes: {} },
      problems: [],
    });
    disk = realDisk;
    expect((await say()).undo.count).toBe(2);
  });

  it('folder that cannot be made says so', async () => {
    const other: ReviewEpisode = { ...episode, storageDir: path.join(dir, 'file', '.regrasp') };
    await writeFile(path.join(dir, 'file'), '');
    await expect(
      service.gesture(other, 'Note', [{ map: 'notes', id: 'n', value: { text: 'x' } }]),
    ).rejects.toMatchObject({ code: 'UNUSABLE', message: expect.stringMatching(/a part of its path is a file/) });
  });
});
