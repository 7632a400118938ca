import { randomBytes } from 'node:crypto';
import { lstat, open, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sentenceOf, systemCodeOf } from '../fault.ts';
import { STORAGE_NAME } from '../library/root-place.ts';
import { sources } from '../sources/index.ts';
import { CliFault } from './output.ts';

/** Of pictures that are no PNG: a viewer would take the file for one of these. */
const OTHER_PICTURES = /\.(avif|bmp|gif|jpe?g|tiff?|webp)$/i;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Writes a PNG under the name a person gave, which it gets only once it is whole. The folder must be there: a typing
 * mistake should not make one. Rejects with CliFault and leaves everything as it was where that name is a recording's
 * (`recording` is the real path of the one that is read), lies in Regrasp's own storage, or is a file that is no PNG, or would be by its name.
 */
export async function writePicture(wanted: string, png: Uint8Array, recording: string): Promise<void> {
  const file = await replaceable(wanted, recording);
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.partial`);
  try {
    await writeFile(temporary, png, { flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CliFault(sentenceOf(error, wanted));
  }
}

/** The real path behind a name, links followed, if a picture may stand there. */
async function replaceable(wanted: string, recording: string): Promise<string> {
  if (OTHER_PICTURES.test(wanted))
    throw new CliFault(`${wanted} is not named as a PNG, which is written: name it .png.`);
  const file = await realTarget(path.resolve(wanted), wanted);
  if (file === recording) throw new CliFault(`${wanted} is the recording itself: name another file for the picture.`);
  if (file.split(path.sep).includes(STORAGE_NAME)) {
    throw new CliFault(
      `${wanted} lies in ${STORAGE_NAME}, where reviews are kept: name another place for the picture.`,
    );
  }
  const stats = await lstat(file).catch(() => undefined);
  const facts = { path: file, name: path.basename(file), sizeBytes: stats?.size ?? 0, modifiedMs: stats?.mtimeMs ?? 0 };
  if (sources.some((source) => source.mightBe(facts))) {
    throw new CliFault(`${wanted} bears the name of a recording: name the picture .png.`);
  }
  if (!stats) return file;
  if (!stats.isFile()) throw new CliFault(`${wanted} is no plain file: name a file for the picture.`);
  if (!(await isPng(file, wanted))) {
    throw new CliFault(`${wanted} is there already and is no PNG, so it was left as it is: name another file.`);
  }
  return file;
}

/** Of a file that is not there yet, the place it would get. */
async function realTarget(file: string, wanted: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw new CliFault(sentenceOf(error, wanted));
  }
  if (await lstat(file).catch(() => undefined)) {
    throw new CliFault(`${wanted} is a link to nothing: remove it, or name another file for the picture.`);
  }
  const folder = path.dirname(file);
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) {
    throw new CliFault(`${wanted} cannot be written: there is no folder ${path.dirname(wanted)}; make it first.`);
  }
  return path.join(real, path.basename(file));
}

async function isPng(file: string, wanted: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PNG_SIGNATURE.length), 0, PNG_SIGNATURE.length, 0);
      return bytesRead === PNG_SIGNATURE.length && buffer.equals(PNG_SIGNATURE);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new CliFault(sentenceOf(error, wanted));
  }
}
