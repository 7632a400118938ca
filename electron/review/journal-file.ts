import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { clockClaimedBy, readLine } from '../../shared/review/journal.ts';
import type { GestureLine } from '../../shared/review/review.ts';
import { sentenceOf } from '../fault.ts';

/** What journals are written through: tests put a disk in its place that fails. */
export interface JournalDisk {
  open(file: string, flags: number, mode?: number): Promise<JournalHandle>;
}
export type JournalHandle = Pick<FileHandle, 'stat' | 'read' | 'readFile' | 'write' | 'sync' | 'close'>;
export const realDisk: JournalDisk = { open };

/** Far beyond any review (a line is some hundred bytes), and small enough to hold as text. */
const LIMIT_BYTES = 64e6;
/** How long lines are parsed before others get their turn on the workstation's thread. */
const TURN_MS = 5;
/** Lines of a journal whose faults are told one by one. */
const MOST_SENTENCES = 5;
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NEWLINE = 0x0a;

/** A journal as it was read. Lines may be added at its end; nothing else of it changes. */
export interface JournalFile {
  /** Changes with the file. */
  stamp: string;
  /** As they stand in the file, and what was read of each: a gesture, a sentence why not, nothing for an empty one. */
  texts: string[];
  read: (GestureLine | string | undefined)[];
  ids: Set<string>;
  highestClock: number;
  /** One sentence why none of it is shown. */
  fault: string | null;
}

/**
 * One write in append mode, so that lines of two processes never mix; a torn line before it is closed first. Answers
 * the file's stamps around the write, "after" being right only when nobody else wrote since "before". `isUnsure` says that
 * a write before this one failed: what stands at the end of the file may not be there after a crash, its line end neither.
 */
export async function appendDurably(
  disk: JournalDisk,
  file: string,
  text: string,
  isUnsure: boolean,
): Promise<{ before: string; after: string }> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | NO_FOLLOW;
  const handle = await disk.open(file, flags, 0o644);
  try {
    const before = await handle.stat();
    const bytes = Buffer.from(isUnsure || (await endsTorn(handle, before.size)) ? `\n${text}` : text);
    if (before.size + bytes.length > LIMIT_BYTES)
      throw new Error(`${file} is as large as a journal may be: see what wrote it, then move it away.`);
    const { bytesWritten } = await handle.write(bytes, 0, bytes.length, null);
    if (bytesWritten !== bytes.length) throw Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' });
    const after = await handle.stat();
    const isAlone = after.size === before.size + bytes.length;
    // What another process wrote right before may have been cut off, and this line then stands behind the rest of it.
    if (!isAlone && !(await standsAlone(handle, before.size, after.size, text)))
      throw new Error(`Another program wrote to ${file} at the same moment: save again.`);
    await handle.sync();
    return { before: isAlone && !isUnsure ? stampOfStats(before) : 'unknown', after: stampOfStats(after) };
  } finally {
    await handle.close();
  }
}

async function endsTorn(handle: JournalHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}

/** Whether the line stands between line ends in what was written since the file had `from` bytes. */
async function standsAlone(handle: JournalHandle, from: number, to: number, text: string): Promise<boolean> {
  const first = Math.max(0, from - 1);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - first), 0, to - first, first);
  const written = buffer.toString('utf8', 0, bytesRead);
  return written.includes(`\n${text}`) || (from === 0 && written.startsWith(text));
}

/**
 * Reads a journal of what was said of one recording. Of what was read `before`, lines that are as they were are not parsed
 * again. Never rejects.
 */
export async function readJournal(
  disk: JournalDisk,
  file: string,
  recording: string,
  before?: JournalFile,
): Promise<JournalFile> {
  const name = path.basename(file);
  const stamp = await stampOf(file);
  const journal: JournalFile = { stamp, texts: [], read: [], ids: new Set(), highestClock: 0, fault: null };
  if (stamp === 'link') journal.fault = `${file} is a link and was not followed.`;
  if (stamp === 'link' || stamp === 'absent') return journal;
  let text: string;
  try {
    const handle = await disk.open(file, constants.O_RDONLY | NO_FOLLOW);
    try {
      if ((await handle.stat()).size > LIMIT_BYTES) {
        journal.fault = `${file} is too large for a journal and was left out: look at what wrote it.`;
        return journal;
      }
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    journal.fault = `What ${name} says is not shown. ${sentenceOf(error, file)}`;
    return journal;
  }
  let turnEndsMs = performance.now() + TURN_MS;
  for (const [index, line] of text.split('\n').entries()) {
    if (index % 16 === 0 && performance.now() > turnEndsMs) {
      await breathe();
      turnEndsMs = performance.now() + TURN_MS;
    }
    const isKnown = before !== undefined && before.texts[index] === line && index < before.read.length;
    addLine(journal, line, isKnown ? before.read[index] : readOf(recording, line, `${name}, line ${index + 1}`));
  }
  return journal;
}

function readOf(recording: string, text: string, place: string): GestureLine | string | undefined {
  const line = readLine(text, place);
  if (typeof line !== 'object' || line.recording === undefined || line.recording === recording) return line;
  return `${place} is of another recording and was left out: put the file into the folder ${line.recording}.`;
}

/** The journal with a line of ours at its end. */
export function withLine(journal: JournalFile, text: string, line: GestureLine, stamp: string): JournalFile {
  // A file that ends in a line end reads as one empty line more; one that was torn got its line end with this line.
  if (journal.texts.at(-1) === '') {
    journal.texts.pop();
    journal.read.pop();
  }
  addLine(journal, text.trimEnd(), line);
  addLine(journal, '', undefined);
  journal.stamp = stamp;
  return journal;
}

function addLine(journal: JournalFile, text: string, read: GestureLine | string | undefined): void {
  journal.texts.push(text);
  journal.read.push(read);
  if (typeof read === 'object') journal.ids.add(read.id);
  const clock = typeof read === 'object' ? read.clock : read === undefined ? 0 : clockClaimedBy(text);
  journal.highestClock = Math.max(journal.highestClock, clock);
}

export function linesOf({ read }: JournalFile): GestureLine[] {
  return read.filter((line) => typeof line === 'object');
}

/**
 * What could not be read, one sentence each, and one about the rest where there are many. A line that was cut off and
 * written again later is no loss.
 */
export function problemsOf({ fault, texts, read, ids }: JournalFile): string[] {
  if (fault !== null) return [fault];
  const sentences = read.filter((line, index): line is string => {
    if (typeof line !== 'string') return false;
    const id = /^\{"v":\d+,"id":"([^"\\]+)"/.exec(texts[index] as string)?.[1];
    return id === undefined || !ids.has(id) || isWhole(texts[index] as string);
  });
  const rest = sentences.length - MOST_SENTENCES;
  if (rest <= 1) return sentences;
  const name = sentences[0]?.split(', line ')[0];
  return [...sentences.slice(0, MOST_SENTENCES), `${name}: ${rest} lines more were left out for such reasons.`];
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export async function stampOf(file: string): Promise<string> {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats) return 'absent';
  return stats.isFile() ? stampOfStats(stats) : 'link';
}

function stampOfStats({ ino, size, mtimeMs }: Pick<Stats, 'ino' | 'size' | 'mtimeMs'>): string {
  return `${ino}:${size}:${mtimeMs}`;
}
