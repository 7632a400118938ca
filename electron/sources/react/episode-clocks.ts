import type { Clock, Problem, Stream } from '../../../shared/episode/episode.ts';
import { nsToSeconds } from '../../../shared/time/nanoseconds.ts';
import { type BuiltClock, nominalClock } from '../common/clocks.ts';
import { count, gapWarning, recordedClock } from '../common/recorded-clock.ts';
import { type KeptStamps, keepStamps } from '../common/stamps.ts';
import { type Hdf5Reader, type Hdf5Tree, type OpenFile, SourceFault } from '../source.ts';
import { type Body, untrack } from './bodies.ts';
import { MASTER } from './streams.ts';

export const DEFAULT_RATE = 30;
const LATE_START_NS = 1_000_000_000;
/** Clocks of one recording further apart than this were not set alike, and cannot be laid beside each other. */
const MAX_SECONDS_APART = 24 * 3600;
const SECONDS_PER_DAY = 24 * 3600;

export interface EpisodeClocks {
  built: Map<string, BuiltClock>;
  startSeconds: number | null;
  problems: Problem[];
}

interface Recorded {
  seconds: Float64Array;
  kept: KeptStamps;
}

/**
 * All clocks of a recording. Time zero is the first tick with a usable stamp; without ticks, the earliest stamp of
 * anything else. A sensor whose stamps say nothing about time goes by the ticks like every sensor that wrote none
 * (`streams` is changed so), and a body is left without samples (`bodies` is): both with a problem.
 */
export async function buildClocks(
  file: OpenFile,
  tree: Hdf5Tree,
  reader: Hdf5Reader,
  streams: Stream[],
  bodies: Body[],
  metadata: Record<string, unknown>,
): Promise<EpisodeClocks> {
  const problems: Problem[] = [];
  const read = new Map<string, ReturnType<Hdf5Reader['numbers']>>();
  // Asked for together, looked at one after the other: problems keep their order.
  for (const id of new Set([MASTER, ...streams.map(({ clock }) => clock)])) {
    if (!tree.datasets[id]) continue;
    const numbers = reader.numbers(file.path, id);
    numbers.catch(() => undefined);
    read.set(id, numbers);
  }
  const stamps = async (id: string) => {
    try {
      const numbers = await read.get(id);
      if (!numbers || numbers.shape.length === 1) return numbers?.data ?? null;
      const message = `${file.name}: ${id} is ${numbers.shape.join(' × ') || 'a single number'}, not one stamp a row, and is not used.`;
      problems.push({ severity: 'error', code: 'wrong-shape', message, stream: id });
      return null;
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push({ severity: 'error', code: error.code, message: error.message, stream: id });
      return null;
    }
  };
  const ticks = await stamps(MASTER);
  const keptTicks = ticks && keepStamps(ticks);
  const own = new Map<string, Recorded>();
  const fallBack = (id: string, why: string) => {
    for (const stream of streams) if (stream.clock === id) stream.clock = MASTER;
    const body = bodies.find(({ track }) => track.clock === id);
    if (body) untrack(body);
    const consequence = body
      ? `so ${body.track.id} cannot be placed in time and is not drawn`
      : 'so its frames are shown by position, one a tick';
    const message = `${file.name}: ${id} ${why}, ${consequence}.`;
    problems.push({ severity: body ? 'error' : 'warning', code: 'clock-unusable', message, stream: id });
  };
  const add = (id: string, seconds: Float64Array) => {
    const kept = keepStamps(seconds);
    if (kept) own.set(id, { seconds, kept });
    else
      fallBack(
        id,
        `holds no usable stamps in ${count(seconds.length, 'row')} (zero, all alike, falling or no numbers)`,
      );
  };
  for (const id of new Set(streams.map(({ clock }) => clock))) {
    if (id === MASTER) continue;
    const seconds = await stamps(id);
    if (seconds) add(id, seconds);
    else for (const stream of streams) if (stream.clock === id) stream.clock = MASTER;
  }
  for (const { track, seconds } of bodies) if (track.count > 0) add(track.clock, seconds);

  const referenceSeconds = keptTicks?.medianSeconds ?? middle([...own.values()].map(({ kept }) => kept.medianSeconds));
  for (const [id, { kept }] of own) {
    const apart = Math.abs(kept.medianSeconds - referenceSeconds);
    if (apart <= MAX_SECONDS_APART) continue;
    own.delete(id);
    const days = (apart / SECONDS_PER_DAY).toFixed(1);
    fallBack(id, `is ${days} days away from the other clocks (look whether the clocks of the rig were set)`);
  }
  const startSeconds = keptTicks?.firstSeconds ?? earliest([...own.values()].map(({ kept }) => kept.firstSeconds));
  const built = new Map<string, BuiltClock>();
  const master = masterClock(file, ticks, keptTicks, streams, metadata);
  built.set(MASTER, master);
  for (const [id, { seconds, kept }] of own) {
    const name = clockName(id);
    const words = { id, name, where: `${file.name}: the clock of ${name}`, row: 'sample' };
    built.set(id, recordedClock(words, seconds, kept, startSeconds ?? 0));
  }
  for (const { track } of bodies) {
    if (!built.has(track.clock)) built.set(track.clock, { ...emptyClock(track.clock), problems: [] });
  }
  for (const [id, each] of built) problems.push(...each.problems.map((problem) => ({ ...problem, stream: id })));
  const gaps = gapWarning(master, `${file.name}: the recorder's clock`);
  if (gaps && master.clock.basis === 'recorded') problems.push(gaps);
  for (const { track } of bodies) {
    const late = lateStart(file, track.name, built.get(track.clock)?.clock);
    if (late) problems.push({ ...late, stream: `optitrack/${track.id}` });
  }
  return { built, startSeconds, problems };
}

