import type { FileHandle } from 'node:fs/promises';
import { SourceFault } from '../sources/source.ts';

/** What is known of an MP4 or MOV file from its boxes alone, before any library is let near it. */
export interface IsoScan {
  /**
   * Edit list of the first video track; undefined where it has none that the packet reader heeds. Nothing is shown for
   * `leadSeconds`, then the first edit for `durationSeconds`; `count` edits follow each other.
   */
  edit: { leadSeconds: number; durationSeconds: number; count: number } | undefined;
  /** Offset of the last fragment where its samples run past the end of the file: a recorder was stopped there. */
  brokenFragmentAt: number | undefined;
}

/** Four days at 30 Hz: more than any recording, and what fits into memory. */
const FRAME_LIMIT = 10_000_000;
const INDEX_LIMIT_BYTES = 256 * 2 ** 20;
const FRAGMENT_INDEX_LIMIT_BYTES = 16 * 2 ** 20;
const TOP_BOX_LIMIT = 2_000_000;

interface Box {
  type: string;
  /** First byte after the header. */
  start: number;
  end: number;
}

/** Undefined for a file that is no MP4 or MOV by its first box. Rejects with SourceFault for one that is cut short or absurd. */
export async function scanIso(handle: FileHandle, sizeBytes: number, name: string): Promise<IsoScan | undefined> {
  const cutShort = () =>
    new SourceFault(
      'truncated',
      `${name} is cut short: its recorder was stopped before it closed the file, or a copy broke off; copy it again or record again.`,
    );
  const absurd = (what: string) => new SourceFault('absurd', `${name} is damaged: ${what}; restore it from a copy.`);

  let edit: IsoScan['edit'];
  let hasIndex = false;
  let isFragmented = false;
  let frames = 0;
  let lastFragmentAt = 0;
  let brokenFragmentAt: number | undefined;
  let at = 0;
  for (let boxes = 0; at + 8 <= sizeBytes; boxes += 1) {
    if (boxes > TOP_BOX_LIMIT) throw absurd(`it has more than ${TOP_BOX_LIMIT} boxes`);
    const box = await topBox(handle, at, sizeBytes);
    if (boxes === 0 && !(box && FIRST_BOXES.has(box.type))) return undefined;
    if (!box) break;
    if (box.type === 'moof') {
      isFragmented = true;
      lastFragmentAt = at;
    }
    if (box.end > sizeBytes) {
      // A recorder that writes fragments does so to be stopped at any time: what came before is whole.
      if (!isFragmented || !hasIndex) throw cutShort();
      brokenFragmentAt = box.type === 'moof' || box.type === 'mdat' ? lastFragmentAt : undefined;
      break;
    }
    if (box.type === 'moov') {
      if (box.end - box.start > INDEX_LIMIT_BYTES) throw absurd(`its index has ${box.end - box.start} bytes`);
      const found = readMovie(await readBytes(handle, box), absurd);
      hasIndex = true;
      frames += found.frames;
      edit = found.edit;
    } else if (box.type === 'moof') {
      if (box.end - box.start > FRAGMENT_INDEX_LIMIT_BYTES) throw absurd('a fragment has an index without measure');
      frames += countFragment(await readBytes(handle, box));
    }
    if (frames > FRAME_LIMIT) throw absurd(`it claims ${frames} frames in ${sizeBytes} bytes`);
    at = box.end;
  }
  if (!hasIndex) throw cutShort();
  return { edit, brokenFragmentAt };
}

const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'styp', 'pnot']);

async function topBox(handle: FileHandle, at: number, sizeBytes: number): Promise<Box | undefined> {
  const head = Buffer.alloc(16);
  const { bytesRead } = await handle.read(head, 0, 16, at);
  return boxAt(head.subarray(0, bytesRead), 0, sizeBytes - at, at);
}

/** A box whose header is at `from` of these bytes; ends are told from `base`. Undefined where there is no box. */
function boxAt(bytes: Buffer, from: number, leftBytes: number, base: number): Box | undefined {
  if (from + 8 > bytes.length) return undefined;
  const type = bytes.toString('latin1', from + 4, from + 8);
  let header = 8;
  let size = bytes.readUInt32BE(from);
  if (size === 1) {
    if (from + 16 > bytes.length) return undefined;
    header = 16;
    size = Number(bytes.readBigUInt64BE(from + 8));
  } else if (size === 0) size = leftBytes;
  if (size < header) return undefined;
  return { type, start: base + header, end: base + size };
}

async function readBytes(handle: FileHandle, box: Box): Promise<Buffer> {
  const bytes = Buffer.alloc(box.end - box.start);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, box.start + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes;
}

/** Boxes inside these bytes; one that runs over the end is cut to it. */
function* boxesIn(bytes: Buffer, start = 0, end = bytes.length): Generator<Box> {
  for (let at = start; at + 8 <= end; ) {
    const box = boxAt(bytes, at, end - at, at);
    if (!box) return;
    yield { ...box, end: Math.min(box.end, end) };
    at = box.end;
  }
}

