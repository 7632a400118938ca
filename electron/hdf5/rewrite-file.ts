import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import { access, chmod, copyFile, link, lstat, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault, reasonOf, sentenceOf, systemCodeOf } from '../fault.ts';
import { renameWithRetry, syncFolder } from '../settings/atomic-write.ts';
import type { FileEdit } from './edit-plan.ts';
import type { RewriteWork } from './rewrite-protocol.ts';
import { type RewriteParts, runRewrite } from './run-rewrite.ts';

export interface RewrittenFile {
  state: 'rewritten' | 'packed-already';
  bytesBefore: number;
  bytesAfter: number;
}

export interface RewriteOptions extends Omit<RewriteParts, 'onBytes'> {
  /** "compress": begins the ending of the copy, "episode.h5.1234-a1b2c3.compress_tmp". */
  verb: 'compress' | 'publish';
  /** gzip level; null keeps chunks as they are stored. */
  level: number | null;
  /** What is said otherwise. With an edit the original is kept, under a name of its own, until the new file was read again. */
  edit: FileEdit | null;
  /** What the file held when the edit was made, where that is known: its size and time of change. */
  expected?: { sizeBytes: number; modifiedMs: number };
  /** Called before the file is replaced: whoever holds it open lets go of it. */
  release(): Promise<void>;
  onBytes?(bytes: number): void;
  onStep?(step: 'copying' | 'comparing'): void;
}

const COMPARING_THREADS = 2;
const DONE = { compress: 'compressed', publish: 'written to' } as const;

/**
 * Rewrites one HDF5 file in place. A copy is written beside it, compared with it value by value, and takes its place in
 * one step; until then the original is untouched. Rejects with Fault, one sentence; the original is then as it was.
 */
export async function rewriteFile(file: string, options: RewriteOptions): Promise<RewrittenFile> {
  const { verb, level, edit, signal } = options;
  const name = path.basename(file);
  const before = await stat(file).catch((error: unknown) => {
    throw new Fault('UNUSABLE', sentenceOf(error, file));
  });
  const own = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const temporary = `${own}.${verb}_tmp`;
  const backup = edit ? `${own}.${verb}_backup` : null;
  try {
    await refuseWriteProtected(file, before);
    const { expected } = options;
    if (expected && (before.size !== expected.sizeBytes || before.mtimeMs !== expected.modifiedMs))
      throw changed(name, verb);
    const backups = await clearLeftovers(file, verb);
    const digest = edit ? await digestOf(file) : null;
    options.onStep?.('copying');
    const work = { file, temporary, level, edit };
    const copied = await runRewrite({ kind: 'copy', ...work }, options);
    if (copied.state === 'packed-already')
      return { state: copied.state, bytesBefore: before.size, bytesAfter: before.size };
    if (copied.state === 'refused') {
      const [kept] = backups;
      const earlier = kept ? `; ${path.basename(kept)} holds it as it was before a run that was broken off` : '';
      throw new Fault('REFUSED', `${name} stays as it is: ${copied.reason}${earlier}.`);
    }
    if (copied.state !== 'copied') throw new Error(`${name} could not be copied (${copied.state}).`);
    options.onStep?.('comparing');
    await compareCopy(work, options);
    const { size } = await stat(temporary);
    await takeOver(temporary, before, edit === null);
    await options.release();
    signal.throwIfAborted();
    const isSame = () => lstat(file).then((now) => isAsIt(now, before));
    if (!(await isSame()) || (digest !== null && digest !== (await digestOf(file)))) throw changed(name, verb);
    if (backup === null) await renameWithRetry(temporary, file);
    else await replaceKeeping({ file, temporary, backup, before, verb });
    await syncFolder(path.dirname(file));
    for (const kept of backups) await rm(kept, { force: true }).catch(() => undefined);
    return { state: 'rewritten', bytesBefore: before.size, bytesAfter: size };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (systemCodeOf(error) === '') throw error;
    const reason = reasonOf(error);
    throw new Fault('UNUSABLE', `${name} stays as it is: ${reason ? `${reason}.` : sentenceOf(error)}`);
  }
}

