import { boxesIn, childOf, type IsoBox, wordAt } from './iso-boxes.ts';
import { claimedSamples, readTables, type TableSamples } from './iso-tables.ts';

/** Nothing is shown for `leadSeconds`, then the first edit for `durationSeconds`; `count` edits follow each other. */
export interface IsoEdit {
  leadSeconds: number;
  durationSeconds: number;
  count: number;
}

/** The first video track of an MP4 or MOV file. */
export interface IsoTrack {
  id: number;
  /** Ticks a second; 0 where it is not said. */
  timescale: number;
  /** Undefined where it has none that readers of packets heed. */
  edit: IsoEdit | undefined;
  /** To be taken from a sample's tick for its time on the track's edited clock. */
  editTicks: number;
  /** Undefined where the tables are unusual. */
  samples: TableSamples | undefined;
  /** What fragments leave unsaid; undefined where the file has none, and each where it is not said. */
  defaults: FragmentDefaults | undefined;
}

export interface FragmentDefaults {
  duration: number | undefined;
  bytes: number | undefined;
  flags: number | undefined;
}

export interface IsoMovie {
  /** Of all video tracks. */
  claimedFrames: number;
  track: IsoTrack | undefined;
}

/** `view`: what is in the "moov" box. Throws IsoFault for tables beyond measure. */
export function readMovie(view: DataView): IsoMovie {
  const movie: IsoBox = { type: 'moov', start: 0, end: view.byteLength };
  const movieScale = timescaleOf(view, childOf(view, movie, 'mvhd'));
  let claimedFrames = 0;
  let track: IsoTrack | undefined;
  for (const box of boxesIn(view)) {
    if (box.type !== 'trak') continue;
    const table = childOf(view, box, 'mdia', 'minf', 'stbl');
    const claimed = claimedSamples(view, table);
    const handler = childOf(view, box, 'mdia', 'hdlr');
    if (!handler || handler.end - handler.start < 12 || wordAt(view, handler.start + 8) !== 'vide') continue;
    claimedFrames += claimed;
    if (track) continue;
    const id = idOf(view, childOf(view, box, 'tkhd'));
    const timescale = timescaleOf(view, childOf(view, box, 'mdia', 'mdhd'));
    const edits = editsOf(view, childOf(view, box, 'edts', 'elst'), movieScale, timescale);
    const defaults = defaultsOf(view, movie, id);
    track = { id, timescale, ...edits, samples: readTables(view, table), defaults };
  }
  return { claimedFrames, track };
}

function timescaleOf(view: DataView, box: IsoBox | undefined): number {
  if (!box || box.end - box.start < 24) return 0;
  return view.getUint32(box.start + (view.getUint8(box.start) === 1 ? 20 : 12));
}

function idOf(view: DataView, box: IsoBox | undefined): number {
  if (!box || box.end - box.start < 24) return -1;
  return view.getUint32(box.start + (view.getUint8(box.start) === 1 ? 20 : 12));
}

function editsOf(
  view: DataView,
  box: IsoBox | undefined,
  movieScale: number,
  timescale: number,
): Pick<IsoTrack, 'edit' | 'editTicks'> {
  const none = { edit: undefined, editTicks: 0 };
  if (!box || movieScale === 0 || box.end - box.start < 8) return none;
  const isWide = view.getUint8(box.start) === 1;
  const rowBytes = isWide ? 20 : 12;
  const rows = Math.min(view.getUint32(box.start + 4), Math.floor((box.end - box.start - 8) / rowBytes));
  let lead = 0;
  let found: IsoEdit | undefined;
  let editTicks = 0;
  for (let row = 0; row < rows; row += 1) {
    const at = box.start + 8 + row * rowBytes;
    const lasting = isWide ? Number(view.getBigUint64(at)) : view.getUint32(at);
    const start = isWide ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    const rate = view.getInt32(at + rowBytes - 4) / 65_536;
    if (found) found.count += 1;
    else if (start === -1) lead += lasting;
    else if (rate !== 1) return none;
    else {
      // No duration means "to the end", as fragmented files write it.
      const durationSeconds = lasting === 0 ? Number.POSITIVE_INFINITY : lasting / movieScale;
      found = { leadSeconds: lead / movieScale, durationSeconds, count: 1 };
      editTicks = start - Math.round((lead / movieScale) * timescale);
    }
  }
  return { edit: found, editTicks };
}

function defaultsOf(view: DataView, movie: IsoBox, track: number): FragmentDefaults | undefined {
  const extended = childOf(view, movie, 'mvex');
  if (!extended) return undefined;
  for (const box of boxesIn(view, extended.start, extended.end)) {
    if (box.type !== 'trex' || box.end - box.start < 24 || view.getUint32(box.start + 4) !== track) continue;
    return {
      duration: view.getUint32(box.start + 12),
      bytes: view.getUint32(box.start + 16),
      flags: view.getUint32(box.start + 20),
    };
  }
  return { duration: undefined, bytes: undefined, flags: undefined };
}