function childOf(bytes: Buffer, parent: Box | undefined, ...path: string[]): Box | undefined {
  let found = parent;
  for (const type of path) {
    if (!found) return undefined;
    found = [...boxesIn(bytes, found.start, found.end)].find((box) => box.type === type);
  }
  return found;
}

type Absurd = (what: string) => SourceFault;

function readMovie(bytes: Buffer, absurd: Absurd): { frames: number; edit: IsoScan['edit'] } {
  const movie: Box = { type: 'moov', start: 0, end: bytes.length };
  const movieScale = timescaleOf(bytes, childOf(bytes, movie, 'mvhd'));
  let frames = 0;
  let edit: IsoScan['edit'];
  let seenVideo = false;
  for (const track of boxesIn(bytes)) {
    if (track.type !== 'trak') continue;
    const claimed = samplesOf(bytes, childOf(bytes, track, 'mdia', 'minf', 'stbl'), absurd);
    const handler = childOf(bytes, track, 'mdia', 'hdlr');
    const isVideo = handler !== undefined && bytes.toString('latin1', handler.start + 8, handler.start + 12) === 'vide';
    if (!isVideo) continue;
    frames += claimed;
    if (seenVideo) continue;
    seenVideo = true;
    edit = editOf(bytes, childOf(bytes, track, 'edts', 'elst'), movieScale);
  }
  return { frames, edit };
}

function timescaleOf(bytes: Buffer, box: Box | undefined): number {
  if (!box || box.end - box.start < 24) return 0;
  return bytes.readUInt32BE(box.start + (bytes[box.start] === 1 ? 20 : 12));
}

/** Samples that a table claims; throws where its own bytes cannot hold what it claims. */
function samplesOf(bytes: Buffer, table: Box | undefined, absurd: Absurd): number {
  let samples = 0;
  if (!table) return 0;
  for (const box of boxesIn(bytes, table.start, table.end)) {
    const row = TABLE_ROWS[box.type];
    if (!row || box.end - box.start < row.header) continue;
    const count = bytes.readUInt32BE(box.start + row.header - 4);
    const rows = box.type === 'stsz' && bytes.readUInt32BE(box.start + 4) !== 0 ? 0 : count;
    if (rows * row.bytes > box.end - box.start - row.header) {
      throw absurd(`its table "${box.type}" claims ${count} rows and has room for fewer`);
    }
    if (box.type === 'stsz' || box.type === 'stz2') samples = count;
    if (box.type !== 'stts' && box.type !== 'ctts') continue;
    // Each row stands for many samples: one more measure, for a reader unrolls them.
    let unrolled = 0;
    for (let row = 0; row < rows; row += 1) unrolled += bytes.readUInt32BE(box.start + row * 8 + 8);
    if (unrolled > FRAME_LIMIT) throw absurd(`its table "${box.type}" claims ${unrolled} samples`);
  }
  return samples;
}

/** Bytes before the first row (the last four of them count the rows) and bytes of a row. */
const TABLE_ROWS: Record<string, { header: number; bytes: number }> = {
  stts: { header: 8, bytes: 8 },
  ctts: { header: 8, bytes: 8 },
  stss: { header: 8, bytes: 4 },
  stsc: { header: 8, bytes: 12 },
  stco: { header: 8, bytes: 4 },
  co64: { header: 8, bytes: 8 },
  stsz: { header: 12, bytes: 4 },
  stz2: { header: 12, bytes: 0.5 },
};

function editOf(bytes: Buffer, box: Box | undefined, movieScale: number): IsoScan['edit'] {
  if (!box || movieScale === 0 || box.end - box.start < 8) return undefined;
  const wide = bytes[box.start] === 1;
  const rowBytes = wide ? 20 : 12;
  const rows = Math.min(bytes.readUInt32BE(box.start + 4), Math.floor((box.end - box.start - 8) / rowBytes));
  let leadSeconds = 0;
  let found: IsoScan['edit'];
  for (let row = 0; row < rows; row += 1) {
    const at = box.start + 8 + row * rowBytes;
    const seconds = (wide ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at)) / movieScale;
    const start = wide ? Number(bytes.readBigInt64BE(at + 8)) : bytes.readInt32BE(at + 4);
    const rate = bytes.readInt32BE(at + rowBytes - 4) / 65_536;
    if (found) found.count += 1;
    else if (start === -1) leadSeconds += seconds;
    else if (rate !== 1) return undefined;
    // No duration means "to the end", as fragmented files write it.
    else found = { leadSeconds, durationSeconds: seconds === 0 ? Infinity : seconds, count: 1 };
  }
  return found;
}

/** Samples that a fragment's runs claim. */
function countFragment(bytes: Buffer): number {
  let samples = 0;
  for (const track of boxesIn(bytes)) {
    if (track.type !== 'traf') continue;
    for (const run of boxesIn(bytes, track.start, track.end)) {
      if (run.type === 'trun' && run.end - run.start >= 8) samples += bytes.readUInt32BE(run.start + 4);
    }
  }
  return samples;
}