/** The original stays under another name until what took its place was read from the disk again and is what was judged. */
async function replaceKeeping(of: {
  file: string;
  temporary: string;
  backup: string;
  before: Stats;
  verb: RewriteOptions['verb'];
}): Promise<void> {
  const { file, temporary, backup, before, verb } = of;
  const judged = await digestOf(temporary);
  const isLinked = await link(file, backup).then(
    () => true,
    // Not every disk has links.
    () => copyFile(file, backup, constants.COPYFILE_EXCL).then(() => false),
  );
  let isReplaced = false;
  try {
    await renameWithRetry(temporary, file);
    isReplaced = true;
    const isTheOriginal = !isLinked || isAsIt(await stat(backup), before);
    const isWhole = (await digestOf(file)) === judged;
    if (!isTheOriginal) throw changed(path.basename(file), verb);
    if (!isWhole)
      throw new Fault('UNUSABLE', `${path.basename(file)} stays as it is: the disk did not keep what was written.`);
    isReplaced = false;
  } finally {
    if (isReplaced) await rename(backup, file);
    else await rm(backup, { force: true }).catch(() => undefined);
  }
}

function isAsIt(now: Stats, before: Stats): boolean {
  const isSamePlace = !now.isSymbolicLink() && now.ino === before.ino;
  return isSamePlace && now.size === before.size && now.mtimeMs === before.mtimeMs;
}

function changed(name: string, verb: RewriteOptions['verb']): Fault {
  return new Fault(
    'REFUSED',
    `${name} was changed while it was to be ${DONE[verb]} and stays as it is: run the command again.`,
  );
}

/** A file can be replaced although it is protected; who protected it meant it to stay. */
async function refuseWriteProtected(file: string, stats: Stats): Promise<void> {
  const folder = path.dirname(file);
  for (const [what, at, mode] of [
    [path.basename(file), file, stats.mode],
    [`the folder ${folder}`, folder, (await stat(folder)).mode],
  ] as const) {
    const isWritable = await access(at, constants.W_OK).then(
      () => true,
      (error: unknown) => {
        // No permission would help.
        if (systemCodeOf(error) === 'EROFS') throw error;
        return false;
      },
    );
    // An administrator may write anywhere.
    if (isWritable && (mode & 0o222) !== 0) continue;
    const sentence = `${path.basename(file)} stays as it is: ${what} is write-protected: change its permissions.`;
    throw new Fault('UNUSABLE', sentence);
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function compareCopy(work: Omit<RewriteWork, 'kind' | 'part' | 'parts'>, options: RewriteOptions): Promise<void> {
  const parts = Array.from({ length: COMPARING_THREADS }, (_, part) => part);
  const results = await Promise.all(
    parts.map((part) =>
      runRewrite(
        { kind: 'compare', ...work, part, parts: parts.length },
        { workerDir: options.workerDir, pluginDir: options.pluginDir, signal: options.signal },
      ),
    ),
  );
  const name = path.basename(work.file);
  for (const result of results) {
    if (result.state === 'equal') continue;
    const reason =
      result.state === 'different'
        ? `the copy is not alike (${result.what})`
        : result.state === 'refused'
          ? result.reason
          : 'the copy cannot be compared';
    throw new Fault('REFUSED', `${name} stays as it is: ${reason}.`);
  }
}

/** The copy gets its original's permissions; where it says the same, its time of change too. */
async function takeOver(temporary: string, original: Stats, isTimeKept: boolean): Promise<void> {
  await chmod(temporary, original.mode & 0o7777);
  if (isTimeKept) await utimes(temporary, original.atimeMs / 1000, original.mtimeMs / 1000);
  const handle = await open(temporary, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Removes copies that an ended run left, and answers the originals it kept; a run that goes on ends this. */
async function clearLeftovers(file: string, verb: RewriteOptions['verb']): Promise<string[]> {
  const backups: string[] = [];
  const folder = path.dirname(file);
  const name = path.basename(file);
  // "episode_000.h5.1234-a1b2c3.compress_tmp": of process 1234.
  const left = new RegExp(`\\.(\\d+)-[0-9a-f]+\\.${verb}_(tmp|backup)$`);
  for (const each of await readdir(folder)) {
    const run = each.startsWith(`${name}.`) ? left.exec(each) : null;
    if (!run || each.length !== name.length + run[0].length) continue;
    if (Number(run[1]) !== process.pid && isRunning(Number(run[1])))
      throw new Fault(
        'REFUSED',
        `${name} is being ${DONE[verb]} by another run (${each}): wait for it, or remove that file.`,
      );
    if (run[2] === 'backup') {
      backups.push(path.join(folder, each));
      continue;
    }
    await rm(path.join(folder, each), { force: true }).catch((error: unknown) => {
      throw new Fault('UNUSABLE', sentenceOf(error, path.join(folder, each)));
    });
  }
  return backups;
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}
