import {
  type Clock,
  type Episode,
  masterClockOf,
  type RecordedMark,
  type Stream,
  type Track,
} from '../../shared/episode/episode.ts';
import type { Review } from '../../shared/review/review.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import type { TickRange } from '../../shared/time/ranges.ts';
import type { OpenEpisode } from '../app/session.ts';
import { buildSignal, robustTop, type Signal } from './decimation.ts';
import { findGaps, findHolds, findLosses, GAP_PERIODS, type Gap, gapsWithin } from './gaps.ts';
import type { SegmentsContent } from './marks/mark-lanes.ts';
import { bodySpeeds, isSamePose, isTracked } from './speed.ts';
import type { Strip } from './strips.ts';

/** What the timeline draws, made once per episode (marks: once per review). Times in ns from the episode's start. */
export interface TimelineModel {
  readonly startNs: number;
  readonly endNs: number;
  readonly times: Float64Array;
  /** Steps of the master clock of 1.5 median periods and more. */
  readonly gaps: readonly Gap[];
  readonly lanes: readonly Lane[];
}

export interface Lane {
  readonly id: string;
  readonly label: string;
  /** Sentences for the tooltip. */
  readonly detail: string;
  /** "L"/"R" beside the colour, so that colour is never the only sign. */
  readonly side: 'left' | 'right' | null;
  readonly heightPx: number;
  readonly content: LaneContent;
  /** A range on the lane whose ends can be dragged. */
  readonly edges?: MovableEdges | undefined;
}

/** What a drag of one end of a range does. One drag is one step: `settle` keeps it, `cancel` puts it back. */
export interface MovableEdges {
  readonly ticks: TickRange;
  /** `end`: 0 the start, 1 the end. */
  move(end: 0 | 1, tick: number, inputAt: number): void;
  settle(): void;
  cancel(): void;
}

export type LaneContent =
  | { readonly kind: 'seen' }
  | SegmentsContent
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] }
  | {
      readonly kind: 'samples';
      readonly losses: readonly Gap[];
      readonly holds: readonly Gap[];
      /** One sentence when nothing of it can be shown. */
      readonly fault: string | null;
      readonly curve: { readonly signal: Signal; readonly top: number; readonly unit: string } | null;
      /** Pictures that follow each other: colour or tactile, of a stream that can be read. */
      readonly hasPictures: boolean;
      readonly strip?: Strip;
    };

export interface Mark {
  readonly ticks: TickRange;
  readonly text: string;
  readonly shape: 'note' | 'problem' | 'flag' | RecordedMark['kind'];
  readonly tone: 'accent' | 'good' | 'warning' | 'bad' | 'muted';
  /** Written beside the shape where there is room up to the next mark. */
  readonly label?: string;
}

/** A pose that stays the same to the last bit for this long is drawn as held. */
const HELD_NS = 250_000_000;
const HEIGHT = { seen: 14, marks: 16, stream: 16, curve: 26 } as const;

export function buildTimeline(open: Pick<OpenEpisode, 'episode' | 'arrays'>, holdPeriods: number): TimelineModel {
  const { episode, arrays } = open;
  const master = masterClockOf(episode);
  const times = arrays.get(`clock:${master.id}`)?.times ?? new Float64Array();
  const startNs = times[0] ?? 0;
  const endNs = times.at(-1) ?? 0;
  const period = master.medianPeriodNs ?? 0;
  const gaps = findGaps(times, period * GAP_PERIODS);
  const frame: Frame = { episode, arrays, startNs, endNs, masterPeriodNs: period, holdPeriods };
  const lanes: Lane[] = [
    {
      id: 'seen',
      label: 'Seen',
      detail: 'Filled: ticks that were really painted. What was only skipped over stays empty.',
      side: null,
      heightPx: HEIGHT.seen,
      content: { kind: 'seen' },
    },
    ...sidesFirst(episode.tracks).map((track) => trackLane(track, frame)),
    ...episode.streams.map((stream) => streamLane(stream, frame)),
  ];
  return { startNs, endNs, times, gaps, lanes };
}

