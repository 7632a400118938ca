import type { ImageSignals } from '../../shared/detect/signals.ts';
import { latestAtOrBefore, lowerBound } from '../../shared/time/sampling.ts';
import type { Lane } from './lanes.ts';
import type { TimeWindow } from './zoom.ts';

/**
 * How the pictures of a stream follow each other: at the foot of its lane, as high as the lane has room anyway. Folded into
 * blocks once, so that drawing costs by the width and not by the length of the recording.
 */
export interface Strip {
  /** Ascending ns, one a tick. */
  readonly times: Float64Array;
  /** As of a single tick, then folded: level n has blocks of BLOCK to the power of n ticks. */
  readonly levels: readonly StripLevel[];
  /** Of the scale of motion. */
  readonly top: number;
  /** A tick is drawn until the next one, at most so long. */
  readonly heldNs: number;
  /** Ticks whose picture equals the one before. */
  readonly repeated: number;
}

interface StripLevel {
  readonly ticks: number;
  /** The most of a block: mean difference to the picture of the tick before, of 255; NaN where there is none. */
  readonly motion: Float32Array;
  /** Of a block's pictures: NONE, SOME or ALL equal the one before, or there is NOTHING. */
  readonly repeats: Uint8Array;
}

/** One entry a pixel column. */
export interface StripColumns {
  readonly motion: Float32Array;
  readonly repeats: Uint8Array;
}

export const NONE = 0;
export const SOME = 1;
export const ALL = 2;
export const NOTHING = 3;

const BLOCK = 32;
/** Motion below this is noise of a sensor: a still scene does not fill the strip. */
const LEAST_TOP = 1;
const HELD_PERIODS = 3;
/** As many tell what is usual. */
const MOST_SAMPLES = 4096;

export function buildStrip(
  { motion, duplicate, index }: Pick<ImageSignals, 'motion' | 'duplicate' | 'index'>,
  times: Float64Array,
  periodNs: number,
): Strip {
  const count = Math.min(motion.length, times.length);
  const single = { ticks: 1, motion: new Float32Array(count).fill(Number.NaN), repeats: new Uint8Array(count) };
  let repeated = 0;
  for (let tick = 0; tick < count; tick++) {
    const isThere = (index[tick] as number) >= 0;
    if (isThere) single.motion[tick] = motion[tick] as number;
    single.repeats[tick] = !isThere ? NOTHING : duplicate[tick] === 1 ? ALL : NONE;
    if (isThere && duplicate[tick] === 1) repeated++;
  }
  const levels: StripLevel[] = [single];
  for (let last: StripLevel = single; last.motion.length > BLOCK; ) {
    last = folded(last);
    levels.push(last);
  }
  return {
    times: times.subarray(0, count),
    levels,
    top: topOf(single.motion),
    heldNs: periodNs * HELD_PERIODS,
    repeated,
  };
}

function folded({ ticks, motion, repeats }: StripLevel): StripLevel {
  const blocks = Math.ceil(motion.length / BLOCK);
  const next = { ticks: ticks * BLOCK, motion: new Float32Array(blocks), repeats: new Uint8Array(blocks) };
  for (let block = 0; block < blocks; block++) {
    const to = Math.min((block + 1) * BLOCK, motion.length);
    let most = Number.NaN;
    let kind = NOTHING;
    for (let at = block * BLOCK; at < to; at++) {
      const value = motion[at] as number;
      if (!(value <= most) && !Number.isNaN(value)) most = value;
      kind = joined(kind, repeats[at] as number);
    }
    next.motion[block] = most;
    next.repeats[block] = kind;
  }
  return next;
}

function joined(a: number, b: number): number {
  if (a === b || b === NOTHING) return a;
  return a === NOTHING ? b : SOME;
}

/** The largest value, or 2.5 times what 95 % stay under where that is less: one spike must not flatten the rest. */
function topOf(motion: Float32Array): number {
  const stride = Math.max(1, Math.floor(motion.length / MOST_SAMPLES));
  const some = new Float32Array(Math.ceil(motion.length / stride));
  let count = 0;
  for (let at = 0; at < motion.length; at += stride) {
    const value = motion[at] as number;
    if (!Number.isNaN(value)) some[count++] = value;
  }
  if (count === 0) return LEAST_TOP;
  const sorted = some.subarray(0, count).sort();
  const usual = sorted[Math.min(count - 1, Math.floor(count * 0.95))] as number;
  return Math.max(LEAST_TOP, Math.min((sorted[count - 1] as number) * 1.05, usual * 2.5));
}

