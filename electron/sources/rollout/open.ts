import type { Episode, Problem, RecordedMark, Stream } from '../../../shared/episode/episode.ts';
import { blankEpisode } from '../../../shared/episode/episode.ts';
import { type BuiltClock, nominalClock } from '../common/clocks.ts';
import { identityOf, unreadableEpisode } from '../common/identity.ts';
import { faultyVideo, placeVideo } from '../common/step-video.ts';
import { type OpenedEpisode, type OpenFile, type SampleLocation, SourceFault, type SourcePorts } from '../source.ts';
import { placeAbove, placeOf } from './place.ts';
import { type Rollout, readRollout } from './read.ts';
import { findSeries, STEPS } from './series.ts';
import { LOOP_TOTAL, type Overrun, overrunsOf } from './timing.ts';

const DEFAULT_ORDER = 'wxyz';
/** More marks than this are no hint; the check tells how many there are. */
const MAX_MARKS = 500;
/** A JSON file larger than this is told by its size alone. */
const MAX_METADATA_CHARACTERS = 20_000;

/** Opens a rollout. Never throws for a broken file: see `problems`. */
export async function openRollout(file: OpenFile, ports: SourcePorts): Promise<OpenedEpisode> {
  const below = placeOf(file.pathBelowRoot);
  const above = placeAbove(file.path);
  const place = { ...below, task: below.task || above.task, date: below.date || above.date };
  let rollout: Rollout;
  try {
    rollout = await readRollout(file, ports);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unreadableEpisode(file, 'rollout', place, [{ severity: 'error', code: error.code, message: error.message }]);
  }
  const { arrays, companions, stated, rate } = rollout;
  const { steps } = arrays;
  const words = `Steps at ${Number(rate.hz.toFixed(3))} Hz (${rate.where})`;
  const clock = nominalClock(STEPS, words, steps, rate.hz);
  const order = file.stated.quaternionOrder ?? DEFAULT_ORDER;
  const { series, tracks, values, poses } = findSeries(arrays, { order, periodMs: periodOf(rollout) });
  const shown = showVideo(rollout, steps);
  const clocks = [clock, ...(shown?.clock ? [shown.clock] : [])];
  const problems: Problem[] = [
    ...(steps === 0 ? [emptyProblem(file)] : []),
    ...arrays.problems,
    ...(shown?.problem ? [shown.problem] : []),
    ...companions.problems,
  ];
  const isAssumed = rate.by !== 'person' && rate.by !== 'file';
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, 'rollout', place),
    masterClock: STEPS,
    clocks: clocks.map((each) => each.clock),
    streams: shown ? [shown.stream] : [],
    series,
    tracks,
    metadata: metadataOf(rollout, order),
    instruction: stated.instruction,
    outcome: stated.outcome,
    properties: { ...stated.properties, ...returnOf(rollout) },
    marks: overrunMarks(rollout, clock),
    asks: tracks.length > 0 ? ['rate', 'quaternion-order'] : ['rate'],
    assumed: {
      rateHz: isAssumed ? rate.hz : null,
      quaternionOrder: tracks.length > 0 && file.stated.quaternionOrder === undefined ? DEFAULT_ORDER : null,
    },
    problems,
  };
  const locations = new Map<string, SampleLocation>();
  if (shown?.location) locations.set(shown.stream.id, shown.location);
  const jsons = [companions.timing, ...companions.summaries].flatMap((json) => (json ? [json.path] : []));
  return {
    episode,
    clocks: new Map(clocks.map((each) => [each.clock.id, each.times])),
    poses,
    values,
    locations,
    files: [file.path, ...(companions.video ? [rollout.video?.realPath ?? companions.video] : []), ...jsons],
  };
}

interface Shown {
  stream: Stream;
  location: SampleLocation | null;
  clock: BuiltClock | null;
  problem: Problem | null;
}

function showVideo({ video, videoProblem, rate, companions }: Rollout, steps: number): Shown | null {
  const id = companions.video?.split(/[\\/]/).at(-1);
  if (id === undefined) return null;
  const name = id === 'video.mp4' ? 'Video' : id;
  const about = { id, name, kind: 'color' as const, position: null, stepClock: STEPS, steps, rateHz: rate.hz };
  // Without a step there is nothing that its frames could be held against.
  if (video) return { ...placeVideo(video, about), ...(steps === 0 ? { problem: null } : {}) };
  if (!videoProblem) return null;
  const stream = faultyVideo(about, videoProblem.message);
  return { stream, location: null, clock: null, problem: { ...videoProblem, stream: id } };
}