interface Frame {
  episode: Episode;
  arrays: OpenEpisode['arrays'];
  startNs: number;
  endNs: number;
  masterPeriodNs: number;
  holdPeriods: number;
}

/** Left, right, then the rest as recorded. */
function sidesFirst(tracks: readonly Track[]): Track[] {
  const rank = { left: 0, right: 1 } as const;
  return [...tracks].sort((a, b) => (a.side ? rank[a.side] : 2) - (b.side ? rank[b.side] : 2));
}

/** A stretch without a fresh sample this long leaves at least one tick without one, or older than the hold limit. */
function lossLimit(clock: Clock | undefined, { masterPeriodNs, holdPeriods }: Frame): number {
  const own = (clock?.medianPeriodNs ?? 0) * holdPeriods;
  return Math.max(own, masterPeriodNs * GAP_PERIODS) || Number.POSITIVE_INFINITY;
}

function trackLane(track: Track, frame: Frame): Lane {
  const clock = frame.episode.clocks.find((candidate) => candidate.id === track.clock);
  const limit = lossLimit(clock, frame);
  const numbers = frame.arrays.get(`track:${track.id}`);
  const times = numbers?.times ?? new Float64Array();
  const poses = numbers?.values ?? new Float64Array();
  const tracked = trackedTimes(times, poses);
  const losses = findLosses(tracked, limit, frame.startNs, frame.endNs);
  const holds = findHolds(times, (a, b) => isSamePose(poses, a, b), HELD_NS);
  const speeds = bodySpeeds(times, poses, limit);
  const top = robustTop(speeds, 0.05);
  return {
    id: `track:${track.id}`,
    label: track.name,
    detail: [
      `Speed of ${track.name}, 0 to ${top.toFixed(2)} m/s, from the recorded times.`,
      countSentence(times.length, clock),
      lossSentence(losses),
      holds.length > 0 ? `${counted(holds.length, 'stretch', 'stretches')} with an unchanging pose.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    side: track.side,
    heightPx: HEIGHT.curve,
    content: {
      kind: 'samples',
      losses,
      holds,
      fault: times.length === 0 ? 'No samples can be shown.' : null,
      curve: times.length === 0 ? null : { signal: buildSignal(times, speeds), top, unit: 'm/s' },
      hasPictures: false,
    },
  };
}

function streamLane(stream: Stream, frame: Frame): Lane {
  const clock = frame.episode.clocks.find((candidate) => candidate.id === stream.clock);
  const clockTimes = frame.arrays.get(`clock:${stream.clock}`)?.times ?? new Float64Array();
  const times = clockTimes.subarray(0, Math.min(stream.count, clockTimes.length));
  // On the master clock a hole is a hole of the recording; on a clock of its own it is one only beyond the hold limit.
  const isMaster = stream.clock === frame.episode.masterClock;
  const limit = isMaster ? frame.masterPeriodNs * GAP_PERIODS : lossLimit(clock, frame);
  const losses = stream.fault ? [] : findLosses(times, limit, frame.startNs, frame.endNs);
  return {
    id: `stream:${stream.id}`,
    label: stream.name,
    detail: [stream.fault ?? '', countSentence(stream.count, clock), stream.fault ? '' : lossSentence(losses)]
      .filter(Boolean)
      .join(' '),
    side: stream.kind === 'tactile' && stream.position !== 'middle' ? stream.position : null,
    heightPx: HEIGHT.stream,
    content: {
      ...{ kind: 'samples', losses, holds: [], fault: stream.fault, curve: null },
      hasPictures: stream.kind !== 'depth' && !stream.fault,
    },
  };
}

/** Stamps of the samples that hold a pose; the same array where all do. */
function trackedTimes(times: Float64Array, poses: Float64Array): Float64Array {
  let count = 0;
  const kept = new Float64Array(times.length);
  for (let index = 0; index < times.length; index++) {
    if (isTracked(poses, index)) kept[count++] = times[index] as number;
  }
  return count === times.length ? times : kept.subarray(0, count);
}

function countSentence(count: number, clock: Clock | undefined): string {
  const period = clock?.medianPeriodNs;
  const rate = period ? `, by the median ${(period / 1e6).toFixed(1)} ms apart` : '';
  return `${counted(count, 'sample', 'samples')}${rate}${clock?.basis === 'nominal' ? ' at a stated rate, not recorded stamps' : ''}.`;
}

function lossSentence(losses: readonly Gap[]): string {
  if (losses.length === 0) return 'No losses.';
  const longest = losses.reduce((most, gap) => Math.max(most, gap.endNs - gap.startNs), 0);
  return `${counted(losses.length, 'loss', 'losses')}, the longest ${formatTime(longest)}.`;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** Notes of all layers, each person's a lane of their own so that none hides another's. Nothing for a review without. */
export function noteLanes(review: Review | null, lastTick: number): Lane[] {
  if (!review) return [];
  return [review.own, ...review.others].flatMap((layer) => {
    const isOwn = layer === review.own;
    const marks = Object.values(layer.notes)
      .filter((note) => note.ticks !== undefined)
      .map((note): Mark => {
        const [from, to] = note.ticks as [number, number];
        const ticks = [Math.min(from, lastTick), Math.min(to, lastTick)] as const;
        return { ticks, text: note.text, shape: 'note', tone: isOwn ? 'accent' : 'muted' };
      })
      .sort((a, b) => a.ticks[0] - b.ticks[0]);
    if (marks.length === 0) return [];
    return [
      {
        id: `notes:${isOwn ? '' : layer.annotator}`,
        label: isOwn ? 'Notes' : `Notes, ${layer.annotator}`,
        detail: `${counted(marks.length, 'note', 'notes')} at a moment or over a range${isOwn ? '' : `, by ${layer.annotator}: read-only`}.`,
        side: null,
        heightPx: HEIGHT.marks,
        content: { kind: 'marks' as const, marks },
      },
    ];
  });
}

/** Gaps of the recording and losses of bodies and streams, as marks on ticks; one lane, left out where there is none. */
export function problemLane(model: TimelineModel, episode: Episode, tickOf: (ns: number) => number): Lane | null {
  const marks: Mark[] = model.gaps.map((gap) => ({
    ticks: [gap.before, gap.before + 1],
    text: `Gap of ${formatTime(gap.endNs - gap.startNs)} in the recording`,
    shape: 'problem',
    tone: 'warning',
  }));
  // When the recorder stood still everything did: such a loss is told once, as the gap.
  const reach = masterClockOf(episode).medianPeriodNs ?? 0;
  const isPartOfGap = (loss: Gap) =>
    gapsWithin(model.gaps, loss.startNs, loss.endNs).some(
      (gap) => loss.startNs >= gap.startNs - reach && loss.endNs <= gap.endNs + reach,
    );
  for (const lane of model.lanes) {
    if (lane.content.kind !== 'samples') continue;
    for (const loss of lane.content.losses) {
      if (isPartOfGap(loss)) continue;
      marks.push({
        ticks: [tickOf(loss.startNs), tickOf(loss.endNs)],
        text: `${lane.label}: nothing for ${formatTime(loss.endNs - loss.startNs)}`,
        shape: 'problem',
        tone: 'bad',
      });
    }
    for (const hold of lane.content.holds) {
      marks.push({
        ticks: [tickOf(hold.startNs), tickOf(hold.endNs)],
        text: `${lane.label}: pose unchanged for ${formatTime(hold.endNs - hold.startNs)}`,
        shape: 'problem',
        tone: 'warning',
      });
    }
  }
  if (marks.length === 0 && episode.problems.length === 0) return null;
  marks.sort((a, b) => a.ticks[0] - b.ticks[0]);
  return {
    id: 'problems',
    label: 'Problems',
    detail: [
      `${counted(marks.length, 'place', 'places')} where something is missing or does not change.`,
      ...episode.problems.map((problem) => problem.message),
    ].join(' '),
    side: null,
    heightPx: HEIGHT.marks,
    content: { kind: 'marks', marks },
  };
}
