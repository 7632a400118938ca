import type { Detection } from '../../../shared/detect/detect.ts';
import { roundTo } from '../../../shared/detect/numbers.ts';
import type { FreezeVerdict } from '../../../shared/detect/pose-freezes.ts';
import type { EpisodeSignals, Side } from '../../../shared/detect/signals.ts';
import { shifted } from '../../../shared/detect/ticks.ts';
import { countTicks, normalizeRanges, type TickRange } from '../../../shared/time/ranges.ts';

/** Published figures count frames at the recorder's nominal rate, as all files of the field do. */
export const NOMINAL_HZ = 30;
/** In contact, by `mixed`. */
const CONTACT_MIXED = 0.4;

type Intervals = [number, number][];

/** One episode in bad_frames.json: intervals in ticks of the trimmed episode, inclusive and sorted. */
export interface BadFramesEntry {
  n_frames: number;
  duration_s: number;
  intensity_spikes: Intervals;
  pose_teleports_L: Intervals;
  pose_teleports_R: Intervals;
  ot_loss_L: Intervals;
  ot_loss_R: Intervals;
  /** Only where there are any. */
  pipeline_stall?: Intervals;
  ambiguous?: Intervals;
  total_bad_frames: number;
  bad_fraction: number;
  /** Ours, beside the published keys. */
  task: string;
  trim_offset: number;
  trim_reason: string;
  fingerprint: string | null;
  settings: string;
  pose_teleport_events: {
    side: Side;
    a: number;
    b: number;
    cause: string;
    speed_mps: number;
    angular_rad_s: number;
  }[];
}

/** Keys of an entry whose intervals are bad frames. */
export const BAD_KEYS = [
  'intensity_spikes',
  'pose_teleports_L',
  'pose_teleports_R',
  'ot_loss_L',
  'ot_loss_R',
  'pipeline_stall',
  'ambiguous',
] as const;

export interface EntryFacts {
  task: string;
  fingerprint: string | null;
  settingsId: string;
}

export function badFramesEntry({ trim, spikes, teleports, freezes }: Detection, facts: EntryFacts): BadFramesEntry {
  const published = (ranges: readonly TickRange[]): Intervals => shifted(normalizeRanges(ranges), -trim.first);
  const frozen = (verdict: FreezeVerdict, side?: Side) =>
    published(
      freezes
        .filter((track) => side === undefined || track.side === side)
        .flatMap(({ events }) => events.filter((event) => event.verdict === verdict).map(({ ticks }) => ticks)),
    );
  const jumped = (side: Side) =>
    published(
      teleports.filter((track) => track.side === side).flatMap(({ events }) => events.map(({ ticks }) => ticks)),
    );
  const [stalls, ambiguous] = [frozen('pipeline_stall'), frozen('ambiguous')];
  const intervals = {
    intensity_spikes: published(spikes.flatMap(({ found }) => found.buffered)),
    pose_teleports_L: jumped('left'),
    pose_teleports_R: jumped('right'),
    ot_loss_L: frozen('ot_loss', 'left'),
    ot_loss_R: frozen('ot_loss', 'right'),
    ...(stalls.length > 0 ? { pipeline_stall: stalls } : {}),
    ...(ambiguous.length > 0 ? { ambiguous } : {}),
  };
  const frames = Math.max(0, trim.last - trim.first + 1);
  const bad = countTicks(normalizeRanges(Object.values(intervals).flat()));
  return {
    n_frames: frames,
    duration_s: roundTo(frames / NOMINAL_HZ, 3),
    ...intervals,
    total_bad_frames: bad,
    bad_fraction: frames === 0 ? 0 : roundTo(bad / frames, 4),
    task: facts.task,
    trim_offset: trim.first,
    trim_reason: trim.reason,
    fingerprint: facts.fingerprint,
    settings: facts.settingsId,
    pose_teleport_events: teleports.flatMap(({ side, events }) =>
      events.flatMap(({ ticks, cause, speedMps, angularRadPerS }) => {
        if (side === null) return [];
        const [a, b] = [ticks[0] - trim.first, ticks[1] - trim.first];
        return [{ side, a, b, cause, speed_mps: speedMps, angular_rad_s: angularRadPerS }];
      }),
    ),
  };
}

