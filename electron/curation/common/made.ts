import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { systemCodeOf } from '../../fault.ts';
import { sha256OfFile } from '../../file-digest.ts';
import { ownFolder } from '../../review/own-folder.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';

const madeSchema = z.object({
  version: z.literal(1),
  /** Path below the root with slashes; absolute where it lies elsewhere. */
  file: z.string(),
  stage: z.string(),
  /** Fingerprints of recordings, digests of other inputs: what the content follows from, besides the options. */
  from: z.array(z.string()),
  options: z.record(z.string(), z.unknown()),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  sha256: z.string(),
  at: z.string(),
});
/** What is remembered of a file that a stage made. */
export type Made = z.infer<typeof madeSchema>;

/** What a file would be made of: the same again gives the same content. */
export interface Making {
  /** Absolute. */
  file: string;
  stage: string;
  /** Fingerprints of the recordings it is made from, and digests of whatever else (see `digestOf`). */
  from: readonly string[];
  /** JSON only; key order does not matter. Put in it a version that grows when the same input gives another file. */
  options: Record<string, unknown>;
}

export interface MadeRoot {
  path: string;
  storageDir: string;
}

/** Remembers who made a file of what, in `<storageDir>/curation/made`, once the file stands under its final name. */
export async function rememberMade(root: MadeRoot, { file, stage, from, options }: Making): Promise<void> {
  const { size, mtimeMs } = await stat(file);
  const made: Made = {
    version: 1,
    file: nameOf(root, file),
    stage,
    from: [...from],
    options,
    sizeBytes: size,
    modifiedMs: mtimeMs,
    sha256: await sha256OfFile(file),
    at: new Date().toISOString(),
  };
  const folder = (await ownFolder(root.storageDir, PARTS, true)) as string;
  await writeAtomically(path.join(folder, recordName(root, file)), `${JSON.stringify(made, null, 2)}\n`);
}

/**
 * What is remembered of a file, if the file is still what was made then: a touched or copied one counts by its content.
 * Null for one that is not there, was changed, or was made by something else.
 */
export async function madeOf(root: MadeRoot, file: string): Promise<Made | null> {
  const made = await readMade(root, file);
  if (!made) return null;
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile() || stats.size !== made.sizeBytes) return null;
  if (stats.mtimeMs !== made.modifiedMs && (await sha256OfFile(file)) !== made.sha256) return null;
  return made;
}

/** Whether the file is there already, made by this stage of the same inputs with the same options. */
export async function isFresh(root: MadeRoot, { file, stage, from, options }: Making): Promise<boolean> {
  const made = await madeOf(root, file);
  return made !== null && made.stage === stage && digestOf([made.from, made.options]) === digestOf([from, options]);
}

/** SHA-256 of JSON whose keys are in order, as 64 hex digits. */
export function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(value)))
    .digest('hex');
}

const PARTS = ['curation', 'made'];

async function readMade(root: MadeRoot, file: string): Promise<Made | null> {
  try {
    const folder = await ownFolder(root.storageDir, PARTS, false);
    if (folder === undefined) return null;
    const text = await readFile(path.join(folder, recordName(root, file)), 'utf8');
    const parsed = madeSchema.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.file === nameOf(root, file) ? parsed.data : null;
  } catch (error) {
    // A record that cannot be read only costs the time of making the file again.
    if (error instanceof SyntaxError || systemCodeOf(error) !== '') return null;
    throw error;
  }
}

function nameOf(root: MadeRoot, file: string): string {
  const below = path.relative(root.path, file);
  return below.startsWith('..') || path.isAbsolute(below) ? file : below.split(path.sep).join('/');
}

function recordName(root: MadeRoot, file: string): string {
  return `${createHash('sha256').update(nameOf(root, file)).digest('hex').slice(0, 32)}.json`;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, inOrder(each)]));
}
