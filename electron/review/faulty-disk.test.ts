import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldLayers, layerOf } from '../../shared/review/fold.ts';
import { readLine } from '../../shared/review/journal.ts';
import type { Change, GestureLine, Review } from '../../shared/review/review.ts';
import { afterStep } from '../../shared/review/step.ts';
import { gestureFor, MOST, type Move } from '../../shared/review/testing.ts';
import { type JournalDisk, realDisk } from './journal-file.ts';
import { openedWith, openWholeReviews, type WholeReviews } from './testing.ts';

/** What goes wrong at one call of the disk. "late": the bytes are written, and it is never said that they are on disk. */
type Trouble = 'none' | 'closed' | 'full' | 'torn' | 'late';

/**
 * A disk that keeps what was synced and nothing else: at a crash the rest of a file is gone, or is there in part. What a
 * failed sync was to keep may be lost although a later one says that all is well, as on Linux.
 */
class FaultyDisk implements JournalDisk {
  next: Trouble = 'none';
  /** How much of a torn write reaches the file, 0 to 1. */
  share = 0;
  /** Files of which something was altered that was on disk before. */
  readonly altered: string[] = [];
  private readonly kept = new Map<string, Buffer>();
  private cursed: { file: string; from: number; to: number }[] = [];

  async open(...[file, flags, mode]: Parameters<JournalDisk['open']>) {
    const handle = await realDisk.open(file, flags, mode);
    // Reading is left alone: the property is about what was written.
    if (mode === undefined) return handle;
    // Before the first write: a file may have been there, or be left by an earlier crash.
    if (!this.kept.has(file)) this.kept.set(file, await readFile(file));
    const trouble = this.next;
    this.next = 'none';
    if (trouble === 'closed') {
      await handle.close();
      throw Object.assign(new Error('read-only'), { code: 'EROFS' });
    }
    const write = handle.write.bind(handle) as typeof handle.write;
    handle.write = (async (bytes: Buffer) => {
      if (trouble === 'full') throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      const length = trouble === 'torn' ? Math.floor(bytes.length * this.share) : bytes.length;
      return write(bytes, 0, length, null);
    }) as typeof handle.write;
    handle.sync = async () => {
      const now = await readFile(file);
      const before = this.kept.get(file);
      if (before && !now.subarray(0, before.length).equals(before)) this.altered.push(file);
      if (trouble === 'late') {
        this.cursed.push({ file, from: this.kept.get(file)?.length ?? 0, to: now.length });
        throw Object.assign(new Error('lost'), { code: 'EIO' });
      }
      this.kept.set(file, now);
    };
    return handle;
  }

  /** The power goes. */
  async crash(): Promise<void> {
    for (const [file, kept] of this.kept) {
      const now = await readFile(file);
      const end = kept.length + Math.floor((now.length - kept.length) * this.share);
      const after = Buffer.from(now.subarray(0, Math.max(kept.length, end)));
      for (const each of this.cursed) if (each.file === file) after.fill(0, each.from, Math.min(each.to, after.length));
      await writeFile(file, after);
      this.kept.set(file, after);
    }
    this.cursed = [];
  }
}

type Happening =
  | { kind: 'say'; move: Move; trouble: Trouble; share: number }
  | { kind: 'undo' | 'redo'; trouble: Trouble; share: number }
  | { kind: 'crash'; share: number };

const move = fc.record({
  kind: fc.nat(MOST.kind),
  pick: fc.nat(MOST.pick),
  other: fc.nat(MOST.other),
  tick: fc.nat(MOST.tick),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const trouble = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Trouble>('none') },
  { weight: 2, arbitrary: fc.constantFrom<Trouble>('closed', 'full', 'torn', 'late') },
);
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('say' as const), move, trouble, share }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const), trouble, share }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), share }) },
  ),
  { maxLength: 30 },
);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'regrasp-faulty-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('a review on a disk that fails', () => {
  it('has everything that was answered, whatever the disk and the power did, and never alters what was there', async () => {
    let run = 0;
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(happenings, async (all) => {
        run += 1;
        const storageDir = path.join(dir, `${run}`, '.regrasp');
        await mkdir(storageDir, { recursive: true });
        const disk = new FaultyDisk();
        const episode = { opened: openedWith({ times: [0, 1e9] }), storageDir };
        const open = () =>
          openWholeReviews({
            ...{ userDataDir: path.join(dir, 'user'), annotator: () => 'Ann', disk, pollMs: 1e6 },
            decode: { frame: () => Promise.reject(new Error('no stream, so no frame')) },
            onReview: (_, told) => {
              // What a window makes of the step is the review, wherever it can be told as a step.
              const next = followed && afterStep(followed, told.step);
              if (next) expect(toText(next)).toBe(toText(told.review()));
              taken += next ? 1 : 0;
              followed = told.review();
            },
          });
        let service: WholeReviews = open();
        let followed: Review | undefined;
        const answered: string[] = [];
        let review: Review = await service.get(episode);
        /** What may be in the journal though nobody was told so. */
        let inHand: string | null = null;
        for (const [index, happening] of all.entries()) {
          disk.share = happening.share;
          if (happening.kind === 'crash') {
            await service.close();
            await disk.crash();
            service = open();
            const found = await service.get(episode);
            // Only what nobody was told of may be there or not.
            if (inHand === null) expect(toText(found.own)).toBe(toText(review.own));
            review = found;
            inHand = null;
            continue;
          }
          disk.next = happening.trouble;
          const id = `00000000-0000-4000-8000-${`${index}`.padStart(12, '0')}`;
          const act = (): Promise<Review> => {
            if (happening.kind !== 'say') return service[happening.kind](episode);
            const gesture = gestureFor(review.own, happening.move, `${index}`);
            const patch: Change[] = gesture?.patch ?? [];
            return service.gesture(episode, gesture?.name ?? 'Nothing', patch, { id });
          };
          try {
            review = await act();
          } catch (error) {
            const { code, message } = error as { code: string; message: string };
            expect(['REFUSED', 'UNUSABLE'], message).toContain(code);
            if (code === 'REFUSED') continue;
            expect(message).toMatch(/was not saved/);
            if (happening.kind === 'say') {
              // The window sends again what was not kept, under the same id.
              if (index % 3 === 0) {
                inHand = id;
                review = await service.get(episode);
                continue;
              }
              review = await act();
            } else {
              inHand = id;
              review = await service.get(episode);
              continue;
            }
          }
          if (happening.kind === 'say') answered.push(id);
          inHand = null;
        }
        await service.close();
        expect(disk.altered).toEqual([]);
        await disk.crash();
        const last = await open().get(episode);
        if (inHand === null) expect(toText(last.own)).toBe(toText(review.own));
        const lines = await linesIn(storageDir);
        const ids = lines.map(({ id }) => id);
        for (const id of answered) expect(ids).toContain(id);
        const folded = foldLayers(lines).get('Ann');
        if (folded) expect(toText(layerOf(folded))).toBe(toText(last.own));
      }),
      { numRuns: 30 },
    );
    // Steps were compared at all; how many there were is chance.
    expect(taken).toBeGreaterThan(0);
  });
});

function toText(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

async function linesIn(storageDir: string): Promise<GestureLine[]> {
  const names = await readdir(storageDir, { recursive: true });
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.jsonl')).map((name) => readFile(path.join(storageDir, name), 'utf8')),
  );
  return texts
    .flatMap((text) => text.split('\n').map((line) => readLine(line, '')))
    .filter((line) => typeof line === 'object');
}
