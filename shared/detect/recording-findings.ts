import { NS_PER_SECOND } from '../time/nanoseconds.ts';
import { normalizeRanges, type TickRange } from '../time/ranges.ts';
import { lowerBound } from '../time/sampling.ts';
import { type FindingDraft, ticksBetween } from './findings.ts';
import { type DetectInput, type SeriesSignals, type Trim, ticksIn } from './input.ts';
import { detectClockGaps, detectFrozenVideo, detectMissing, repeatedTicks } from './recording-faults.ts';
import { counted } from './sensor-findings.ts';
import type { RecordingSettings } from './settings.ts';
import type { ImageSignals } from './signals.ts';
import { flatSteps, type Steps } from './steps.ts';
import { commonTicks, runsWhere } from './ticks.ts';

/** Faults of the recording itself in words: clock, pictures, motion capture that comes late, values that are missing. */

interface About {
  input: DetectInput;
  trim: Trim;
  periodSeconds: number;
  settings: RecordingSettings;
  /** What is known already as a stall of the recorder. */
  stalls: readonly TickRange[];
}

/** More stretches than this in one series are told as one. */
const MOST_STRETCHES = 20;

export function* recordingDrafts(about: About): Steps<FindingDraft[]> {
  const whole = [clockGaps, lateStarts, contactDrifts, frozenVideos, missingPoses];
  return [
    ...(yield* flatSteps(whole, (detect) => detect(about))),
    ...(yield* flatSteps(about.input.series, (series) => missingValues(series, about))),
  ];
}

function clockGaps({ input, periodSeconds, settings }: About): FindingDraft[] {
  return detectClockGaps(input.signals.timesNs, periodSeconds, settings.gapPeriods).map(({ ticks, seconds, lost }) => ({
    ...{ detector: 'clock-gap', class: 'dropped_ticks', of: '-', ticks },
    signals: { gap_s: seconds, lost_ticks: lost },
    thresholds: { gap_s: settings.gapPeriods * periodSeconds },
    margin: seconds / (settings.gapPeriods * periodSeconds) - 1,
    text: `The recorder lost ${counted(lost, 'tick')}: ${seconds.toFixed(3)} s lie between two that follow each other.`,
  }));
}

function lateStarts({ input, settings }: About): FindingDraft[] {
  const { tracks, timesNs, ticks } = input.signals;
  return tracks.flatMap(({ track, side, sampleNs }): FindingDraft[] => {
    const base = { detector: 'late-start', of: track, side, tracks: [track] };
    const limit = settings.lateStartSeconds;
    if (sampleNs.length === 0) {
      if (input.profile !== 'react' || ticks === 0) return [];
      const text = `${track} was never tracked: the motion capture sent no sample of it.`;
      return [{ ...base, class: 'ot_missing', ticks: [0, ticks - 1], margin: 1, text }];
    }
    const seconds = ((sampleNs[0] as number) - (timesNs[0] as number)) / NS_PER_SECOND;
    const first = lowerBound(timesNs, sampleNs[0] as number);
    if (!(seconds > limit) || first === 0) return [];
    return [
      {
        ...{ ...base, class: 'ot_late_start', ticks: [0, first - 1] },
        signals: { first_sample_s: seconds },
        thresholds: { first_sample_s: limit },
        margin: seconds / Math.max(limit, 1e-9) - 1,
        text: `${track} is first tracked ${seconds.toFixed(2)} s after the start: until then its first pose is shown.`,
      },
    ];
  });
}

function contactDrifts({ input, trim, settings }: About): FindingDraft[] {
  const { contacts } = input.signals;
  return contacts
    .filter(({ side, drift }) => input.activeSides.includes(side) && drift > settings.contactDrift)
    .map(({ side, stream, drift }) => ({
      ...{ detector: 'contact-drift', class: 'contact_drift', of: side, side, streams: [stream] },
      ticks: [trim.first, trim.last],
      signals: { drift },
      thresholds: { drift: settings.contactDrift },
      margin: drift / settings.contactDrift - 1,
      text: `The ${side} gel's first picture is ${drift.toFixed(1)} from its reference (limit ${settings.contactDrift}): its surface moved.`,
    }));
}

/** One camera that repeats its picture, or all at once; what 5C has as a stall already is not told again. */
function frozenVideos({ input, trim, periodSeconds, settings, stalls }: About): FindingDraft[] {
  const shortest = ticksIn(settings.frozenVideoSeconds, periodSeconds);
  const watched = input.signals.images.filter(({ kind }) => kind === 'color' || settings.frozenTactile);
  const colors = watched.filter(({ kind }) => kind === 'color');
  const encoded = new Set(input.encoded);
  const repeatsOf = (image: ImageSignals) =>
    repeatedTicks(image, encoded.has(image.stream), settings.frozenVideoMotion);
  const pictures = new Map(input.signals.images.map((image) => [image, repeatsOf(image)]));
  const runs = watched.map((image) => ({
    image,
    runs: detectFrozenVideo(pictures.get(image) as Uint8Array, trim, shortest).filter(
      (run) => input.profile === 'react' || goesOn(run, image, input, pictures),
    ),
  }));
  const known = normalizeRanges(stalls);
  const isKnown = (run: TickRange, of: readonly TickRange[]) =>
    of.some((stall) => 2 * commonTicks(stall, run) >= run[1] - run[0] + 1);
  const covered = (tick: number) =>
    runs.every(({ image, runs: own }) => image.kind !== 'color' || own.some(([a, b]) => tick >= a && tick <= b));
  const together = colors.length < 2 ? [] : runsWhere(trim, covered).filter(([a, b]) => b - a >= shortest);
  const draft = (of: string, streams: string[], ticks: readonly [number, number], what: string): FindingDraft => {
    const { timesNs } = input.signals;
    const seconds = ((timesNs[ticks[1]] as number) - (timesNs[ticks[0]] as number)) / NS_PER_SECOND;
    return {
      ...{ detector: 'frozen-video', class: of === '-' ? 'pipeline_stall' : 'frozen_video', of, streams, ticks },
      signals: { length_s: seconds },
      thresholds: { length_s: settings.frozenVideoSeconds },
      margin: seconds / settings.frozenVideoSeconds - 1,
      text: `${what} one picture for ${seconds.toFixed(2)} s.`,
    };
  };
  const names = colors.map(({ stream }) => stream);
  return [
    ...together.filter((run) => !isKnown(run, known)).map((run) => draft('-', names, run, 'All cameras repeat')),
    ...runs.flatMap(({ image, runs: own }) =>
      own
        .filter((run) => !isKnown(run, known) && !isKnown(run, together))
        .map((run) => draft(image.stream, [image.stream], run, `${image.stream} repeats`)),
    ),
  ];
}

