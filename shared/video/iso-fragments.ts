import { boxesIn, childOf, type IsoBox } from './iso-boxes.ts';
import type { FragmentDefaults, IsoTrack } from './iso-movie.ts';
import type { SamplePlace } from './iso-tables.ts';

/** Samples that the runs of a fragment ("moof") claim, of all its tracks. */
export function claimedInFragment(view: DataView): number {
  let samples = 0;
  for (const track of boxesIn(view)) {
    if (track.type !== 'traf') continue;
    for (const run of boxesIn(view, track.start, track.end)) {
      if (run.type === 'trun' && run.end - run.start >= 8) samples += view.getUint32(run.start + 4);
    }
  }
  return samples;
}

const NOT_A_KEY = 0x00010000;
/** Of files of which every frame decodes alone, nobody asks for the places of all. */
const PLACES_KEPT = 200_000;

/** Samples of one track from fragment after fragment, in decoding order. */
export class FragmentSamples {
  private ticks = new Float64Array(1024);
  private keys = new Uint8Array(1024);
  private readonly places = new Map<number, SamplePlace>();
  count = 0;
  /** A fragment was such that two readers could understand it in two ways. */
  isUnusual = false;

  constructor(private readonly track: Pick<IsoTrack, 'id' | 'defaults'>) {}

  /** `view`: what is in the "moof" box that lies at `offset` of the file. What it claims was bounded by the caller. */
  add(view: DataView, offset: number): void {
    const parts = [...boxesIn(view)].filter((box) => box.type === 'traf' && this.isOfTrack(view, box));
    if (parts.length > 1) this.isUnusual = true;
    for (const part of parts) if (!this.isUnusual) this.isUnusual = !this.addPart(view, part, offset);
  }

  /** Ticks and keys so far, and where samples that decode alone lie in the file. */
  taken(): { ticks: Float64Array; keys: Uint8Array; placeOf(sample: number): SamplePlace | undefined } {
    const [ticks, keys] = [this.ticks.slice(0, this.count), this.keys.slice(0, this.count)];
    return { ticks, keys, placeOf: (sample) => this.places.get(sample) };
  }

  private isOfTrack(view: DataView, part: IsoBox): boolean {
    const header = childOf(view, part, 'tfhd');
    return header !== undefined && header.end - header.start >= 8 && view.getUint32(header.start + 4) === this.track.id;
  }

  /** False for what is unusual. */
  private addPart(view: DataView, part: IsoBox, fragmentOffset: number): boolean {
    const start = startTickOf(view, childOf(view, part, 'tfdt'));
    const header = childOf(view, part, 'tfhd') as IsoBox;
    const defaults = readHeader(view, header, this.track.defaults);
    if (start === undefined || !defaults) return false;
    let tick = start;
    let at = defaults.baseOffset ?? fragmentOffset;
    for (const box of boxesIn(view, part.start, part.end)) {
      if (box.type !== 'trun') continue;
      const run = readRun(view, box, defaults);
      if (!run) return false;
      if (run.dataOffset !== undefined) at = (defaults.baseOffset ?? fragmentOffset) + run.dataOffset;
      this.reserve(run.count);
      for (let index = 0; index < run.count; index += 1) {
        const { duration, bytes, flags, offset } = run.row(index);
        const isKey = (flags & NOT_A_KEY) === 0;
        this.ticks[this.count] = tick + offset;
        this.keys[this.count] = isKey ? 1 : 0;
        if (isKey && this.places.size < PLACES_KEPT) this.places.set(this.count, { offset: at, bytes });
        this.count += 1;
        tick += duration;
        at += bytes;
      }
    }
    return true;
  }

  private reserve(more: number): void {
    if (this.count + more <= this.ticks.length) return;
    const length = Math.max(this.count + more, this.ticks.length * 2);
    const [ticks, keys] = [new Float64Array(length), new Uint8Array(length)];
    ticks.set(this.ticks);
    keys.set(this.keys);
    this.ticks = ticks;
    this.keys = keys;
  }
}

