import type { DatasetSettings } from '../../shared/api/settings.ts';
import type { Episode } from '../../shared/episode/episode.ts';

/** Facts that files lack and a person states: what is assumed now, and for which folder that was said. */

export type Stated = DatasetSettings['stated'][string];

/** "50 Hz assumed", "w x y z stated": one text a fact that is asked for. What was stated is no longer assumed. */
export function factsInUse(
  { asks, assumed, clocks, masterClock }: Pick<Episode, 'asks' | 'assumed' | 'clocks' | 'masterClock'>,
  stated: Stated | undefined,
): { ask: string; text: string }[] {
  return asks.map((ask) => {
    if (ask === 'rate') {
      if (stated?.rateHz !== undefined) return { ask, text: `${formatHz(stated.rateHz)} Hz stated` };
      if (assumed.rateHz !== null) return { ask, text: `${formatHz(assumed.rateHz)} Hz assumed` };
      // Asked all the same: a person may know better than the file.
      const periodNs = clocks.find(({ id }) => id === masterClock)?.medianPeriodNs;
      return { ask, text: periodNs ? `${formatHz(1e9 / periodNs)} Hz by the file` : 'Rate unknown' };
    }
    if (stated?.quaternionOrder !== undefined) return { ask, text: `${[...stated.quaternionOrder].join(' ')} stated` };
    const order = assumed.quaternionOrder;
    return { ask, text: order === null ? 'Quaternion order unknown' : `${[...order].join(' ')} assumed` };
  });
}

/** The folders a statement may be made for, the recording's own first; "" is the whole dataset. */
export function foldersOf(path: string): string[] {
  const [file = ''] = path.split('::');
  const folders: string[] = [];
  for (let folder = parentOf(file); ; folder = parentOf(folder)) {
    folders.push(folder);
    if (folder === '') return folders;
  }
}

/** What was stated for the nearest folder at or above a recording, and for which: the workstation reads it so. */
export function statedFor(
  stated: DatasetSettings['stated'] | undefined,
  path: string,
): { folder: string; facts: Stated } | undefined {
  for (const folder of foldersOf(path)) {
    const facts = stated?.[folder];
    if (facts) return { folder, facts };
  }
  return undefined;
}

/** A rate as typed; undefined where it is none that a recorder has. */
export function parseRate(text: string): number | undefined {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value > 0 && value <= 100_000 ? value : undefined;
}

export function formatHz(rateHz: number): string {
  return String(Number(rateHz.toFixed(3)));
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
