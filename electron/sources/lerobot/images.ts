import path from 'node:path';
import type { Problem, Stream } from '../../../shared/episode/episode.ts';
import { pictureFacts } from '../common/picture-header.ts';
import { type FileReader, type SampleLocation, type SampleReader, SourceFault } from '../source.ts';
import type { DatasetInfo, Feature } from './info.ts';
import { counted, fault, problemOf } from './problems.ts';
import type { EpisodeRows } from './rows.ts';
import { blankStream } from './streams.ts';

export interface EpisodeImages {
  stream: Stream;
  location?: SampleLocation;
  reader?: SampleReader;
  problems: Problem[];
}

const LARGEST_PICTURE_BYTES = 64 * 2 ** 20;

/** A camera of single pictures: packed into the rows, or as files below `images/`. */
export async function openImages(
  files: FileReader,
  info: DatasetInfo,
  episode: number,
  feature: Feature,
  rows: EpisodeRows,
): Promise<EpisodeImages> {
  const stream = blankStream(feature, 'png');
  try {
    const found = await findReader(files, info, episode, feature, rows);
    const { stream: described, problems } = await describe(stream, feature, found, rows.to - rows.from);
    if (described.fault !== null) return { stream: described, problems };
    return { stream: described, location: { kind: 'reader' }, reader: found.reader, problems };
  } catch (error) {
    const problem = problemOf(error, feature.key);
    return { stream: { ...stream, fault: problem.message }, problems: [problem] };
  }
}

interface Found {
  reader: SampleReader;
  count: number;
  /** Where the pictures are, for sentences. */
  where: string;
}

async function describe(
  stream: Stream,
  feature: Feature,
  { reader, count, where }: Found,
  ticks: number,
): Promise<{ stream: Stream; problems: Problem[] }> {
  const problems: Problem[] = [];
  const picture = await firstPicture(reader, count);
  if (!picture) {
    const sentence = `${where}: ${feature.key} holds no PNG or JPEG picture, so it cannot be shown: write it anew.`;
    return { stream: { ...stream, fault: sentence }, problems: [fault('no-pictures', sentence, feature.key)] };
  }
  const { encoding, width, height, channels, dtype } = picture;
  if (count !== ticks) {
    const message = `${where}: ${feature.key} has ${counted(count, 'picture')} for ${counted(ticks, 'frame')}; they are shown by position as far as both go.`;
    problems.push(fault('count-mismatch', message, feature.key));
  }
  if (feature.size && (feature.size.width !== width || feature.size.height !== height)) {
    const message = `${where}: ${feature.key} is ${width} × ${height} where meta/info.json declares ${feature.size.width} × ${feature.size.height}: correct the shape.`;
    problems.push(fault('size-mismatch', message, feature.key));
  }
  const isDepth = dtype === 'uint16' && channels === 1;
  return {
    stream: {
      ...stream,
      kind: isDepth ? 'depth' : stream.kind === 'depth' ? 'color' : stream.kind,
      shape: channels === 1 ? [count, height, width] : [count, height, width, channels],
      width,
      height,
      channels,
      dtype,
      encoding,
      order: channels === 1 ? null : 'rgb',
      count: Math.min(count, ticks),
      filter: `${encoding === 'png' ? 'PNG' : 'JPEG'} a frame`,
    },
    problems,
  };
}

/** Of the first sample that is one; the first frames may be missing. */
async function firstPicture(reader: SampleReader, count: number) {
  for (let index = 0; index < Math.min(count, 5); index++) {
    const bytes = await reader.read(index).catch((error: unknown) => {
      if (!(error instanceof SourceFault)) throw error;
      return undefined;
    });
    const facts = bytes && pictureFacts(bytes);
    if (facts) return facts;
  }
  return null;
}

async function findReader(
  files: FileReader,
  info: DatasetInfo,
  episode: number,
  { key }: Feature,
  rows: EpisodeRows,
): Promise<Found> {
  const column = rows.file.column(key);
  if (column && (column.kind === 'bytes' || column.fields.includes('bytes') || column.fields.includes('path'))) {
    return { reader: packedReader(files, info, key, rows), count: rows.to - rows.from, where: rows.file.name };
  }
  for (const separator of ['-', '_']) {
    const folder = `images/${key}/episode${separator}${String(episode).padStart(6, '0')}`;
    if (leadsOutside(key)) break;
    const names = (await files.list(path.join(info.folder, folder))).filter((name) => /\.(png|jpe?g)$/i.test(name));
    if (names.length > 0) return { reader: fileReader(files, info, folder, names), count: names.length, where: folder };
  }
  const message = `${key} is neither a column of ${rows.file.name} nor a folder of PNG files below images/: restore it from a copy.`;
  throw new SourceFault('missing-stream', message);
}

/** Pictures in the rows: bytes, or the path of a file below the dataset. */
function packedReader(
  files: FileReader,
  info: DatasetInfo,
  key: string,
  { file, from, to }: EpisodeRows,
): SampleReader {
  const fields = file.column(key)?.fields ?? [];
  return {
    read: async (index) => {
      const row = from + index;
      if (index < 0 || row >= to) throw corrupt(`${file.name}: ${key} has no frame ${index}.`);
      try {
        if (fields.length === 0) return pictureOf(await file.cell(key, null, row), file.name, key, index);
        const bytes = fields.includes('bytes') ? await file.cell(key, 'bytes', row) : null;
        if (bytes instanceof Uint8Array && bytes.length > 0) return bytes.slice();
        const named = fields.includes('path') ? await file.cell(key, 'path', row) : null;
        const below = typeof named === 'string' ? named : new TextDecoder().decode(named ?? new Uint8Array());
        if (below === '' || leadsOutside(below))
          throw corrupt(`${file.name}: ${key} holds no picture for frame ${index}.`);
        return await files.read(path.join(info.folder, below), LARGEST_PICTURE_BYTES);
      } catch (error) {
        throw error instanceof SourceFault ? corrupt(error.message) : error;
      }
    },
  };
}

function pictureOf(cell: Uint8Array | string | null, name: string, key: string, index: number): Uint8Array {
  if (cell instanceof Uint8Array && cell.length > 0) return cell.slice();
  throw corrupt(`${name}: ${key} holds no picture for frame ${index}.`);
}

function fileReader(files: FileReader, info: DatasetInfo, folder: string, names: readonly string[]): SampleReader {
  return {
    read: async (index) => {
      const name = names[index];
      if (name === undefined) throw corrupt(`${folder} has no picture for frame ${index}.`);
      try {
        return await files.read(path.join(info.folder, folder, name), LARGEST_PICTURE_BYTES);
      } catch (error) {
        throw error instanceof SourceFault ? corrupt(error.message) : error;
      }
    },
  };
}

function corrupt(message: string): SourceFault {
  return new SourceFault('corrupt-chunk', message);
}

function leadsOutside(place: string): boolean {
  return path.isAbsolute(place) || /^([/\\]|[A-Za-z]:)/.test(place) || place.split(/[/\\]/).includes('..');
}
