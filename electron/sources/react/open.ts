import type { Clock, Episode, Problem, Stream } from '../../../shared/episode/episode.ts';
import { nsToSeconds } from '../../../shared/time/nanoseconds.ts';
import { type Hdf5Reader, type Hdf5Tree, type OpenedEpisode, type OpenFile, SourceFault } from '../source.ts';
import { type Body, readBodies } from './bodies.ts';
import { type BuiltClock, firstStamp, gapWarning, nominalClock, recordedClock } from './clocks.ts';
import { placeOf } from './place.ts';
import { findStreams, MASTER } from './streams.ts';

const DEFAULT_RATE = 30;
/** Recordings up to this day hold tactile frames from a camera buffer that was never flushed. */
const LAST_LAGGING_DAY = '2026-06-18';
const LAG_TICKS = 15;
const LATE_START_NS = 1_000_000_000;
/** Ways a recording may end that make it worthless, by the recorder's own account. */
const INVALID_ENDS = ['overload', 'writer_fault', 'disk_low', 'capture_stall', 'sensor_error'];

/** Opens a React/TWM recording. Never throws for a broken file: see `problems`. */
export async function openReact(file: OpenFile, reader: Hdf5Reader): Promise<OpenedEpisode> {
  let tree: Hdf5Tree;
  try {
    tree = await reader.inspect(file.path);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unreadable(file, { severity: 'error', code: error.code, message: error.message });
  }
  const metadata = tree.groups.metadata?.attributes ?? {};
  const found = findStreams(tree, metadata, file.name);
  const { bodies, problems: bodyProblems } = await readBodies(file, tree, reader);
  const clocks = await buildClocks(file, tree, reader, found.streams, bodies, metadata);
  const episode: Episode = {
    ...describePlace(file),
    createdAt: typeof metadata.created_at === 'string' ? metadata.created_at : null,
    startUnixSeconds: clocks.startSeconds,
    masterClock: MASTER,
    clocks: [...clocks.built.values()].map(({ clock }) => clock),
    streams: found.streams,
    series: [],
    tracks: bodies.map(({ track }) => track),
    metadata,
    suggestedTactileOffset: null,
    problems: [
      ...validityProblems(file, metadata),
      ...tree.problems,
      ...found.problems,
      ...bodyProblems,
      ...clocks.problems,
      ...countProblems(file, tree, found.streams),
    ],
  };
  episode.suggestedTactileOffset = suggestOffset(episode);
  return {
    episode,
    clocks: new Map([...clocks.built].map(([id, { times }]) => [id, times])),
    poses: new Map(bodies.map(({ track, poses }) => [track.id, poses])),
    values: new Map(),
    location: (stream) => ({ file: file.path, dataset: stream.id }),
  };
}

function describePlace(file: OpenFile) {
  const { task, date, name } = placeOf(file.pathBelowRoot);
  return {
    id: `${file.rootId}/${file.pathBelowRoot}`,
    root: file.rootId,
    path: file.pathBelowRoot,
    format: 'react',
    name,
    task,
    date,
    sizeBytes: file.sizeBytes,
    modifiedMs: file.modifiedMs,
  };
}

function unreadable(file: OpenFile, problem: Problem): OpenedEpisode {
  const { clock, times } = nominalClock(MASTER, 'Recorder ticks', 0, DEFAULT_RATE);
  const episode: Episode = {
    ...describePlace(file),
    createdAt: null,
    startUnixSeconds: null,
    masterClock: MASTER,
    clocks: [clock],
    streams: [],
    series: [],
    tracks: [],
    metadata: {},
    suggestedTactileOffset: null,
    problems: [problem],
  };
  const location = (stream: Stream) => ({ file: file.path, dataset: stream.id });
  return { episode, clocks: new Map([[MASTER, times]]), poses: new Map(), values: new Map(), location };
}

interface Clocks {
  built: Map<string, BuiltClock>;
  startSeconds: number | null;
  problems: Problem[];
}

