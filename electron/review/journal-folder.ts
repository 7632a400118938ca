import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { emptyHistory, foldLayers, foldNext, type LayerHistory } from '../../shared/review/fold.ts';
import { formatLine } from '../../shared/review/journal.ts';
import { type GestureLine, MOST_CLOCK } from '../../shared/review/review.ts';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';
import { syncFolder } from '../settings/atomic-write.ts';
import {
  appendDurably,
  type JournalDisk,
  type JournalFile,
  linesOf,
  problemsOf,
  readJournal,
  realDisk,
  stampOf,
  withLine,
} from './journal-file.ts';
import { ownFolder } from './own-folder.ts';

/**
 * The journals of one fingerprint, the last of `parts`: reads all of them, appends to one. Not for concurrent use: its owner takes turns.
 * Other windows, processes and sync tools may write the same folder at any time.
 */
export class JournalFolder {
  private files = new Map<string, JournalFile>();
  private folded: ReadonlyMap<string, LayerHistory> | undefined;
  /** Lines whose write failed at a point where they may be in the file, though not on disk. */
  private readonly doubtful = new Set<string>();
  /** Whether the last write failed. */
  private isUnsure = false;

  constructor(
    private readonly storageDir: string,
    private readonly parts: readonly string[],
    private readonly disk: JournalDisk = realDisk,
  ) {}

  get path(): string {
    return path.join(this.storageDir, ...this.parts);
  }

  get layers(): ReadonlyMap<string, LayerHistory> {
    this.folded ??= foldLayers([...this.files.values()].flatMap(linesOf));
    return this.folded;
  }

  /** The line of this id, if any journal holds it. */
  lineOf(id: string): GestureLine | undefined {
    for (const file of this.files.values()) if (file.ids.has(id)) return linesOf(file).find((line) => line.id === id);
    return undefined;
  }

  /** Whether a line that a journal holds may not be on disk: it has to be written again. */
  isDoubtful(id: string): boolean {
    return this.doubtful.has(id);
  }

  /** The next Lamport counter: larger than any that was read. */
  get nextClock(): number {
    return Math.max(0, ...[...this.files.values()].map(({ highestClock }) => highestClock)) + 1;
  }

  get problems(): string[] {
    return [...this.files].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, file]) => problemsOf(file));
  }

  /** Reads what changed on disk; answers whether anything did. */
  async refresh(): Promise<boolean> {
    const folder = await ownFolder(this.storageDir, this.parts, false);
    const names = folder === undefined ? [] : (await this.namesIn(folder)).filter((name) => name.endsWith('.jsonl'));
    const files = new Map<string, JournalFile>();
    let changed = names.length !== this.files.size;
    for (const name of names) {
      const file = path.join(folder as string, name);
      const known = this.files.get(name);
      if (known && known.stamp === (await stampOf(file))) {
        files.set(name, known);
        continue;
      }
      changed = true;
      files.set(name, await readJournal(this.disk, file, this.parts.at(-1) as string, known));
    }
    this.files = files;
    if (changed) this.folded = undefined;
    return changed;
  }

  /**
   * Appends one line and waits until it is on disk. Rejects with Fault when it is not; then nothing is remembered, and
   * the next refresh shows what the disk really holds. Answers whether the layers are those of before with this line.
   */
  async append(name: string, line: GestureLine): Promise<boolean> {
    const folder = (await ownFolder(this.storageDir, this.parts, true)) as string;
    const file = path.join(folder, name);
    const known = this.files.get(name);
    // What is shown since a try that failed is written again before anything is said on top of it.
    const again = [...this.doubtful].map((id) => known && id !== line.id && lineIn(known, id)).filter((each) => !!each);
    const text = [...again, line].map(formatLine).join('');
    try {
      if (line.clock > MOST_CLOCK) throw new Error(`A line in ${folder} counts too far: remove it, then save again.`);
      const stamps = await appendDurably(this.disk, file, text, this.isUnsure);
      if (!known) await syncFolder(folder);
      this.doubtful.clear();
      this.isUnsure = false;
      // When nobody wrote in between, the file is what was known and this line: no need to read it all again.
      if (known && known.stamp === stamps.before) {
        this.files.set(name, withLine(known, text, line, stamps.after));
        return this.fold(line);
      }
    } catch (error) {
      this.doubtful.add(line.id);
      this.isUnsure = true;
      this.files.delete(name);
      this.folded = undefined;
      throw new Fault('UNUSABLE', `"${line.name}" was not saved. ${sentenceOf(error, file)}`);
    }
    await this.refresh();
    return false;
  }

  private fold(line: GestureLine): boolean {
    if (!this.folded) return false;
    const next = foldNext(this.folded.get(line.annotator) ?? emptyHistory(line.annotator), line);
    this.folded = next && new Map(this.folded).set(line.annotator, next);
    return next !== undefined;
  }

  private async namesIn(folder: string): Promise<string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return [];
      throw new Fault('UNUSABLE', `The review cannot be read. ${sentenceOf(error, folder)}`);
    }
  }
}

function lineIn(file: JournalFile, id: string): GestureLine | undefined {
  return file.ids.has(id) ? linesOf(file).find((line) => line.id === id) : undefined;
}
