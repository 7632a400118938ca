import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change, Review } from '../../shared/review/review.ts';
import { submitReview } from '../../shared/review/submission.ts';
import { type JournalDisk, realDisk } from './journal-file.ts';
import type { ReviewEpisode } from './reviews.ts';
import { openedWith, openWholeReviews, type WholeReviews } from './testing.ts';

let dir: string;
let storageDir: string;
let isBlind = false;
/** What journals of the next services are written through. */
let disk: JournalDisk = realDisk;
let episode: ReviewEpisode;
const told: [string, Review][] = [];
const open: WholeReviews[] = [];

function reviews(annotator = 'Ann', user = 'rig', pollMs = 30): WholeReviews {
  const service = openWholeReviews({
    userDataDir: path.join(dir, user),
    annotator: () => annotator,
    decode: { frame: () => Promise.reject(new Error('no stream, so no frame')) },
    onReview: (id, change) => told.push([id, change.review()]),
    isBlind: async () => isBlind,
    disk: { open: (...call) => disk.open(...call) },
    pollMs,
  });
  open.push(service);
  return service;
}

const note = (id: string, text: string | null): Change[] => [
  { map: 'notes', id, value: text === null ? null : { text } },
];
const outcome = (value: string): Change[] => [{ map: 'outcome', id: 'episode', value: { value } }];

async function journals(): Promise<string[]> {
  const folder = path.join(storageDir, 'reviews', (await readdir(path.join(storageDir, 'reviews')))[0] as string);
  return (await readdir(folder)).map((name) => path.join(folder, name));
}

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'regrasp-reviews-'));
  storageDir = path.join(dir, 'root', '.regrasp');
  await mkdir(path.dirname(storageDir));
  episode = { opened: openedWith({ times: [0, 1e9, 2e9] }), storageDir };
  told.length = 0;
  isBlind = false;
  disk = realDisk;
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()));
  await rm(dir, { recursive: true, force: true });
});

