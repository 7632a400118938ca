import type { ReferenceDefinition } from '../../../shared/detect/reference-tick.ts';
import { type ContactSignals, type ImageSignals, SIGNALS_VERSION, type Side } from '../../../shared/detect/signals.ts';
import type { Stream } from '../../../shared/episode/episode.ts';
import { digestOf } from '../common/made.ts';
import type { StoredPart } from './signals-store.ts';
import { digestOfIndices } from './stream-samples.ts';

/** What is told of one stream's pictures: see ImageSignals. */
export type ImagePart = Pick<ImageSignals, 'duplicate' | 'motion' | 'brightness'>;

/** What is told of one gel: see ContactSignals. */
export type ContactPart = Pick<ContactSignals, 'intensityFromFirst' | 'intensity' | 'area' | 'mixed' | 'drift'> & {
  /** −1 where no tick has a number: then there are no figures. */
  referenceTick: number;
};

/** All that the numbers of a stream follow from, besides the content that the recording's fingerprint stands for. */
function keyOf(kind: string, { id, width, height, channels }: Stream, indices: Int32Array, more: unknown[]): string {
  return digestOf([SIGNALS_VERSION, kind, id, width, height, channels, digestOfIndices(indices), ...more]);
}

export const imageKey = (stream: Stream, indices: Int32Array): string => keyOf('image', stream, indices, []);

export const contactKey = (stream: Stream, indices: Int32Array, reference: ReferenceDefinition, from: number): string =>
  keyOf('contact', stream, indices, [reference, reference === 'smoothed-minimum' ? from : 0]);

export function storedImage(key: string, { duplicate, motion, brightness }: ImagePart): StoredPart {
  return { key, facts: {}, arrays: { duplicate, motion, brightness } };
}

export function storedContact(key: string, part: ContactPart): StoredPart {
  const { intensityFromFirst, intensity, area, mixed, referenceTick, drift } = part;
  return { key, facts: { referenceTick, drift }, arrays: { intensityFromFirst, intensity, area, mixed } };
}

/** Undefined where it is not there, or not for so many ticks. */
export function imageOf(part: StoredPart | undefined, ticks: number): ImagePart | undefined {
  const { duplicate, motion, brightness } = part?.arrays ?? {};
  if (!(duplicate instanceof Uint8Array && motion instanceof Float32Array && brightness instanceof Float32Array)) {
    return undefined;
  }
  const isWhole = [duplicate, motion, brightness].every(({ length }) => length === ticks);
  return isWhole ? { duplicate, motion, brightness } : undefined;
}

export function contactOf(part: StoredPart | undefined, ticks: number): ContactPart | undefined {
  const { intensityFromFirst, intensity, area, mixed } = (part?.arrays ?? {}) as Record<
    string,
    Float32Array | undefined
  >;
  const { referenceTick, drift } = part?.facts ?? {};
  if (typeof referenceTick !== 'number' || typeof drift !== 'number') return undefined;
  if (!intensityFromFirst || !intensity || !area || !mixed) return undefined;
  const isWhole = [intensityFromFirst, intensity, area, mixed].every(
    (each) => each instanceof Float32Array && each.length === ticks,
  );
  return isWhole ? { intensityFromFirst, intensity, area, mixed, referenceTick, drift } : undefined;
}

export function imageSignals(stream: Stream, index: Int32Array, part: ImagePart): ImageSignals {
  const kind = stream.kind === 'tactile' ? 'tactile' : 'color';
  return { stream: stream.id, kind, position: stream.position, index, ...part };
}

export function contactSignals(
  side: Side,
  stream: Stream,
  definition: ReferenceDefinition,
  { referenceTick, ...part }: ContactPart,
): ContactSignals {
  return { side, stream: stream.id, ...part, reference: { tick: referenceTick, definition } };
}
