import { masterClockOf } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND, nsToSeconds } from '../../../shared/time/nanoseconds.ts';
import type { OpenedEpisode } from '../../sources/source.ts';
import { type StreamDecoded, ticksOf } from './decode-samples.ts';

/** What the operator confirms before a run is stopped, as the recording tells it afterwards. */
export interface TakeLine {
  what: 'cameras' | 'gelsights' | 'bodies' | 'ticks';
  isFine: boolean;
  text: string;
}

/** A body whose pose stands still for as long as this was not tracked: the recorder holds the last pose. */
const LONGEST_STOP_SECONDS = 0.25;
/** Ticks lost before the last seconds of a take are the gaps that `check` tells of anyway. */
const LAST_SECONDS = 30;
const LOST_PERIODS = 1.5;

/** The four lines of a take: cameras streaming, GelSights alive, bodies tracked for all of it, nothing dropped at its end. */
export function takeLines(opened: OpenedEpisode, decoded: readonly StreamDecoded[]): TakeLine[] {
  return [cameras(opened, decoded), gels(opened, decoded), bodies(opened), lostTicks(opened)];
}

function cameras(opened: OpenedEpisode, decoded: readonly StreamDecoded[]): TakeLine {
  const streams = opened.episode.streams.filter(({ id, kind }) => kind === 'color' && id.startsWith('realsense/'));
  const faults = streams.flatMap((stream) => pictureFault(opened, stream.id, decoded));
  if (streams.length < 3) faults.unshift(`${streams.length} of 3 recorded`);
  const text = faults.length === 0 ? `all ${streams.length} streaming` : faults.join('; ');
  return { what: 'cameras', isFine: faults.length === 0, text: `cameras: ${text}` };
}

function gels(opened: OpenedEpisode, decoded: readonly StreamDecoded[]): TakeLine {
  const streams = opened.episode.streams.filter(({ kind }) => kind === 'tactile');
  const faults = streams.flatMap((stream) => pictureFault(opened, stream.id, decoded));
  if (streams.length < 2) faults.unshift(`${streams.length} of 2 recorded`);
  const text = faults.length === 0 ? 'both feeds alive' : faults.join('; ');
  return { what: 'gelsights', isFine: faults.length === 0, text: `GelSights: ${text}` };
}

function pictureFault(opened: OpenedEpisode, id: string, decoded: readonly StreamDecoded[]): string[] {
  const stream = opened.episode.streams.find((each) => each.id === id);
  const of = decoded.find((each) => each.stream === id);
  const name = stream?.name ?? id;
  if (!stream || stream.fault) return [`${name} cannot be read`];
  const rows = opened.clocks.get(stream.clock)?.length ?? ticksOf(opened);
  if (stream.count !== rows)
    return [`${name} has ${stream.count} pictures for ${rows} ${rows === 1 ? 'tick' : 'ticks'}`];
  if (!of || of.decoded === 0) return [`${name} shows nothing`];
  if (of.isBlack) return [`${name} is black`];
  return of.isOnePicture ? [`${name} shows one picture only`] : [];
}

function bodies(opened: OpenedEpisode): TakeLine {
  const { tracks } = opened.episode;
  const told = tracks.map(({ id, name }) => ({ name, stop: longestStop(opened, id) }));
  const isFine = tracks.length >= 3 && told.every(({ stop }) => stop !== null && stop.seconds < LONGEST_STOP_SECONDS);
  const words = told.map(({ name, stop }) =>
    stop === null
      ? `${name} never tracked`
      : stop.seconds < LONGEST_STOP_SECONDS
        ? `${name} tracked`
        : `${name} stops for ${stop.seconds.toFixed(2)} s at tick ${stop.tick}`,
  );
  if (tracks.length < 3) words.unshift(`${tracks.length} of 3 recorded`);
  return { what: 'bodies', isFine, text: `bodies: ${words.join(', ')}` };
}

/** The longest time for which a body's pose did not change, the ends of the take counted; null: it was never tracked. */
function longestStop(opened: OpenedEpisode, track: string): { seconds: number; tick: number } | null {
  const poses = opened.poses.get(track);
  const clock = opened.episode.tracks.find(({ id }) => id === track)?.clock;
  const times = clock === undefined ? undefined : opened.clocks.get(clock);
  const ticks = opened.clocks.get(opened.episode.masterClock) ?? new Float64Array();
  if (!poses || !times || times.length === 0 || ticks.length === 0) return null;
  const [first, last] = [ticks[0] as number, ticks.at(-1) as number];
  let changed = first;
  let longest = { ns: 0, from: first };
  const stop = (until: number) => {
    const ns = Math.min(until, last) - Math.max(changed, first);
    if (ns > longest.ns) longest = { ns, from: changed };
  };
  let wasTracked = false;
  for (let i = 0; i < times.length; i++) {
    const pose = poses.subarray(i * 7, i * 7 + 7);
    if (pose.every((value) => value === 0 || Number.isNaN(value))) continue;
    const isSame = i > 0 && pose.every((value, at) => value === poses[(i - 1) * 7 + at]);
    if (isSame) continue;
    wasTracked = true;
    stop(times[i] as number);
    changed = Math.max(changed, times[i] as number);
  }
  stop(last);
  if (!wasTracked) return null;
  let tick = 0;
  while (tick + 1 < ticks.length && (ticks[tick + 1] as number) <= longest.from) tick++;
  return { seconds: nsToSeconds(longest.ns), tick };
}

function lostTicks(opened: OpenedEpisode): TakeLine {
  const { episode } = opened;
  const times = opened.clocks.get(episode.masterClock) ?? new Float64Array();
  const period = episode.clocks.length > 0 ? masterClockOf(episode).medianPeriodNs : null;
  if (period === null || times.length < 2)
    return {
      what: 'ticks',
      isFine: false,
      text: `ticks: ${times.length === 0 ? 'none were' : 'only one was'} recorded`,
    };
  const from = (times.at(-1) as number) - LAST_SECONDS * NS_PER_SECOND;
  let lost = 0;
  for (let i = 1; i < times.length; i++) {
    const gap = (times[i] as number) - (times[i - 1] as number);
    if ((times[i] as number) >= from && gap >= LOST_PERIODS * period) lost += Math.round(gap / period) - 1;
  }
  const text = lost === 0 ? 'none' : String(lost);
  return { what: 'ticks', isFine: lost === 0, text: `ticks lost in the last ${LAST_SECONDS} s: ${text}` };
}