describe('reviews', () => {
  it('leaves the dataset untouched until something is said', async () => {
    const review = await reviews().get(episode);
    expect(review).toMatchObject({ annotator: 'Ann', savedAt: null, undo: { count: 0, name: null }, problems: [] });
    const written = await readdir(path.join(dir, 'root'), { recursive: true });
    expect(written.filter((name) => name.includes('reviews'))).toEqual([]);
  });

  it('appends one line a gesture and finds everything again after a restart, undo steps included', async () => {
    const first = reviews();
    await first.gesture(episode, 'Set outcome to success', outcome('success'));
    await first.gesture(episode, 'Add note', note('n1', 'slipped'));
    await first.undo(episode);
    await first.close();
    const [file] = await journals();
    expect((await readFile(file as string, 'utf8')).trimEnd().split('\n')).toHaveLength(3);
    const second = reviews();
    const review = await second.get(episode);
    expect(review).toMatchObject({
      own: { outcome: { value: 'success' }, notes: {} },
      undo: { count: 1, name: 'Set outcome to success' },
      redo: { count: 1, name: 'Add note' },
    });
    expect(review.savedAt).not.toBeNull();
    expect((await second.redo(episode)).own.notes).toEqual({ n1: { text: 'slipped' } });
    expect((await second.undo(episode)).own.notes).toEqual({});
    expect((await second.undo(episode)).own.outcome).toBeNull();
    await expect(second.undo(episode)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/nothing of yours to undo/),
    });
  });

  it('undoes 500 gestures that were made before a restart', async () => {
    // A thousand lines on a disk that does not wait: what is tested is what is in them.
    disk = {
      open: async (...call) => {
        const handle = await realDisk.open(...call);
        handle.sync = async () => undefined;
        return handle;
      },
    };
    const first = reviews();
    for (let n = 0; n < 500; n += 1) await first.gesture(episode, `Note ${n}`, note(`n${n % 5}`, `text ${n}`));
    const second = reviews();
    let review = await second.get(episode);
    expect(review.undo).toEqual({ count: 500, name: 'Note 499' });
    for (let n = 0; n < 500; n += 1) review = await second.undo(episode);
    expect(review).toMatchObject({ own: { notes: {} }, undo: { count: 0 }, redo: { count: 500, name: 'Note 0' } });
  }, 60_000);

  it('refuses what changes nothing, what does not fit and a recovery of no failure, and writes no line for it', async () => {
    const service = reviews();
    await service.gesture(episode, 'Set outcome', outcome('failure'));
    await expect(service.gesture(episode, 'Set outcome', outcome('failure'))).rejects.toMatchObject({
      code: 'REFUSED',
    });
    await expect(service.gesture(episode, 'Set outcome', outcome('splendid'))).rejects.toThrow(/does not fit/);
    const lonely = { failure: 'gone', ticks: [0, 1], controlMode: null, howRecovered: '', outcome: null };
    const alone = service.gesture(episode, 'Mark a recovery', [{ map: 'recoveries', id: 'r', value: lonely }]);
    await expect(alone).rejects.toThrow(/^"Mark a recovery" was not kept\. A recovery belongs to a failure/);
    expect((await readFile((await journals())[0] as string, 'utf8')).trimEnd().split('\n')).toHaveLength(1);
  });

  it('writes a gesture once, however often it is sent, also after a restart and after it was taken back', async () => {
    const id = '5d4b2f0e-52f6-4c0b-9f0e-0a4f3c1f7a11';
    const first = reviews();
    const [one, two] = await Promise.all([
      first.gesture(episode, 'Set outcome', outcome('success'), { id }),
      first.gesture(episode, 'Set outcome', outcome('success'), { id }),
    ]);
    expect(two).toEqual(one);
    await first.close();
    const second = reviews();
    expect(await second.gesture(episode, 'Set outcome', outcome('success'), { id })).toEqual({
      ...one,
      version: expect.anything(),
    });
    await second.undo(episode);
    const again = await second.gesture(episode, 'Set outcome', outcome('success'), { id });
    expect(again).toMatchObject({ own: { outcome: null }, undo: { count: 0 }, redo: { count: 1 } });
    const lines = (await readFile((await journals())[0] as string, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['do', 'undo']);
    expect(JSON.parse(lines[0] as string).id).toBe(id);
  });

  it('writes what was said of a recording to that recording, though its file was replaced since', async () => {
    const service = reviews();
    const shown = await service.fingerprintOf(episode);
    await service.gesture(episode, 'Set outcome', outcome('success'), { recording: shown });
    const before = episode;
    const replaced = openedWith({ times: [0, 1e9, 2e9], createdAt: '2026-05-12T09:00:00' });
    episode = { opened: { ...replaced, episode: { ...replaced.episode, modifiedMs: 2 } }, storageDir };
    expect(await service.fingerprintOf(episode)).not.toBe(shown);
    const said = await service.gesture(episode, 'Add note', note('n', 'slipped'), { recording: shown });
    expect(said).toMatchObject({ fingerprint: shown, own: { notes: { n: { text: 'slipped' } } }, undo: { count: 2 } });
    expect((await service.undo(episode, shown)).own.notes).toEqual({});
    expect((await service.redo(episode, shown)).own.notes).toEqual({ n: { text: 'slipped' } });
    expect(await service.get(episode)).toMatchObject({ own: { outcome: null, notes: {} }, undo: { count: 0 } });
    expect((await service.get(before)).own).toMatchObject({ outcome: { value: 'success' }, notes: { n: {} } });
  });

  it('keeps the gesture before a torn line, says what was lost, and goes on behind it', async () => {
    const service = reviews();
    await service.gesture(episode, 'Set outcome', outcome('success'));
    const [file] = (await journals()) as [string];
    const whole = await readFile(file, 'utf8');
    const torn = whole.slice(0, 80).replace('"id":"', '"id":"other-');
    await appendFile(file, torn);
    const review = await service.get(episode);
    expect(review.own.outcome).toEqual({ value: 'success' });
    expect(review.problems).toEqual([expect.stringMatching(/line 2 was cut off/)]);
    const next = await service.gesture(episode, 'Add note', note('n', 'after'));
    expect(next.own).toMatchObject({ outcome: { value: 'success' }, notes: { n: { text: 'after' } } });
    expect(next.problems).toHaveLength(1);
    expect((await readFile(file, 'utf8')).startsWith(`${whole}${torn}\n{`)).toBe(true);
  });

  it('keeps a last line that only lost its line end', async () => {
    const service = reviews();
    await service.gesture(episode, 'Set outcome', outcome('success'));
    const [file] = (await journals()) as [string];
    await writeFile(file, (await readFile(file, 'utf8')).trimEnd());
    const review = await service.gesture(episode, 'Add note', note('n', 'x'));
    expect(review).toMatchObject({ own: { outcome: { value: 'success' } }, problems: [], undo: { count: 2 } });
  });

  it('never rewrites a damaged line', async () => {
    const service = reviews();
    await service.gesture(episode, 'Set outcome', outcome('success'));
    const [file] = (await journals()) as [string];
    await writeFile(file, `garbage\n${await readFile(file, 'utf8')}`);
    expect((await service.undo(episode)).problems).toEqual([expect.stringMatching(/line 1 is damaged/)]);
    expect((await readFile(file, 'utf8')).startsWith('garbage\n{')).toBe(true);
  });

  it('shows other people beside, and undoes only its own', async () => {
    await reviews('Bob', 'other').gesture(episode, 'Set outcome', outcome('failure'));
    const ann = reviews('Ann');
    await ann.gesture(episode, 'Set outcome', outcome('success'));
    const bobsFile = (await journals()).find((name) => path.basename(name).startsWith('Bob')) as string;
    const before = await readFile(bobsFile, 'utf8');
    const review = await ann.undo(episode);
    expect(review).toMatchObject({
      own: { outcome: null },
      others: [{ annotator: 'Bob', outcome: { value: 'failure' } }],
    });
    await expect(ann.undo(episode)).rejects.toThrow(/nothing of yours/);
    expect(await readFile(bobsFile, 'utf8')).toBe(before);
  });

  it('lets two windows of one install write the same journal, each seeing the other', async () => {
    const [one, two] = [reviews(), reviews()];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).gesture(episode, `Note ${n}`, note(`n${n}`, 'x'))),
    );
    expect(await journals()).toHaveLength(1);
    for (const service of [one, two]) {
      const review = await service.get(episode);
      expect(Object.keys(review.own.notes)).toHaveLength(20);
      expect(review.problems).toEqual([]);
    }
    const undone = await two.undo(episode);
    expect((await one.get(episode)).own.notes).toEqual(undone.own.notes);
  });

  it('tells when somebody else wrote', async () => {
    const ann = reviews('Ann');
    await ann.get(episode);
    await reviews('Bob', 'other').gesture(episode, 'Set outcome', outcome('failure'));
    await vi.waitFor(() =>
      expect(told.filter(([, review]) => review.annotator === 'Ann').at(-1)).toEqual([
        episode.opened.episode.id,
        expect.objectContaining({ others: [expect.objectContaining({ annotator: 'Bob' })] }),
      ]),
    );
  });

  it('says so when the disk refuses, and shows no gesture that is not on it', async () => {
    const service = reviews();
    await service.gesture(episode, 'Set outcome', outcome('success'));
    const [file] = (await journals()) as [string];
    // A folder in the journal's place fails for everybody, the administrator included.
    const kept = await readFile(file, 'utf8');
    await rm(file);
    await mkdir(file);
    await expect(service.gesture(episode, 'Add note', note('n', 'x'))).rejects.toMatchObject({
      code: 'UNUSABLE',
      message: expect.stringMatching(/"Add note" was not saved.*Ann/),
    });
    await rm(file, { recursive: true });
    await writeFile(file, kept);
    expect((await service.get(episode)).own).toMatchObject({ outcome: { value: 'success' }, notes: {} });
    expect((await service.gesture(episode, 'Add note', note('n', 'x'))).undo.count).toBe(2);
  });

  it('follows no link out of its storage', async () => {
    const elsewhere = path.join(dir, 'elsewhere');
    await mkdir(elsewhere);
    await mkdir(storageDir);
    await symlink(elsewhere, path.join(storageDir, 'reviews'));
    await expect(reviews().gesture(episode, 'Set outcome', outcome('success'))).rejects.toThrow(/is a link/);
    await rm(storageDir, { recursive: true });
    await symlink(elsewhere, storageDir);
    await expect(reviews().gesture(episode, 'Set outcome', outcome('success'))).rejects.toThrow(/is a link/);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it('gives people with alike names files of their own', async () => {
    await reviews('Ann/é').gesture(episode, 'Set outcome', outcome('success'));
    await reviews('Ann:e').gesture(episode, 'Set outcome', outcome('failure'));
    const names = (await journals()).map((file) => path.basename(file));
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9-]+\.[0-9a-f]{12}\.jsonl$/);
  });

  it('keeps one review for two copies of a recording in a root', async () => {
    const service = reviews();
    const copy = { opened: openedWith({ times: [0, 1e9, 2e9], path: 'copy.h5' }), storageDir };
    await service.get(copy);
    await service.gesture(episode, 'Set outcome', outcome('success'));
    expect((await service.get(copy)).own.outcome).toEqual({ value: 'success' });
    expect(told.map(([id]) => id)).toContain(copy.opened.episode.id);
  });
});

