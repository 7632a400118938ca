import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { foldLayers, type LayerHistory } from '../../shared/review/fold.ts';
import { formatLine, readLine } from '../../shared/review/journal.ts';
import type { GestureLine } from '../../shared/review/review.ts';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';
import { ownFolder } from './own-folder.ts';

/** Far beyond any review (a line is some hundred bytes), and small enough to hold as text. */
const JOURNAL_LIMIT_BYTES = 64e6;
/** Lines parsed before others get their turn on the workstation's thread. */
const LINES_A_TURN = 500;
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NEWLINE = 0x0a;

interface JournalFile {
  stamp: string;
  lines: GestureLine[];
  problems: string[];
}

/**
 * The journals of one fingerprint: reads all of them, appends to one. Not for concurrent use: its owner takes turns.
 * Other windows, processes and sync tools may write the same folder at any time.
 */
export class JournalFolder {
  private files = new Map<string, JournalFile>();
  private folded: ReadonlyMap<string, LayerHistory> | undefined;

  constructor(
    private readonly storageDir: string,
    private readonly parts: readonly string[],
  ) {}

  get path(): string {
    return path.join(this.storageDir, ...this.parts);
  }

  get layers(): ReadonlyMap<string, LayerHistory> {
    this.folded ??= foldLayers([...this.files.values()].flatMap((file) => file.lines));
    return this.folded;
  }

  /** Whether any journal holds the line of this id. */
  has(id: string): boolean {
    for (const file of this.files.values()) if (file.lines.some((line) => line.id === id)) return true;
    return false;
  }

  /** The next Lamport counter: larger than any that was read. */
  get nextClock(): number {
    let highest = 0;
    for (const file of this.files.values()) for (const line of file.lines) highest = Math.max(highest, line.clock);
    return highest + 1;
  }

  get problems(): string[] {
    return [...this.files].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, file]) => file.problems);
  }

  /** Reads what changed on disk; answers whether anything did. */
  async refresh(): Promise<boolean> {
    const folder = await ownFolder(this.storageDir, this.parts, false);
    const names = folder === undefined ? [] : (await this.namesIn(folder)).filter((name) => name.endsWith('.jsonl'));
    const files = new Map<string, JournalFile>();
    let changed = names.length !== this.files.size;
    for (const name of names) {
      const file = path.join(folder as string, name);
      const stamp = await stampOf(file);
      const known = this.files.get(name);
      if (known && known.stamp === stamp) {
        files.set(name, known);
        continue;
      }
      changed = true;
      files.set(name, await readJournal(file, name, stamp));
    }
    this.files = files;
    if (changed) this.folded = undefined;
    return changed;
  }

  /**
   * Appends one line and waits until it is on disk. Rejects with Fault when it is not; then nothing is remembered, and
   * the next refresh shows what the disk really holds.
   */
  async append(name: string, line: GestureLine): Promise<void> {
    const folder = (await ownFolder(this.storageDir, this.parts, true)) as string;
    const file = path.join(folder, name);
    const known = this.files.get(name);
    this.files.delete(name);
    this.folded = undefined;
    try {
      const stamps = await appendDurably(file, formatLine(line));
      if (!known) await syncFolder(folder);
      // When nobody wrote in between, the file is what was known and this line: no need to read it all again.
      if (known && known.stamp === stamps.before) {
        this.files.set(name, { ...known, stamp: stamps.after, lines: [...known.lines, line] });
      }
    } catch (error) {
      throw new Fault('UNUSABLE', `"${line.name}" was not saved. ${sentenceOf(error, file)}`);
    }
    await this.refresh();
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

/**
 * One write in append mode, so that lines of two processes never mix; a torn line before it is closed first. Answers
 * the file's stamps around the write, "after" being right only when nobody else wrote since "before".
 */
async function appendDurably(file: string, text: string): Promise<{ before: string; after: string }> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | NO_FOLLOW;
  const handle = await open(file, flags, 0o644);
  try {
    const before = await handle.stat();
    const bytes = Buffer.from((await endsTorn(handle, before.size)) ? `\n${text}` : text);
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten !== bytes.length) throw Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' });
    await handle.sync();
    const after = await handle.stat();
    const isAlone = after.size === before.size + bytes.length;
    return { before: isAlone ? stampOfStats(before) : 'unknown', after: stampOfStats(after) };
  } finally {
    await handle.close();
  }
}

async function endsTorn(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}

async function readJournal(file: string, name: string, stamp: string): Promise<JournalFile> {
  const journal: JournalFile = { stamp, lines: [], problems: [] };
  if (stamp === 'link') journal.problems.push(`${file} is a link and was not followed.`);
  if (stamp === 'link' || stamp === 'absent') return journal;
  let text: string;
  try {
    const handle = await open(file, constants.O_RDONLY | NO_FOLLOW);
    try {
      if ((await handle.stat()).size > JOURNAL_LIMIT_BYTES) {
        journal.problems.push(`${file} is too large for a journal and was left out: look at what wrote it.`);
        return journal;
      }
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    journal.problems.push(`What ${name} says is not shown. ${sentenceOf(error, file)}`);
    return journal;
  }
  for (const [index, lineText] of text.split('\n').entries()) {
    if (index % LINES_A_TURN === LINES_A_TURN - 1) await breathe();
    const line = readLine(lineText, `${name}, line ${index + 1}`);
    if (typeof line === 'string') journal.problems.push(line);
    else if (line) journal.lines.push(line);
  }
  return journal;
}

async function stampOf(file: string): Promise<string> {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats) return 'absent';
  return stats.isFile() ? stampOfStats(stats) : 'link';
}

function stampOfStats({ ino, size, mtimeMs }: Stats): string {
  return `${ino}:${size}:${mtimeMs}`;
}

/** Makes a new file's name durable too; where folders cannot be opened the system does it by itself. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
