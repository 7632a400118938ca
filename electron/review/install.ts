import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';
import { fileSafe } from './file-names.ts';

const ID = /^[0-9a-f]{12}$/;

/**
 * The id of this install on this machine, made once and kept in the person's user folder. The machine's name is part
 * of the file's, because labs share home folders: two machines appending to one journal over a network could tear it.
 */
export async function installId(userDataDir: string, machine = os.hostname()): Promise<string> {
  const file = path.join(userDataDir, 'installs', `${fileSafe(machine || 'machine')}.txt`);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const id = randomBytes(6).toString('hex');
    try {
      await writeFile(file, `${id}\n`, { flag: 'wx', flush: true });
      return id;
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
    }
    const kept = (await readFile(file, 'utf8')).trim();
    if (ID.test(kept)) return kept;
    // Cut off by a crash at its first start: nothing was ever written under it.
    await writeFile(file, `${id}\n`, { flush: true });
    return id;
  } catch (error) {
    throw new Fault('UNUSABLE', `Nothing can be kept under your name. ${sentenceOf(error, file)}`);
  }
}
