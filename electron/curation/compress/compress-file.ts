import { randomBytes } from 'node:crypto';
import { chmod, lstat, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { Fault, reasonOf, sentenceOf, systemCodeOf } from '../../fault.ts';
import { renameWithRetry, syncFolder } from '../../settings/atomic-write.ts';
import { type CompressWorkerParts, runCompressWork } from './run-worker.ts';

export interface CompressedFile {
  state: 'compressed' | 'packed-already';
  bytesBefore: number;
  bytesAfter: number;
}

export interface CompressOptions extends Omit<CompressWorkerParts, 'onBytes'> {
  level: number;
  /** Called before the file is replaced: whoever holds it open lets go of it. */
  release(): Promise<void>;
  onBytes(bytes: number): void;
  onStep(step: 'copying' | 'comparing'): void;
}

const COMPARING_THREADS = 2;
/** "episode_000.h5.1234-a1b2c3.compress_tmp": of process 1234. */
const TEMPORARY = /\.(\d+)-[0-9a-f]+\.compress_tmp$/;

/**
 * Packs one HDF5 file with shuffle and gzip in place. A copy is written beside it, compared with it value by value, and
 * takes its place in one step; until then the original is untouched. Rejects with Fault, one sentence; the original is
 * then as it was.
 */
export async function compressFile(file: string, options: CompressOptions): Promise<CompressedFile> {
  const name = path.basename(file);
  const before = await stat(file).catch((error: unknown) => {
    throw new Fault('UNUSABLE', sentenceOf(error, file));
  });
  await clearLeftovers(file);
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.compress_tmp`;
  try {
    options.onStep('copying');
    const copied = await runCompressWork({ kind: 'copy', file, temporary, level: options.level }, options);
    if (copied.state === 'packed-already')
      return { state: copied.state, bytesBefore: before.size, bytesAfter: before.size };
    if (copied.state === 'refused') throw new Fault('REFUSED', `${name} stays as it is: ${copied.reason}.`);
    if (copied.state !== 'copied') throw new Error(`${name} could not be copied (${copied.state}).`);
    options.onStep('comparing');
    await compareCopy(file, temporary, options);
    const { size } = await stat(temporary);
    await takeOver(temporary, before);
    await options.release();
    options.signal.throwIfAborted();
    const now = await lstat(file);
    if (now.isSymbolicLink() || now.ino !== before.ino || now.size !== before.size || now.mtimeMs !== before.mtimeMs)
      throw new Fault(
        'REFUSED',
        `${name} was changed while it was compressed and stays as it is: run the command again.`,
      );
    await renameWithRetry(temporary, file);
    await syncFolder(path.dirname(file));
    return { state: 'compressed', bytesBefore: before.size, bytesAfter: size };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (systemCodeOf(error) === '') throw error;
    const reason = reasonOf(error);
    throw new Fault('UNUSABLE', `${name} stays as it is: ${reason ? `${reason}.` : sentenceOf(error)}`);
  }
}

async function compareCopy(file: string, temporary: string, options: CompressOptions): Promise<void> {
  const parts = Array.from({ length: COMPARING_THREADS }, (_, part) => part);
  const results = await Promise.all(
    parts.map((part) =>
      runCompressWork(
        { kind: 'compare', file, temporary, part, parts: parts.length },
        { workerDir: options.workerDir, pluginDir: options.pluginDir, signal: options.signal },
      ),
    ),
  );
  const name = path.basename(file);
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

/** The copy gets its original's permissions and time of change: what was recorded when does not change by packing. */
async function takeOver(
  temporary: string,
  original: { mode: number; atimeMs: number; mtimeMs: number },
): Promise<void> {
  await chmod(temporary, original.mode & 0o7777);
  await utimes(temporary, original.atimeMs / 1000, original.mtimeMs / 1000);
  const handle = await open(temporary, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Removes copies that an ended run left; one of a run that goes on ends this. */
async function clearLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const name = path.basename(file);
  for (const each of await readdir(folder)) {
    const run = each.startsWith(`${name}.`) ? TEMPORARY.exec(each) : null;
    if (!run || each.length !== name.length + run[0].length) continue;
    if (Number(run[1]) !== process.pid && isRunning(Number(run[1])))
      throw new Fault(
        'REFUSED',
        `${name} is being compressed by another run (${each}): wait for it, or remove that file.`,
      );
    await rm(path.join(folder, each), { force: true }).catch((error: unknown) => {
      throw new Fault('UNUSABLE', sentenceOf(error, path.join(folder, each)));
    });
  }
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}