/** How many frames of an entry any of these keys has; unknown kinds of values count as none. */
export function framesOf(entry: Partial<Record<string, unknown>>, keys: readonly string[]): number {
  const ranges = keys.flatMap((key) => {
    const value = entry[key];
    if (!Array.isArray(value)) return [];
    // Anybody may have written the file: what is no interval counts nothing.
    return value.filter((each): each is [number, number] => {
      return Array.isArray(each) && each.length === 2 && each.every(Number.isInteger) && each[0] <= each[1];
    });
  });
  return countTicks(normalizeRanges(ranges));
}

/** Columns of data_quality_report.csv; the first nine are those of the table that is published. */
export const REPORT_COLUMNS = [
  'Date',
  'Episode',
  'Frames',
  'Dur (s)',
  'Contact %',
  'Max I_L',
  'Max I_R',
  'L drift?',
  'R drift?',
  'Task',
  'Median Hz',
  'Trimmed',
  'Spike frames',
  'Teleport frames L',
  'Teleport frames R',
  'OT loss frames L',
  'OT loss frames R',
  'Stall frames',
  'Lost ticks',
  'Bad frames',
  'Bad %',
] as const;
export type ReportRow = Record<(typeof REPORT_COLUMNS)[number], string>;

export function reportRow(
  detection: Detection,
  entry: BadFramesEntry,
  signals: EpisodeSignals,
  { task, date, stem }: { task: string; date: string; stem: string },
): ReportRow {
  const { trim, settings, periodSeconds, findings } = detection;
  const contacts = signals.contacts;
  let touching = 0;
  for (let tick = trim.first; tick <= trim.last; tick++)
    if (contacts.some(({ mixed }) => (mixed[tick] as number) > CONTACT_MIXED)) touching++;
  const of = (side: Side) => contacts.find((contact) => contact.side === side);
  const highest = (side: Side) => {
    const intensity = of(side)?.intensity.subarray(trim.first, trim.last + 1);
    return intensity ? intensity.reduce((most, value) => (value > most ? value : most), 0).toFixed(2) : '';
  };
  const drifts = (side: Side) => {
    const contact = of(side);
    return contact ? (contact.drift > settings.recording.contactDrift ? 'yes' : 'no') : '';
  };
  const lost = findings.reduce((sum, { detector, signals: told }) => {
    return detector === 'clock-gap' ? sum + (told.lost_ticks ?? 0) : sum;
  }, 0);
  const percent = (share: number) => (Number.isFinite(share) ? (100 * share).toFixed(2) : '');
  return {
    Date: date,
    Episode: stem,
    Frames: `${entry.n_frames}`,
    'Dur (s)': `${entry.duration_s}`,
    'Contact %': contacts.length === 0 ? '' : percent(touching / entry.n_frames),
    'Max I_L': highest('left'),
    'Max I_R': highest('right'),
    'L drift?': drifts('left'),
    'R drift?': drifts('right'),
    Task: task,
    'Median Hz': periodSeconds > 0 ? (1 / periodSeconds).toFixed(2) : '',
    Trimmed: `${trim.first}`,
    'Spike frames': `${framesOf(entry as never, ['intensity_spikes'])}`,
    'Teleport frames L': `${framesOf(entry as never, ['pose_teleports_L'])}`,
    'Teleport frames R': `${framesOf(entry as never, ['pose_teleports_R'])}`,
    'OT loss frames L': `${framesOf(entry as never, ['ot_loss_L'])}`,
    'OT loss frames R': `${framesOf(entry as never, ['ot_loss_R'])}`,
    'Stall frames': `${framesOf(entry as never, ['pipeline_stall'])}`,
    'Lost ticks': `${lost}`,
    'Bad frames': `${entry.total_bad_frames}`,
    'Bad %': percent(entry.total_bad_frames / entry.n_frames),
  };
}