describe('seen ticks', () => {
  it('join, survive, and belong to one person over all installs', async () => {
    await reviews('Ann', 'rig').seen(episode, [[0, 0]]);
    await reviews('Ann', 'desk').seen(episode, [[2, 2]]);
    await reviews('Bob', 'other').seen(episode, [[1, 1]]);
    expect(await reviews('Ann', 'rig').seen(episode, [])).toEqual([
      [0, 0],
      [2, 2],
    ]);
    await expect(reviews().seen(episode, [[2, 3]])).rejects.toMatchObject({ code: 'REFUSED' });
  });
});

describe('a blind project', () => {
  beforeEach(async () => {
    const bob = reviews('Bob', 'other');
    await bob.gesture(episode, 'Set outcome', [
      ...outcome('failure'),
      { map: 'properties', id: 'site', value: 'Oakland' },
    ]);
    // His own window would hear of what Ann does, and see himself.
    await bob.close();
    isBlind = true;
    told.length = 0;
  });
  const submit = submitReview();

  it('tells no window what others said until the own review is submitted, and again not once that is taken back', async () => {
    const ann = reviews('Ann');
    const before = await ann.gesture(episode, 'Add a note', note('n', 'x'));
    const { fingerprint } = before;
    const silent = [before, await ann.get(episode), await ann.undo(episode), await ann.redo(episode)];
    silent.push(await ann.read(storageDir, fingerprint), ...told.map(([, review]) => review));
    expect(silent.length).toBeGreaterThan(6);
    for (const review of silent) {
      expect(review).toMatchObject({ others: [], hidden: 1 });
      expect(JSON.stringify(review)).not.toMatch(/Bob|failure"|Oakland/);
    }
    expect(await ann.overview(storageDir)).toMatchObject({ counts: { reviewed: 0 }, properties: [] });
    told.length = 0;
    const after = await ann.gesture(episode, submit.name, submit.patch);
    expect(after).toMatchObject({
      hidden: 0,
      others: [{ annotator: 'Bob' }],
      own: { submission: { state: 'submitted' } },
    });
    expect(told.at(-1)?.[1].others).toHaveLength(1);
    expect((await ann.read(storageDir, fingerprint)).others).toHaveLength(1);
    expect((await ann.overview(storageDir)).properties).toHaveLength(1);
    expect(await ann.undo(episode)).toMatchObject({ hidden: 1, others: [] });
  });

  it('is told anew when it becomes so, and what is made of the dataset holds everything', async () => {
    const ann = reviews('Ann');
    await ann.get(episode);
    await ann.retell(storageDir);
    expect(told.at(-1)?.[1]).toMatchObject({ others: [], hidden: 1 });
    isBlind = false;
    await ann.retell(storageDir);
    expect(told.at(-1)?.[1]).toMatchObject({ others: [{ annotator: 'Bob' }], hidden: 0 });
    isBlind = true;
    expect(await ann.whole(episode)).toMatchObject({ others: [{ annotator: 'Bob' }], hidden: 0 });
  });
});

describe('the overview of a root', () => {
  it('follows what anybody says and takes back, and reads only what changed', async () => {
    const [ann, bob] = [reviews('Ann'), reviews('Bob', 'other')];
    expect(await ann.overview(storageDir)).toMatchObject({ counts: { reviewed: 0 }, last: [] });
    await bob.gesture(episode, 'Set outcome to failure', outcome('failure'));
    await bob.gesture(episode, 'Add a note', note('n', 'Bob saw it.'));
    expect(await ann.overview(storageDir)).toMatchObject({ counts: { reviewed: 1 }, texts: { notes: [] }, last: [] });
    await ann.gesture(episode, 'Add a note', note('n', 'It slipped.'));
    expect((await ann.overview(storageDir)).texts.notes).toEqual(['It slipped.']);
    await bob.undo(episode);
    await bob.undo(episode);
    expect((await ann.overview(storageDir)).counts.reviewed).toBe(0);
  });

  it('passes over folders that are no recording and journals that cannot be read', async () => {
    const ann = reviews('Ann');
    await ann.gesture(episode, 'Set outcome to failure', outcome('failure'));
    await mkdir(path.join(storageDir, 'reviews', 'notes'));
    await mkdir(path.join(storageDir, 'reviews', 'f'.repeat(64)));
    await writeFile(path.join(storageDir, 'reviews', 'f'.repeat(64), 'Ann.x.jsonl'), 'no line of a journal');
    expect((await ann.overview(storageDir)).counts).toEqual({ reviewed: 1, failures: 0, recoveries: 0 });
  });
});

describe('together', () => {
  const GROUP = '5b1f0c3e-3f0e-4d7a-9a51-0d5c1a7e0001';
  const other = () => ({ opened: openedWith({ times: [0, 1e9, 3e9], path: 'episode_001.h5' }), storageDir });
  const third = () => ({ opened: openedWith({ times: [0, 1e9, 4e9], path: 'episode_002.h5' }), storageDir });
  const verdict = (value: string) => [
    {
      ...{ map: 'verdicts' as const, id: 'jump:left:1-2' },
      value: { value, of: { detector: 'jump', class: 'jump', side: 'left', ticks: [1, 2] } },
    },
  ];
  const values = async (service: WholeReviews) =>
    Promise.all(
      [episode, other(), third()].map(
        async (each) => (await service.get(each)).own.verdicts['jump:left:1-2']?.value ?? null,
      ),
    );
  async function partsOf(service: WholeReviews, episodes = [episode, other()]) {
    const recordings = await Promise.all(episodes.map((each) => service.fingerprintOf(each)));
    return recordings.map((recording, index) => ({
      ...{ recording, id: `00000000-0000-4000-8000-00000000000${index}`, patch: verdict('cut') },
    }));
  }

  it('is one step in several recordings, and one undo from any of them takes all of it back', async () => {
    const service = reviews();
    const step = { group: GROUP, name: 'Cut 2 jumps', parts: await partsOf(service) };
    expect(await service.together(storageDir, step)).toEqual({ kept: 2, faults: [] });
    expect(await values(service)).toEqual(['cut', 'cut', null]);
    // Sent again without an answer: nothing is written twice.
    await service.together(storageDir, step);
    expect((await service.get(episode)).undo).toEqual({ count: 1, name: 'Cut 2 jumps' });
    await service.close();
    const later = reviews();
    expect((await later.undo(other())).own.verdicts).toEqual({});
    expect(await values(later)).toEqual([null, null, null]);
    await later.redo(episode);
    expect(await values(later)).toEqual(['cut', 'cut', null]);
  });

  it('is taken back by its group, and what was said since stays', async () => {
    const service = reviews();
    await service.together(storageDir, { group: GROUP, name: 'Cut 2 jumps', parts: await partsOf(service) });
    await service.gesture(other(), 'Add note', note('n1', 'slipped'));
    await service.gesture(third(), 'Keep jump', verdict('keep'));
    expect(await service.undoTogether(storageDir, GROUP)).toEqual({ kept: 2, faults: [] });
    expect(await values(service)).toEqual([null, null, 'keep']);
    expect((await service.get(other())).own.notes).toEqual({ n1: { text: 'slipped' } });
    expect(await service.undoTogether(storageDir, GROUP)).toEqual({ kept: 0, faults: [] });
  });

  it('tells where it was not kept, passes over where it is so already, and keeps the rest', async () => {
    const service = reviews();
    const parts = await partsOf(service);
    const step = { group: GROUP, name: 'Cut 2 jumps' };
    const [first, second] = parts;
    if (!first || !second) throw new Error('There are two recordings.');
    const unfit = [{ map: 'outcome' as const, id: 'episode', value: { value: 'splendid' } }];
    const end = await service.together(storageDir, { ...step, parts: [{ ...first, patch: unfit }, second] });
    expect(end).toEqual({ kept: 1, faults: [{ recording: first.recording, message: expect.stringMatching(/fit/) }] });
    await service.gesture(episode, 'Cut jump', verdict('cut'));
    const again = parts.map((part, index) => ({ ...part, id: `again-${index}` }));
    expect(await service.together(storageDir, { ...step, parts: again })).toEqual({ kept: 0, faults: [] });
    expect(await values(service)).toEqual(['cut', 'cut', null]);
  });
});