function masterClock(
  file: OpenFile,
  ticks: Float64Array | null,
  kept: KeptStamps | null,
  streams: Stream[],
  metadata: Record<string, unknown>,
): BuiltClock {
  const name = 'Recorder ticks';
  const rows = Math.max(0, ...streams.filter(({ clock }) => clock === MASTER).map(({ count }) => count));
  if (ticks && kept) {
    const words = { id: MASTER, name, where: `${file.name}: the recorder's clock`, row: 'tick' };
    return recordedClock(words, ticks, kept, kept.firstSeconds, 0);
  }
  const stated = Number(metadata.fps);
  const rate = stated >= 0.01 && stated <= 100_000 ? stated : DEFAULT_RATE;
  const nominal = nominalClock(MASTER, name, Math.max(rows, ticks?.length ?? 0), rate);
  if (nominal.clock.count > 0) {
    const message = `${file.name}: the recorder wrote no usable timestamps; ticks stand ${rate} a second, so times are nominal.`;
    nominal.problems.push({ severity: 'warning', code: 'no-timestamps', message });
  } else {
    const message = `${file.name}: the recording holds no ticks: the recorder was stopped before the first one.`;
    nominal.problems.push({ severity: 'warning', code: 'empty', message });
  }
  return nominal;
}

/** Of a body without samples. */
function emptyClock(id: string): Omit<BuiltClock, 'problems'> {
  const { clock, times } = nominalClock(id, clockName(id), 0, DEFAULT_RATE);
  return { clock: { ...clock, basis: 'recorded' }, times };
}

function clockName(id: string): string {
  const [device = '', sensor = ''] = id.split('/');
  return device === 'optitrack' ? sensor : `${sensor} ${device}`;
}

function lateStart(file: OpenFile, name: string, clock: Clock | undefined): Problem | null {
  if (!clock || clock.firstNs === null || clock.firstNs < LATE_START_NS) return null;
  const seconds = nsToSeconds(clock.firstNs).toFixed(2);
  const message = `${file.name}: ${name} was tracked only from ${seconds} s on; what comes before has no pose.`;
  return { severity: 'warning', code: 'late-start', message };
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function earliest(values: number[]): number | null {
  return values.length > 0 ? Math.min(...values) : null;
}