interface RunDefaults extends FragmentDefaults {
  /** Undefined: the fragment's own place. */
  baseOffset: number | undefined;
}

function startTickOf(view: DataView, box: IsoBox | undefined): number | undefined {
  if (!box || box.end - box.start < 8) return undefined;
  if (view.getUint8(box.start) === 0) return view.getUint32(box.start + 4);
  return box.end - box.start < 12 ? undefined : Number(view.getBigUint64(box.start + 4));
}

function flagsOf(view: DataView, box: IsoBox): number {
  return view.getUint32(box.start) & 0xffffff;
}

/** Undefined where the header is shorter than it says. */
function readHeader(view: DataView, box: IsoBox, defaults: FragmentDefaults | undefined): RunDefaults | undefined {
  const flags = flagsOf(view, box);
  let at = box.start + 8;
  const next = (flag: number, bytes: number): number | undefined => {
    if ((flags & flag) === 0) return undefined;
    at += bytes;
    if (at > box.end) return Number.NaN;
    return bytes === 8 ? Number(view.getBigUint64(at - 8)) : view.getUint32(at - 4);
  };
  const baseOffset = next(0x000001, 8);
  const description = next(0x000002, 4);
  const duration = next(0x000008, 4) ?? defaults?.duration;
  const bytes = next(0x000010, 4) ?? defaults?.bytes;
  const sampleFlags = next(0x000020, 4) ?? defaults?.flags;
  const isEmpty = (flags & 0x010000) !== 0;
  if ([baseOffset, description, duration, bytes, sampleFlags].some(Number.isNaN)) return undefined;
  return { baseOffset, duration: isEmpty ? 0 : duration, bytes, flags: sampleFlags };
}

interface Run {
  count: number;
  dataOffset: number | undefined;
  row(index: number): { duration: number; bytes: number; flags: number; offset: number };
}

/** Undefined where the run has no room for its rows, or something is said nowhere. */
function readRun(view: DataView, box: IsoBox, defaults: RunDefaults): Run | undefined {
  if (box.end - box.start < 8) return undefined;
  const flags = flagsOf(view, box);
  const isSigned = view.getUint8(box.start) !== 0;
  const count = view.getUint32(box.start + 4);
  let at = box.start + 8;
  const head = (flag: number): number | undefined => {
    if ((flags & flag) === 0) return undefined;
    at += 4;
    return at - 4;
  };
  const [dataOffsetAt, firstFlagsAt] = [head(0x000001), head(0x000004)];
  const fields = [0x000100, 0x000200, 0x000400, 0x000800].map((flag) => (flags & flag) !== 0);
  const places = fields.map((_, field) => fields.slice(0, field).filter(Boolean).length * 4);
  const rowBytes = fields.filter(Boolean).length * 4;
  if (at + count * rowBytes > box.end) return undefined;
  const [hasDuration, hasBytes, hasFlags, hasOffset] = fields;
  const isSaid =
    (hasDuration || defaults.duration !== undefined) &&
    (hasBytes || defaults.bytes !== undefined) &&
    (hasFlags || defaults.flags !== undefined);
  if (count > 0 && !isSaid) return undefined;
  const firstFlags = firstFlagsAt === undefined ? undefined : view.getUint32(firstFlagsAt);
  const rows = at;
  return {
    count,
    dataOffset: dataOffsetAt === undefined ? undefined : view.getInt32(dataOffsetAt),
    row(index) {
      const row = rows + index * rowBytes;
      const field = (place: number): number => row + (places[place] as number);
      const own = hasFlags ? view.getUint32(field(2)) : (defaults.flags as number);
      return {
        duration: hasDuration ? view.getUint32(field(0)) : (defaults.duration as number),
        bytes: hasBytes ? view.getUint32(field(1)) : (defaults.bytes as number),
        flags: index === 0 && firstFlags !== undefined ? firstFlags : own,
        offset: hasOffset ? (isSigned ? view.getInt32(field(3)) : view.getUint32(field(3))) : 0,
      };
    },
  };
}
