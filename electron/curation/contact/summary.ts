import { IN_CONTACT_MIXED } from '../../../shared/detect/contact-sides.ts';
import { percentileOfSorted, roundTo } from '../../../shared/detect/numbers.ts';
import type { ReferenceDefinition } from '../../../shared/detect/reference-tick.ts';
import type { Side } from '../../../shared/detect/signals.ts';
import { CONTACT_LIMIT, SMALL_SIDE } from '../signals/picture-kernel.ts';
import type { ContactPart } from '../signals/signal-parts.ts';

/** Beyond this mean difference of first picture and reference the gel's surface is taken to have moved. */
export const DRIFT_LIMIT = 5;

export interface Summarized {
  task: string;
  date: string;
  stem: string;
  fingerprint: string | null;
  version: string;
  reference: ReferenceDefinition;
  trim: { first: number; reason: string; rule: 'ot_start' | 'none' };
  ticks: number;
  durationSeconds: number;
  tactileOffset: number;
  viewStream: string;
  activeSides: readonly Side[];
  gels: readonly { side: Side; stream: string; contact: ContactPart; referencePicture: string }[];
  poses: readonly { side: Side; samples: number }[];
}

/**
 * What <episode>.contact.json says (docs/curation.md): how the figures of the .pt are distributed over its ticks, which tick
 * each gel is told against, and how far its surface moved.
 */
export function summarize(of: Summarized) {
  const { trim, ticks, gels } = of;
  const driftOf = ({ contact }: (typeof gels)[number]) => contact.drift;
  return {
    schema: 'regrasp.contact/1',
    episode: [of.date, of.stem].filter(Boolean).join('/'),
    task: of.task,
    made: { by: `regrasp ${of.version}`, fingerprint: of.fingerprint },
    n_frames: ticks - trim.first,
    duration_s: roundTo(of.durationSeconds, 6),
    pre_trim_n_frames: ticks,
    trim_offset: trim.first,
    trim_reason: trim.reason,
    formula: {
      formula_version: 'v1',
      tau: CONTACT_LIMIT,
      rgb_norm: 'L2',
      crop: 'centre square',
      size_px: SMALL_SIDE,
      interpolation: 'INTER_AREA',
    },
    reference: { strategy: 'p01', definition: of.reference },
    settings: {
      trim: trim.rule,
      tactile_offset_frames: of.tactileOffset,
      drift_threshold: DRIFT_LIMIT,
      contact_threshold: IN_CONTACT_MIXED,
    },
    view: of.viewStream,
    active_sensors: [...of.activeSides],
    drift_warning: gels.some((gel) => driftOf(gel) > DRIFT_LIMIT),
    sides: Object.fromEntries(
      gels.map(({ side, stream, contact, referencePicture }) => [
        side,
        {
          stream,
          ref_first_idx: 0,
          // In the recording's own ticks, and in those of the .pt (negative where it was trimmed off).
          ref_p01_idx: contact.referenceTick,
          ref_p01_pt_idx: contact.referenceTick - trim.first,
          ref_picture: referencePicture,
          drift: contact.drift,
          drift_flagged: contact.drift > DRIFT_LIMIT,
          contact_pct: percentAbove(contact.mixed.subarray(trim.first), IN_CONTACT_MIXED),
          intensity_from_first: distribution(contact.intensityFromFirst.subarray(trim.first)),
          intensity: distribution(contact.intensity.subarray(trim.first)),
          area: distribution(contact.area.subarray(trim.first)),
          mixed: distribution(contact.mixed.subarray(trim.first)),
        },
      ]),
    ),
    poses: Object.fromEntries(
      of.poses.map(({ side, samples }) => [side, { n_samples: samples, are_zeros: samples === 0 }]),
    ),
  };
}

/** Percentiles by linear interpolation, as NumPy has them. */
function distribution(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sorted = Float64Array.from(values).sort();
  const at = (percent: number) => percentileOfSorted(sorted, percent);
  return {
    ...{ min: at(0), p01: at(1), p05: at(5), p25: at(25), p50: at(50), p75: at(75), p95: at(95), p99: at(99) },
    ...{ p999: at(99.9), max: at(100), mean, std: Math.sqrt(squares / values.length) },
  };
}

function percentAbove(values: Float32Array, limit: number): number {
  return (100 * values.reduce((count, value) => count + (value > limit ? 1 : 0), 0)) / values.length;
}
