import { type BigIntStats, promises as files } from 'node:fs';
import type { Output, OutputKind } from '../../../shared/api/outputs.ts';
import { isWithin } from '../../library/paths.ts';
import { type Made, type MadeRoot, madeOf } from '../common/made.ts';
import { galleryFile, type OutputPlace, videoFile } from '../common/output-paths.ts';
import { GALLERY_VERSION } from '../gallery/options.ts';
import { PREVIEW_VERSION } from '../preview/options.ts';
import type { StageEpisode } from '../stage.ts';

/** What is known of the recording that an output should have been made of. */
export interface MadeOf {
  /** Null where nobody opened it on this install. */
  fingerprint: string | null;
  /** Of its file, Unix milliseconds. */
  modifiedMs: number;
  /** Digest of the choices it would be made with now (see panel/choices.ts), with or without projection; left out: not looked at. */
  choices?: (projection: boolean) => string;
}

const VERSIONS: Record<OutputKind, number> = { preview: PREVIEW_VERSION, gallery: GALLERY_VERSION };
/** Records that were checked already, by file and its state: telling a touched file by its content reads all of it. */
const checked = new Map<string, Made | null>();
const MOST_CHECKED = 5000;

/** Where a stage puts this output of a recording; absolute. */
export function outputFile(place: OutputPlace, episode: StageEpisode, kind: OutputKind): string {
  return kind === 'preview' ? videoFile(place, episode) : galleryFile(place, episode);
}

/** Whether the output is there, and made of the recording as it is. `fingerprint`: of what it was made, where that tells. */
export async function outputState(
  root: MadeRoot,
  file: string,
  kind: OutputKind,
  of: MadeOf,
): Promise<{ output: Output; fingerprint: string | null }> {
  const stats = await plainFile(root.path, file);
  if (!stats) return { output: MISSING, fingerprint: null };
  const made = await madeOnce(root, file, tagOf(stats));
  const there = { tag: tagOf(stats), sizeBytes: Number(stats.size) };
  const [state, reason] = judged(made, kind, of);
  const named = made?.from[0] ?? '';
  const isTold = made !== null && state === 'fresh' && /^[0-9a-f]{64}$/.test(named);
  return { output: { state, reason, ...there }, fingerprint: isTold ? named : null };
}

const MISSING: Output = { state: 'missing', reason: null, tag: null, sizeBytes: null };

/** Another one for another state of a file. */
export function tagOf({ ino, size, mtimeNs }: Pick<BigIntStats, 'ino' | 'size' | 'mtimeNs'>): string {
  return [ino, size, mtimeNs].map((part) => part.toString(36)).join('-');
}

function judged(made: Made | null, kind: OutputKind, of: MadeOf): [Output['state'], string | null] {
  if (!made || made.stage !== kind) return ['foreign', 'Regrasp did not make this file, or it was changed since.'];
  if (made.options.version !== VERSIONS[kind]) return ['stale', 'Another version of Regrasp made it otherwise.'];
  if (of.fingerprint !== null && made.from[0] !== of.fingerprint)
    return ['stale', 'It was made of another content of this recording.'];
  if (of.fingerprint === null && of.modifiedMs > Date.parse(made.at))
    return ['stale', 'The recording was changed after it was made.'];
  if (of.choices && made.from[1] !== of.choices(made.options.projection !== false))
    return ['stale', 'It was made with other choices (byte order, tactile offset, calibration) than those of now.'];
  return ['fresh', null];
}

/** Undefined for what is not there, is no file, or lies outside of the root. */
async function plainFile(root: string, file: string): Promise<BigIntStats | undefined> {
  const real = await files.realpath(file).catch(() => undefined);
  if (real === undefined || !isWithin(root, real)) return undefined;
  const stats = await files.stat(real, { bigint: true }).catch(() => undefined);
  return stats?.isFile() ? stats : undefined;
}

async function madeOnce(root: MadeRoot, file: string, tag: string): Promise<Made | null> {
  const key = `${root.storageDir}\0${file}\0${tag}`;
  const known = checked.get(key);
  if (known) return known;
  const made = await madeOf(root, file);
  // A file that is just being remembered is not known a moment later as one that is not.
  if (made) checked.set(key, made);
  if (checked.size > MOST_CHECKED) checked.delete(checked.keys().next().value as string);
  return made;
}