/** Time zero is the first tick that was stamped; without ticks, the earliest stamp of anything else. */
async function buildClocks(
  file: OpenFile,
  tree: Hdf5Tree,
  reader: Hdf5Reader,
  streams: Stream[],
  bodies: Body[],
  metadata: Record<string, unknown>,
): Promise<Clocks> {
  const problems: Problem[] = [];
  const stamps = async (id: string) => {
    if (!tree.datasets[id]) return null;
    try {
      return (await reader.numbers(file.path, id)).data;
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push({ severity: 'error', code: error.code, message: error.message, stream: id });
      return null;
    }
  };
  const ticks = await stamps(MASTER);
  const own = new Map<string, Float64Array>();
  for (const { clock } of streams) {
    const seconds = clock === MASTER || own.has(clock) ? null : await stamps(clock);
    if (seconds) own.set(clock, seconds);
  }
  for (const { track, seconds } of bodies) own.set(track.clock, seconds);
  // A sensor whose stamps cannot be read goes by the ticks like every sensor that wrote none.
  for (const stream of streams) if (stream.clock !== MASTER && !own.has(stream.clock)) stream.clock = MASTER;

  const firsts = [...own.values()].map(firstStamp).filter((first) => first !== null);
  const earliest = firsts.length > 0 ? Math.min(...firsts) : null;
  const startSeconds = (ticks && firstStamp(ticks)) ?? earliest;
  const built = new Map<string, BuiltClock>();
  const master = masterClock(file, ticks, startSeconds, streams, metadata);
  built.set(MASTER, master);
  for (const [id, seconds] of own) {
    const name = clockName(id);
    built.set(id, recordedClock(id, name, seconds, startSeconds ?? 0, `${file.name}: the clock of ${name}`));
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
  startSeconds: number | null,
  streams: Stream[],
  metadata: Record<string, unknown>,
): BuiltClock {
  const name = 'Recorder ticks';
  const rows = Math.max(0, ...streams.filter(({ clock }) => clock === MASTER).map(({ count }) => count));
  const stamped = ticks && firstStamp(ticks) !== null;
  if (stamped) return recordedClock(MASTER, name, ticks, startSeconds as number, `${file.name}: the recorder's clock`);
  const stated = Number(metadata.fps);
  const rate = stated > 0 && Number.isFinite(stated) ? stated : DEFAULT_RATE;
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

function countProblems(file: OpenFile, tree: Hdf5Tree, streams: Stream[]): Problem[] {
  const problems: Problem[] = [];
  const ticks = tree.datasets[MASTER]?.shape[0];
  for (const { id, count, clock, name } of streams) {
    const expected = clock === MASTER ? ticks : tree.datasets[clock]?.shape[0];
    if (expected === undefined || expected === count) continue;
    const what = clock === MASTER ? 'ticks' : 'timestamps';
    const message = `${file.name}: ${name} has ${count} frames for ${expected} ${what}; frames are shown by position as far as both go.`;
    problems.push({ severity: 'error', code: 'count-mismatch', message, stream: id });
  }
  return problems;
}

function validityProblems(file: OpenFile, metadata: Record<string, unknown>): Problem[] {
  const endedBy = String(metadata.ended_by ?? '');
  const refused = metadata.valid === false || metadata.valid === 0 || INVALID_ENDS.includes(endedBy);
  if (!refused) return [];
  const reason =
    [metadata.invalid_reason, endedBy && `ended by ${endedBy}`].filter(Boolean).join(', ') || 'no reason given';
  const message = `${file.name}: the recorder itself marked this recording invalid (${reason}): leave it out, or judge it yourself.`;
  return [{ severity: 'error', code: 'invalid', message }];
}

function suggestOffset(episode: Episode): Episode['suggestedTactileOffset'] {
  const lags = episode.streams.some(({ kind, clock }) => kind === 'tactile' && clock === MASTER);
  const day = /^\d{4}-\d{2}-\d{2}/.exec(episode.createdAt ?? '')?.[0] ?? episode.date;
  if (!lags || day === '' || day > LAST_LAGGING_DAY) return null;
  const reason = `Recorded on ${day}, without GelSight timestamps: up to ${LAST_LAGGING_DAY} tactile frames lag by ${LAG_TICKS} ticks.`;
  return { ticks: LAG_TICKS, reason };
}
