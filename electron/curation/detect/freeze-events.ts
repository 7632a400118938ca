import type { Detection } from '../../../shared/detect/detect.ts';
import { roundTo } from '../../../shared/detect/numbers.ts';
import type { EpisodeSignals } from '../../../shared/detect/signals.ts';
import type { Decision, Decisions } from '../../../shared/review/decisions.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import { isReplaced } from '../../../shared/review/matching.ts';
import { NOMINAL_HZ } from './quality-entry.ts';

/** What people decided of an event, as it is published. */
interface ManualVerdict {
  manual_verdict: 'keep' | 'cut' | 'merge' | null;
  /** Id of the event it became part of. */
  merged_into: string | null;
  reviewer: string | null;
  reviewed_at: string | null;
  note: string | null;
  /** Where the event was when it was decided on, if it has other ends or another class now. */
  decided_on?: { class: string; _h5_a: number; _h5_b: number };
  /** What others decided of it, earlier. */
  other_verdicts?: { reviewer: string; manual_verdict: string; reviewed_at: string | null; note: string | null }[];
}

/** An event of freeze_intervals.json. */
export interface FreezeEvent extends ManualVerdict {
  id: string;
  /** "<date>/<episode>". */
  episode: string;
  task: string;
  side: 'left' | 'right' | null;
  /** Ticks of the trimmed episode, inclusive; null where all of it lies before. */
  a: number | null;
  b: number | null;
  _h5_a: number;
  _h5_b: number;
  /** At 30 frames a second, as published; the recorded time is beside it. */
  length_s: number;
  length_recorded_s: number;
  /** Its class. */
  verdict: string;
  source: 'detected' | 'hand';
  /** Ids of the events made by hand that stand for this one: it was nudged, split or joined with others. */
  replaced_by?: string[];
  [signal: string]: unknown;
}

export interface UnmatchedVerdict {
  id: string;
  episode: string;
  task: string;
  side: 'left' | 'right' | null;
  class: string;
  _h5_a: number;
  _h5_b: number;
  manual_verdict: string;
  reviewer: string;
  reviewed_at: string | null;
  note: string | null;
  /** gone: no event is there any more; conflict: several verdicts that differ fall on one event now. */
  reason: string;
}

export interface EpisodeEvents {
  events: FreezeEvent[];
  /** Of other detectors: those that somebody decided on. */
  otherEvents: FreezeEvent[];
  unmatched: UnmatchedVerdict[];
}

const FREEZES = new Set(['ot_loss', 'pipeline_stall', 'real_still', 'ambiguous']);

export function eventsOf(
  { findings, trim }: Detection,
  { timesNs, ticks }: EpisodeSignals,
  decisions: Decisions,
  { episode, task }: { episode: string; task: string },
): EpisodeEvents {
  const placed = ([first, last]: readonly [number, number]) => ({
    a: last < trim.first ? null : Math.max(0, first - trim.first),
    b: last < trim.first ? null : last - trim.first,
    _h5_a: first,
    _h5_b: last,
    length_s: roundTo((last - first + 1) / NOMINAL_HZ, 4),
    length_recorded_s: roundTo(((timesNs[last] ?? 0) - (timesNs[first] ?? 0)) / 1e9, 4),
  });
  const found = new Set(findings.map(({ id }) => id));
  const detected = (finding: Finding): FreezeEvent => {
    const { length_s: _, ...signals } = finding.signals;
    return {
      ...{ id: finding.id, episode, task, side: finding.side, ...placed(finding.ticks), ...signals },
      ...{ verdict: finding.class, source: 'detected' as const },
      ...(finding.detector === 'pose-freeze' ? {} : { detector: finding.detector }),
      ...replacedBy(finding, decisions, found),
      ...manualVerdict(decisions.ofFinding.get(finding.id) ?? []),
    };
  };
  const made = decisions.hand
    // Made for a recording that was longer: the review keeps it, there is nothing to cut here.
    .filter(({ event }) => event.ticks[1] < ticks)
    .map(
      ({ id, annotator, event, decisions: given }): FreezeEvent => ({
        ...{ id, episode, task, side: event.side, ...placed(event.ticks) },
        ...{ verdict: event.class, source: 'hand' as const, replaces: event.replaces, text: event.text },
        ...manualVerdict(given),
        ...(given.length > 0 ? {} : { reviewer: annotator }),
      }),
    );
  const isFreeze = (event: FreezeEvent) => FREEZES.has(event.verdict);
  return {
    events: [...findings.filter(({ detector }) => detector === 'pose-freeze').map(detected), ...made.filter(isFreeze)],
    otherEvents: [
      ...findings.filter(({ id, detector }) => detector !== 'pose-freeze' && decisions.ofFinding.has(id)).map(detected),
      ...made.filter((event) => !isFreeze(event)),
    ],
    unmatched: decisions.unmatched.map(({ id, reason, annotator, verdict, at }) => ({
      ...{ id, episode, task, side: verdict.of.side, class: verdict.of.class },
      ...{ _h5_a: verdict.of.ticks[0], _h5_b: verdict.of.ticks[1], manual_verdict: verdict.value },
      ...{ reviewer: annotator, reviewed_at: at, note: verdict.note ?? null, reason },
    })),
  };
}

function replacedBy(
  finding: Finding,
  { hand }: Decisions,
  found: ReadonlySet<string>,
): Pick<FreezeEvent, 'replaced_by'> {
  const ids = hand.filter(({ id, event }) => isReplaced(finding, { [id]: event }, found)).map(({ id }) => id);
  return ids.length > 0 ? { replaced_by: ids } : {};
}

function manualVerdict([latest, ...earlier]: readonly Decision[]): ManualVerdict {
  if (!latest) return { manual_verdict: null, merged_into: null, reviewer: null, reviewed_at: null, note: null };
  const { annotator, verdict, at, movedFrom } = latest;
  const others = earlier.filter((decision) => decision.annotator !== annotator);
  return {
    manual_verdict: verdict.value,
    merged_into: verdict.mergedInto ?? null,
    reviewer: annotator,
    reviewed_at: at,
    note: verdict.note ?? null,
    ...(movedFrom
      ? { decided_on: { class: movedFrom.class, _h5_a: movedFrom.ticks[0], _h5_b: movedFrom.ticks[1] } }
      : {}),
    ...(others.length > 0
      ? {
          other_verdicts: others.map((other) => ({
            reviewer: other.annotator,
            manual_verdict: other.verdict.value,
            reviewed_at: other.at,
            note: other.verdict.note ?? null,
          })),
        }
      : {}),
  };
}
