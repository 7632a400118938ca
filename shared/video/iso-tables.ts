import { absurd, boxesIn, type IsoBox } from './iso-boxes.ts';

/** Four days at 30 Hz: more than any recording, and what fits into memory. */
export const ISO_FRAME_LIMIT = 10_000_000;

/** A track's samples from its tables, in decoding order. */
export interface TableSamples {
  /** Presentation in ticks of the track's clock, before any edit. */
  ticks: Float64Array;
  /** 1 where the table says that the sample decodes alone. */
  keys: Uint8Array;
  /** Where a sample lies in the file; undefined where the tables do not say. */
  placeOf(sample: number): SamplePlace | undefined;
}

export interface SamplePlace {
  offset: number;
  bytes: number;
}

/**
 * How many samples a table claims. Nothing is allocated by then; throws IsoFault where a table's own bytes cannot hold what
 * it claims, or what it claims is beyond all measure.
 */
export function claimedSamples(view: DataView, table: IsoBox | undefined): number {
  let samples = 0;
  if (!table) return 0;
  for (const box of boxesIn(view, table.start, table.end)) {
    const row = ROWS[box.type];
    if (!row || box.end - box.start < row.header) continue;
    const count = view.getUint32(box.start + row.header - 4);
    const rows = box.type === 'stsz' && view.getUint32(box.start + 4) !== 0 ? 0 : count;
    if (rows * row.bytes > box.end - box.start - row.header) {
      throw absurd(`its table "${box.type}" claims ${count} rows and has room for fewer`);
    }
    if (box.type === 'stsz' || box.type === 'stz2') samples = count;
    if (box.type !== 'stts' && box.type !== 'ctts') continue;
    // Each row stands for many samples: one more measure, for a reader unrolls them.
    let unrolled = 0;
    for (let at = 0; at < rows; at += 1) unrolled += view.getUint32(box.start + at * 8 + 8);
    if (unrolled > ISO_FRAME_LIMIT) throw absurd(`its table "${box.type}" claims ${unrolled} samples`);
  }
  return samples;
}

/** Bytes before the first row (the last four of them count the rows) and bytes of a row. */
const ROWS: Record<string, { header: number; bytes: number }> = {
  stts: { header: 8, bytes: 8 },
  ctts: { header: 8, bytes: 8 },
  stss: { header: 8, bytes: 4 },
  stsc: { header: 8, bytes: 12 },
  stco: { header: 8, bytes: 4 },
  co64: { header: 8, bytes: 8 },
  stsz: { header: 12, bytes: 4 },
  stz2: { header: 12, bytes: 0.5 },
};

/** Undefined where the tables are such that two readers could understand them in two ways. `claimedSamples` went before. */
export function readTables(view: DataView, table: IsoBox | undefined): TableSamples | undefined {
  if (!table) return undefined;
  const boxes = new Map<string, IsoBox>();
  for (const box of boxesIn(view, table.start, table.end)) {
    const row = ROWS[box.type];
    if (!row) continue;
    if (boxes.has(box.type) || box.end - box.start < row.header) return undefined;
    boxes.set(box.type, box);
  }
  const times = boxes.get('stts');
  const sizes = boxes.get('stsz') ?? boxes.get('stz2');
  if (!times || !sizes || (boxes.has('stsz') && boxes.has('stz2'))) return undefined;
  const count = view.getUint32(sizes.start + 8);
  if (count > ISO_FRAME_LIMIT) throw absurd(`it claims ${count} frames`);
  const ticks = readTimes(view, times, boxes.get('ctts'), count);
  const keys = readKeys(view, boxes.get('stss'), count);
  return ticks && keys && { ticks, keys, placeOf: placesIn(view, boxes) };
}

function readTimes(
  view: DataView,
  times: IsoBox,
  offsets: IsoBox | undefined,
  count: number,
): Float64Array | undefined {
  const ticks = new Float64Array(count);
  let sample = 0;
  let tick = 0;
  for (let row = 0; row < view.getUint32(times.start + 4); row += 1) {
    const run = view.getUint32(times.start + row * 8 + 8);
    const delta = view.getUint32(times.start + row * 8 + 12);
    if (sample + run > count) return undefined;
    for (const end = sample + run; sample < end; sample += 1) {
      ticks[sample] = tick;
      tick += delta;
    }
  }
  if (sample !== count) return undefined;
  if (!offsets) return ticks;
  sample = 0;
  for (let row = 0; row < view.getUint32(offsets.start + 4); row += 1) {
    const run = view.getUint32(offsets.start + row * 8 + 8);
    // Signed in either version: writers of the older one put negative numbers there too.
    const offset = view.getInt32(offsets.start + row * 8 + 12);
    for (const end = Math.min(sample + run, count); sample < end; sample += 1)
      ticks[sample] = (ticks[sample] as number) + offset;
  }
  return ticks;
}

function readKeys(view: DataView, box: IsoBox | undefined, count: number): Uint8Array | undefined {
  const keys = new Uint8Array(count);
  if (!box) return keys.fill(1);
  let before = 0;
  for (let row = 0; row < view.getUint32(box.start + 4); row += 1) {
    const number = view.getUint32(box.start + row * 4 + 8);
    if (number <= before) return undefined;
    before = number;
    if (number <= count) keys[number - 1] = 1;
  }
  // Some writers forget the first, at which decoding begins whatever they say.
  if (count > 0) keys[0] = 1;
  return keys;
}

function placesIn(view: DataView, boxes: ReadonlyMap<string, IsoBox>): TableSamples['placeOf'] {
  const runs = boxes.get('stsc');
  const chunks = boxes.get('stco') ?? boxes.get('co64');
  const sizes = boxes.get('stsz');
  if (!runs || !chunks || !sizes) return () => undefined;
  const same = view.getUint32(sizes.start + 4);
  const samples = view.getUint32(sizes.start + 8);
  const sizeOf = (sample: number): number => same || view.getUint32(sizes.start + 12 + sample * 4);
  const chunkCount = view.getUint32(chunks.start + 4);
  const offsetOf = (chunk: number): number =>
    chunks.type === 'stco'
      ? view.getUint32(chunks.start + 8 + chunk * 4)
      : Number(view.getBigUint64(chunks.start + 8 + chunk * 8));
  const runCount = view.getUint32(runs.start + 4);
  const chunkOfRun = (run: number): number =>
    run < runCount ? view.getUint32(runs.start + 8 + run * 12) - 1 : chunkCount;

  return (sample) => {
    if (!(sample >= 0 && sample < samples)) return undefined;
    let first = 0;
    for (let run = 0; run < runCount; run += 1) {
      const inChunk = view.getUint32(runs.start + 8 + run * 12 + 4);
      const chunksOfRun = chunkOfRun(run + 1) - chunkOfRun(run);
      if (inChunk === 0 || chunksOfRun <= 0) return undefined;
      if (sample >= first + chunksOfRun * inChunk) {
        first += chunksOfRun * inChunk;
        continue;
      }
      const before = Math.floor((sample - first) / inChunk);
      const chunk = chunkOfRun(run) + before;
      if (chunk >= chunkCount) return undefined;
      let offset = offsetOf(chunk);
      for (let other = first + before * inChunk; other < sample; other += 1) offset += sizeOf(other);
      return { offset, bytes: sizeOf(sample) };
    }
    return undefined;
  };
}
