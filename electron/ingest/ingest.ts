import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';
import { sha256OfFile } from '../file-digest.ts';
import { isWithin } from '../library/paths.ts';
import { MANIFEST_FILE } from '../sources/session/names.ts';
import { type Manifest, manifestSchema } from '../sources/session/schema.ts';
import { SourceFault, type VideoProbe } from '../sources/source.ts';
import { type IngestOptions, type IngestSummary, planIngest } from './plan.ts';
import { type RawFolder, readRawFolder } from './raw-folder.ts';
import { writeSession } from './write-session.ts';

/**
 * Turns a dump into a session: a new folder that is whole or not there. The raw files are linked or copied and verified
 * by their SHA-256. Rejects with Fault, one sentence, where the dump leaves a question or clocks cannot be aligned.
 */
export async function ingest(options: IngestOptions, probe: VideoProbe): Promise<IngestSummary> {
  try {
    return await ingestFolder(options, probe);
  } catch (error) {
    if (options.signal?.aborted || error instanceof Fault) throw error;
    if (error instanceof SourceFault) throw new Fault('UNUSABLE', error.message);
    throw systemCodeOf(error) ? new Fault('UNUSABLE', sentenceOf(error)) : error;
  }
}

async function ingestFolder(options: IngestOptions, probe: VideoProbe): Promise<IngestSummary> {
  const taken = options.pairs === undefined ? [] : [options.pairs];
  const rawPath = path.resolve(options.raw);
  const out = path.resolve(options.out ?? `${rawPath}-session`);
  const pairsInside = taken.filter((file) => isWithin(rawPath, path.resolve(file)));
  const raw = await readRawFolder(rawPath, {
    ...(options.joints === undefined ? {} : { joints: options.joints }),
    ...(options.markers === undefined || !isWithin(rawPath, path.resolve(rawPath, options.markers))
      ? {}
      : { markers: options.markers }),
    taken: pairsInside.map((file) => path.resolve(file)),
  });
  if (isWithin(raw.folder, out) || isWithin(out, raw.folder)) {
    throw new Fault('REFUSED', `${out} and the raw files lie in one another: name a folder beside them by --out.`);
  }
  if (raw.files.length === 0)
    throw new Fault('UNUSABLE', `${options.raw} holds no files: name the folder of the raw files.`);
  if (raw.cameras.length === 0 && !raw.joints) {
    throw new Fault(
      'UNUSABLE',
      `${options.raw} holds neither a video nor a table of joints (parquet or CSV): name the folder they lie in.`,
    );
  }
  options.onProgress?.('Reading the raw files');
  const hashes = new Map<string, string>();
  for (const file of raw.files) hashes.set(file.below, await sha256OfFile(file.path, options.signal));
  const present = await stat(out).catch(() => undefined);
  if (present) return already(out, raw, hashes);
  const plan = await planIngest(options, raw, hashes, probe);
  return writeSession(plan, out);
}

/** Rejects unless the folder is a session of these very files. */
async function already(out: string, raw: RawFolder, hashes: ReadonlyMap<string, string>): Promise<IngestSummary> {
  const manifest = await readFile(path.join(out, MANIFEST_FILE), 'utf8').then(
    (text): Manifest | undefined => manifestSchema.safeParse(JSON.parse(text)).data,
    () => undefined,
  );
  const kept = new Map(manifest?.files.map(({ source, sha256 }) => [source, sha256]));
  const isSame = raw.files.every(({ below }) => kept.get(below) === hashes.get(below));
  if (!manifest || !isSame) {
    throw new Fault(
      'REFUSED',
      `${out} is there already and ${manifest ? 'was made of other files' : 'is no session'}: name another folder by --out.`,
    );
  }
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const notices = [
    `${out} was ingested before, of these very files; nothing was changed: remove it, or name another --out, to ingest anew.`,
  ];
  return { out, ingested: false, streams: [], markers: 0, files: manifest.files.length, bytes, notices };
}