/**
 * Whether anything else moved meanwhile: a simulated camera of a still scene repeats its picture rightly. True as well
 * where nothing else was recorded that could tell.
 */
function goesOn(
  [a, b]: readonly [number, number],
  image: ImageSignals,
  { signals, series }: DetectInput,
  pictures: ReadonlyMap<ImageSignals, Uint8Array>,
): boolean {
  const [fromNs, toNs] = [signals.timesNs[a] as number, signals.timesNs[b] as number];
  let isToldByOthers = false;
  for (const other of signals.images) {
    if (other === image || other.kind !== 'color') continue;
    for (let tick = a + 1; tick <= b; tick++) if (pictures.get(other)?.[tick] === 0) return true;
    // Another that stands still at the same time may be stuck itself: it speaks neither way.
  }
  for (const { role, timesNs, values, components } of series) {
    if (role !== 'state' || components.length === 0) continue;
    isToldByOthers = true;
    const first = Math.max(0, lowerBound(timesNs, fromNs));
    for (let at = first + 1; at < timesNs.length && (timesNs[at] as number) <= toNs; at++) {
      for (let column = 0; column < components.length; column++) {
        const [now, then] = [at * components.length + column, (at - 1) * components.length + column];
        if (Math.abs((values[now] as number) - (values[then] as number)) > 1e-4) return true;
      }
    }
  }
  return !isToldByOthers;
}

function missingValues(series: SeriesSignals, { input, settings }: About): FindingDraft[] {
  const { timesNs, values, components, id, name } = series;
  const width = components.length;
  if (!hasNaN(values)) return [];
  const isKept = components.map((_, column) => {
    for (let at = column; at < values.length; at += width) if (!Number.isNaN(values[at])) return true;
    return false;
  });
  const isMissing = (row: number) => isKept.some((kept, column) => kept && Number.isNaN(values[row * width + column]));
  const runs = detectMissing(isMissing, Math.min(timesNs.length, width === 0 ? 0 : values.length / width)).filter(
    ([a, b]) => ((timesNs[b] as number) - (timesNs[a] as number)) / NS_PER_SECOND >= settings.missingSeconds,
  );
  return stretches(runs, timesNs).map(({ from, to, count, rows }) => ({
    ...{ detector: 'missing-values', class: 'missing_values', of: id, series: [id] },
    ticks: ticksBetween(input.signals, from, to),
    signals: { missing_rows: rows },
    thresholds: {},
    margin: rows,
    text: `${name} has no value in ${counted(rows, 'row')}${count > 1 ? ` (${count} stretches)` : ''}.`,
  }));
}

/** Poses that are missing between others; those before the first are a late start. */
function missingPoses({ input, settings }: About): FindingDraft[] {
  const { tracks, ticks, timesNs } = input.signals;
  return tracks.flatMap(({ track, side, aligned, sampleNs }) => {
    if (sampleNs.length === 0) return [];
    const isMissing = (tick: number) => Number.isNaN(aligned[tick * 7]);
    const runs = detectMissing(isMissing, ticks).filter(
      ([a, b]) => a > 0 && ((timesNs[b] as number) - (timesNs[a] as number)) / NS_PER_SECOND >= settings.missingSeconds,
    );
    return stretches(runs, timesNs).map(
      ({ from, to, count, rows }): FindingDraft => ({
        ...{ detector: 'missing-values', class: 'missing_values', of: track, side, tracks: [track] },
        ticks: ticksBetween(input.signals, from, to),
        signals: { missing_rows: rows },
        margin: rows,
        text: `${track} has no pose at ${counted(rows, 'tick')}${count > 1 ? ` (${count} stretches)` : ''}.`,
      }),
    );
  });
}

interface Stretch {
  from: number;
  to: number;
  count: number;
  rows: number;
}

function stretches(runs: readonly (readonly [number, number])[], timesNs: Float64Array): Stretch[] {
  const of = (some: readonly (readonly [number, number])[]): Stretch => ({
    from: timesNs[some[0]?.[0] as number] as number,
    to: timesNs[some[some.length - 1]?.[1] as number] as number,
    count: some.length,
    rows: some.reduce((sum, [a, b]) => sum + b - a + 1, 0),
  });
  if (runs.length === 0) return [];
  return runs.length > MOST_STRETCHES ? [of(runs)] : runs.map((run) => of([run]));
}

function hasNaN(values: Float64Array): boolean {
  for (let at = 0; at < values.length; at++) if (Number.isNaN(values[at] as number)) return true;
  return false;
}