function emptyProblem(file: OpenFile): Problem {
  const message = `${file.name} holds no array with one row a step, so there is nothing to show: save step, reward, poses or timings into it.`;
  return { severity: 'error', code: 'empty', message };
}

/** The sum of the rewards, where there are any. */
function returnOf({ arrays }: Rollout): Episode['properties'] {
  const rewards = arrays.byStep.get('reward');
  if (rewards?.columns !== 1) return {};
  const sum = rewards.values.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
  return { return: Number(sum.toFixed(4)) };
}

/** What a loop may take, ms, as somebody stated or the video shows; null where the period itself is a guess. */
function periodOf({ rate }: Rollout): number | null {
  return rate.by === 'mean-loop' || rate.by === 'nothing' ? null : 1000 / rate.hz;
}

/** The overruns of a period that is known. */
export function overrunsOfRollout(rollout: Rollout): Overrun[] {
  const totals = rollout.arrays.byStep.get(LOOP_TOTAL);
  const periodMs = periodOf(rollout);
  return totals?.columns !== 1 || periodMs === null ? [] : overrunsOf(totals.values, periodMs);
}

function overrunMarks(rollout: Rollout, { times }: BuiltClock): RecordedMark[] {
  const period = 1000 / rollout.rate.hz;
  const overruns = overrunsOfRollout(rollout);
  overruns.sort((a, b) => b.worstMs - a.worstMs);
  return overruns
    .slice(0, MAX_MARKS)
    .sort((a, b) => a.from - b.from)
    .map(({ from, to, worstMs, worstStep }) => {
      const amount = to === from ? `Step ${from}` : `Steps ${from} to ${to}`;
      const slowest = slowestPart(rollout, worstStep);
      const text = `${amount} took longer than the period of ${period.toFixed(1)} ms: ${worstMs.toFixed(1)} ms at step ${worstStep}${slowest}.`;
      return {
        ...{ id: `overrun-${from}`, kind: 'overrun', name: 'Loop overrun', by: 'loop timing' },
        ...{ startNs: times[from] as number, endNs: times[Math.min(to + 1, times.length - 1)] as number, text },
      };
    });
}

function slowestPart({ arrays, timings }: Rollout, step: number): string {
  let slowest: { name: string; ms: number } | null = null;
  for (const name of timings.keys()) {
    const ms = arrays.byStep.get(name)?.values[step] as number;
    if (name !== LOOP_TOTAL && ms > (slowest?.ms ?? 0)) slowest = { name, ms };
  }
  return slowest ? `, ${slowest.name} ${slowest.ms.toFixed(1)} ms of it` : '';
}

function metadataOf({ arrays, companions, rate, timings }: Rollout, order: string): Record<string, unknown> {
  const rounded = (value: number) => Number(value.toFixed(3));
  const statistics = [...timings].map(([name, { mean, p95, max }]) => [
    name,
    { mean: rounded(mean), p95: rounded(p95), max: rounded(max) },
  ]);
  const jsons = [companions.timing, ...companions.summaries].flatMap((json) => (json ? [json] : []));
  const scalars = [...arrays.scalars].map(([name, value]) => [name, isPlain(value) ? value : String(value)]);
  return {
    rate: `${rounded(rate.hz)} Hz from ${rate.where}`,
    quaternion_order: order.split('').join(' '),
    arrays: arrays.shapes,
    ...(statistics.length > 0 ? { timing_ms: Object.fromEntries(statistics) } : {}),
    ...Object.fromEntries(scalars),
    ...Object.fromEntries(jsons.map(({ name, tree }) => [name, bounded(tree)])),
  };
}

function isPlain(value: number | string): boolean {
  return typeof value === 'string' || Number.isFinite(value);
}

function bounded(tree: unknown): unknown {
  const characters = JSON.stringify(tree).length;
  return characters <= MAX_METADATA_CHARACTERS ? tree : `(${characters} characters)`;
}
