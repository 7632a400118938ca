import type { ImageSignals } from '../../shared/detect/signals.ts';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import { buildSignal, columnsOf, robustTop, type Signal } from './decimation.ts';
import type { Lane } from './lanes.ts';
import type { TimeWindow } from './zoom.ts';

/** How the pictures of a stream follow each other: at the foot of its lane, as high as the lane has room anyway. */
export interface Strip {
  /** Mean difference to the picture of the tick before, of 255; NaN where there is none. */
  readonly motion: Signal;
  /** 1 where a picture equals the one before, else 0; NaN where there is none. */
  readonly repeats: Signal;
  /** Of the scale of motion. */
  readonly top: number;
  /** A tick is drawn until the next one, at most so long. */
  readonly heldNs: number;
}

/** One entry a pixel column; NaN where there is no picture. */
export interface StripColumns {
  /** The most of any tick in it. */
  readonly motion: Float32Array;
  /** 0 none, 1 some, 2 all of the ticks in it repeat. */
  readonly repeats: Float32Array;
}

/** Motion below this is noise of a sensor: a still scene does not fill the strip. */
const LEAST_TOP = 1;
const HELD_PERIODS = 3;

export function buildStrip(
  { motion, duplicate, index }: Pick<ImageSignals, 'motion' | 'duplicate' | 'index'>,
  times: Float64Array,
  periodNs: number,
): Strip {
  const isThere = (tick: number) => (index[tick] as number) >= 0;
  const moved = motion.map((value, tick) => (isThere(tick) ? value : Number.NaN));
  const repeated = Float32Array.from(duplicate, (value, tick) => (isThere(tick) ? value : Number.NaN));
  return {
    motion: buildSignal(times, moved),
    repeats: buildSignal(times, repeated),
    top: robustTop(moved, LEAST_TOP),
    heldNs: periodNs * HELD_PERIODS,
  };
}

/** By the largest motion and any repeat of a column, so that a single one is seen however far out one looks. */
export function stripColumns(strip: Strip, window: TimeWindow, widthPx: number): StripColumns {
  const motion = columnsOf(strip.motion, window, widthPx).most;
  const { least, most } = columnsOf(strip.repeats, window, widthPx);
  const repeats = most.map((any, column) => any + (least[column] as number));
  const { times, values } = strip.motion;
  const perPx = (window.endNs - window.startNs) / Math.max(1, motion.length);
  for (let column = 0; column < motion.length; column++) {
    if (!Number.isNaN(motion[column] as number) || !Number.isNaN(repeats[column] as number)) continue;
    // Between two ticks, looked at closely: what the one before shows lasts.
    const ns = window.startNs + (column + 1) * perPx;
    const tick = latestAtOrBefore(times, ns);
    if (tick < 0 || ns - (times[tick] as number) > strip.heldNs) continue;
    motion[column] = values[tick] as number;
    repeats[column] = 2 * (strip.repeats.values[tick] as number);
  }
  return { motion, repeats };
}

/** What a strip says of the moment: "Motion 3.2 of 255", "Repeats the picture before"; "" where it has none. */
export function stripAt({ motion, repeats, heldNs }: Strip, ns: number): string {
  const tick = latestAtOrBefore(motion.times, ns);
  const value = motion.values[tick];
  if (value === undefined || Number.isNaN(value) || ns - (motion.times[tick] as number) > heldNs) return '';
  return repeats.values[tick] === 1 ? 'Repeats the picture before' : `Motion ${value.toFixed(1)} of 255`;
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
  const repeated = duplicate.reduce((sum, value) => sum + value, 0);
  const share = ((100 * repeated) / Math.max(1, duplicate.length)).toFixed(1);
  const scale = strip.top.toFixed(1);
  return {
    strip,
    words: `Strip: motion, 0 to ${scale} of 255, over a row of repeated pictures (${share} % of all).`,
  };
}
