import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import { ownFolder } from '../../review/own-folder.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';

/** A document that has to be touched, and why. */
export interface DocDue {
  doc: string;
  why: string;
}

/** Percentage points by which a share may change before what is written of it is wrong. */
const SHARE_CHANGE = 0.5;

const breakdownSchema = z.looseObject({
  total_frames: z.number(),
  n_episodes: z.number(),
  modes: z.record(z.string(), z.looseObject({ frames: z.number(), pct: z.number() })),
});
export type Breakdown = z.infer<typeof breakdownSchema>;

/** What the documents said when a person last confirmed them. */
const describedSchema = z.object({
  version: z.literal(1),
  shares: z.record(z.string(), z.number()),
  lineup: z.array(z.string()),
});
export type Described = z.infer<typeof describedSchema>;

/** Reads data_quality_breakdown.json; null where stage 5 has not run. Rejects with Fault where it does not fit. */
export async function readBreakdown(file: string): Promise<Breakdown | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw new Fault('UNUSABLE', sentenceOf(error, file));
  }
  try {
    return breakdownSchema.parse(JSON.parse(text));
  } catch {
    throw new Fault(
      'REFUSED',
      `${file} is not what stage 5 writes and was left alone: run regrasp detect, or correct it.`,
    );
  }
}

/** Failure modes that were never described, and shares that moved too far from what is. */
export function qualityDue(breakdown: Breakdown, described: Described | null): { newModes: string[]; due: DocDue[] } {
  const found = Object.entries(breakdown.modes).filter(([, { frames }]) => frames > 0);
  const newModes = found.filter(([mode]) => !((described?.shares[mode] ?? 0) > 0)).map(([mode]) => mode);
  const due: DocDue[] = newModes.map((mode) => ({
    doc: 'docs/quality.md',
    why: `${mode} is a failure mode that was not there before (${percent(breakdown.modes[mode]?.pct ?? 0)} of the frames)`,
  }));
  for (const [mode, before] of Object.entries(described?.shares ?? {})) {
    const now = breakdown.modes[mode]?.pct ?? 0;
    if (before > 0 && Math.abs(now - before) > SHARE_CHANGE)
      due.push({ doc: 'docs/quality.md', why: `the share of ${mode} went from ${percent(before)} to ${percent(now)}` });
  }
  return { newModes, due };
}

export function recordingDue(lineup: readonly string[], described: Described | null): DocDue[] {
  const known = new Set(described?.lineup);
  const added = lineup.filter((line) => !known.has(line));
  if (added.length === 0) return [];
  const few = added.slice(0, 3).join(', ');
  const why = described
    ? `cameras, sensors or rates are new: ${few}${added.length > 3 ? ` and ${added.length - 3} more` : ''}`
    : 'nobody has confirmed yet that it describes this rig';
  return [{ doc: 'docs/recording.md', why }];
}

export function percent(share: number): string {
  return `${share.toFixed(share !== 0 && Math.abs(share) < 0.1 ? 3 : 2)} %`;
}

const NAME = 'described.json';

export async function readDescribed(storageDir: string): Promise<Described | null> {
  const folder = await ownFolder(storageDir, ['curation'], false);
  if (folder === undefined) return null;
  const file = path.join(folder, NAME);
  try {
    return describedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw new Fault(
      'REFUSED',
      `${file} cannot be read and was left alone: remove it, and the documents count as not confirmed.`,
    );
  }
}

/** Remembers that the documents describe the data as it is now. */
export async function writeDescribed(storageDir: string, breakdown: Breakdown | null, lineup: readonly string[]) {
  const shares = Object.fromEntries(Object.entries(breakdown?.modes ?? {}).map(([mode, { pct }]) => [mode, pct]));
  const described: Described = { version: 1, shares, lineup: [...lineup] };
  const folder = (await ownFolder(storageDir, ['curation'], true)) as string;
  await writeAtomically(path.join(folder, NAME), `${JSON.stringify(described, null, 2)}\n`);
}
