import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ownFolder } from './own-folder.ts';

/**
 * Fingerprints of the recordings of a root whose journals name a group. What a journal says is not read here, only whether
 * the name stands in it: a step that went through several recordings is found again without a list of its own.
 */
export async function recordingsThatSay(storageDir: string, group: string): Promise<string[]> {
  const folder = await ownFolder(storageDir, ['reviews'], false);
  if (folder === undefined) return [];
  const found: string[] = [];
  for (const name of (await readdir(folder)).filter((each) => /^[0-9a-f]{64}$/.test(each)).sort())
    if (await says(path.join(folder, name), group)) found.push(name);
  return found;
}

async function says(folder: string, group: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith('.jsonl'))) {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
    if (text.includes(group)) return true;
  }
  return false;
}