/** By the largest motion and any repeat of a column, so that a single one is seen however far out one looks. */
export function stripColumns(strip: Strip, window: TimeWindow, widthPx: number): StripColumns {
  const { times, levels, heldNs } = strip;
  const count = Math.max(0, Math.floor(widthPx));
  const columns = { motion: new Float32Array(count).fill(Number.NaN), repeats: new Uint8Array(count).fill(NOTHING) };
  const perPx = (window.endNs - window.startNs) / Math.max(1, count);
  const single = levels[0] as StripLevel;
  let from = lowerBound(times, window.startNs);
  for (let column = 0; column < count; column++) {
    const endNs = window.startNs + (column + 1) * perPx;
    let to = from;
    if (from < times.length && (times[from] as number) < endNs) to = lowerBound(times, endNs);
    if (to === from) {
      // Between two ticks, looked at closely: what the one before shows lasts.
      if (from === 0 || endNs - (times[from - 1] as number) > heldNs) continue;
      columns.motion[column] = single.motion[from - 1] as number;
      columns.repeats[column] = single.repeats[from - 1] as number;
      continue;
    }
    let most = Number.NaN;
    let kind = NOTHING;
    for (let tick = from; tick < to; ) {
      let level = single;
      for (const candidate of levels) {
        if (tick % candidate.ticks !== 0 || tick + candidate.ticks > to) break;
        level = candidate;
      }
      const block = tick / level.ticks;
      const value = level.motion[block] as number;
      if (!(value <= most) && !Number.isNaN(value)) most = value;
      kind = joined(kind, level.repeats[block] as number);
      tick += level.ticks;
    }
    columns.motion[column] = most;
    columns.repeats[column] = kind;
    from = to;
  }
  return columns;
}

/** What a strip says of the moment: "Motion 3.2 of 255", "Repeats the picture before"; "" where it has none. */
export function stripAt({ times, levels, heldNs }: Strip, ns: number): string {
  const tick = latestAtOrBefore(times, ns);
  const value = levels[0]?.motion[tick];
  if (value === undefined || Number.isNaN(value) || ns - (times[tick] as number) > heldNs) return '';
  return levels[0]?.repeats[tick] === ALL ? 'Repeats the picture before' : `Motion ${value.toFixed(1)} of 255`;
}

/** What the strips are made of; null while they are switched off. */
export type StripSource =
  | { readonly state: 'ready'; readonly images: readonly ImageSignals[]; readonly times: Float64Array }
  | { readonly state: 'absent' | 'coming' };

const made = new WeakMap<ImageSignals, { strip: Strip; words: string }>();

/** The lanes, those of pictures with their strips; where there are none yet, the lane says how to get them. */
export function withStrips(lanes: readonly Lane[], source: StripSource | null, periodNs: number): readonly Lane[] {
  if (!source) return lanes;
  return lanes.map((lane) => {
    const { content, id } = lane;
    if (content.kind !== 'samples' || content.fault || !id.startsWith('stream:')) return lane;
    if (source.state !== 'ready') {
      if (!content.hasPictures || source.state === 'coming') return lane;
      return {
        ...lane,
        detail: `${lane.detail} Motion and repeated pictures are not known yet: Detect finds them out.`,
      };
    }
    const image = source.images.find(({ stream }) => `stream:${stream}` === id);
    if (!image) return lane;
    const known = made.get(image) ?? describe(image, buildStrip(image, source.times, periodNs));
    made.set(image, known);
    const { strip, words } = known;
    return { ...lane, detail: `${lane.detail} ${words}`, content: { ...content, strip } };
  });
}

function describe({ duplicate }: ImageSignals, strip: Strip): { strip: Strip; words: string } {
  const share = ((100 * strip.repeated) / Math.max(1, duplicate.length)).toFixed(1);
  const scale = strip.top.toFixed(1);
  return {
    strip,
    words: `Strip: motion, 0 to ${scale} of 255, over a row of repeated pictures (${share} % of all).`,
  };
}
