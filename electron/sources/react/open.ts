import { blankEpisode, type Episode, type Problem, type Stream } from '../../../shared/episode/episode.ts';
import { MOST_ROWS, nominalClock } from '../common/clocks.ts';
import { type Hdf5Tree, type OpenedEpisode, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { readBodies } from './bodies.ts';
import { buildClocks, DEFAULT_RATE } from './episode-clocks.ts';
import { placeOf } from './place.ts';
import { findStreams, MASTER } from './streams.ts';

/** Recordings up to this day hold tactile frames from a camera buffer that was never flushed. */
const LAST_LAGGING_DAY = '2026-06-18';
const LAG_TICKS = 15;
/** Ways a recording may end that make it worthless, by the recorder's own account. */
const INVALID_ENDS = ['overload', 'writer_fault', 'disk_low', 'capture_stall', 'sensor_error'];

/** Opens a React/TWM recording. Never throws for a broken file: see `problems`. */
export async function openReact(file: OpenFile, { hdf5: reader }: SourcePorts): Promise<OpenedEpisode> {
  let tree: Hdf5Tree;
  try {
    tree = await reader.inspect(file.path);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unreadable(file, { severity: 'error', code: error.code, message: error.message });
  }
  // Nothing is known of what a damaged root holds: not that it is empty, nor which sensors are missing.
  const lost = tree.problems.find(({ code, stream }) => code === 'damaged-group' && stream === undefined);
  if (lost) return unreadable(file, lost);
  const metadata = tree.groups.metadata?.attributes ?? {};
  const found = findStreams(tree, metadata, file.name);
  const { bodies, problems: bodyProblems } = await readBodies(file, tree, reader);
  const clocks = await buildClocks(file, tree, reader, found.streams, bodies, metadata);
  const episode: Episode = {
    ...blankEpisode(),
    ...describePlace(file),
    createdAt: typeof metadata.created_at === 'string' ? metadata.created_at : null,
    startUnixSeconds: clocks.startSeconds,
    masterClock: MASTER,
    clocks: [...clocks.built.values()].map(({ clock }) => clock),
    streams: found.streams,
    tracks: bodies.map(({ track }) => track),
    metadata,
    suggestedTactileOffset: null,
    problems: emptyFirst([
      ...validityProblems(file, metadata),
      ...tree.problems,
      ...found.problems,
      ...bodyProblems,
      ...clocks.problems,
      ...countProblems(file, tree, found.streams),
    ]),
  };
  episode.suggestedTactileOffset = suggestOffset(episode);
  return {
    episode,
    clocks: new Map([...clocks.built].map(([id, { times }]) => [id, times])),
    poses: new Map(bodies.map(({ track, poses }) => [track.id, poses])),
    values: new Map(),
    locations: new Map(found.streams.map(({ id }) => [id, { kind: 'hdf5', file: file.path, dataset: id }])),
  };
}

/** That there is nothing to show is what a person must read first; the rest only follows from it. */
function emptyFirst(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => Number(b.code === 'empty') - Number(a.code === 'empty'));
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
    ...blankEpisode(),
    ...describePlace(file),
    masterClock: MASTER,
    clocks: [clock],
    problems: [problem],
  };
  return { episode, clocks: new Map([[MASTER, times]]), poses: new Map(), values: new Map(), locations: new Map() };
}

function countProblems(file: OpenFile, tree: Hdf5Tree, streams: Stream[]): Problem[] {
  const problems: Problem[] = [];
  const ticks = tree.datasets[MASTER]?.shape[0];
  for (const { id, count, clock, name, fault } of streams) {
    const expected = clock === MASTER ? ticks : tree.datasets[clock]?.shape[0];
    if (expected === undefined || expected === count || expected > MOST_ROWS || fault) continue;
    const what = clock === MASTER ? 'ticks' : 'timestamps';
    const message = `${file.name}: ${name} has ${count} frames for ${expected} ${what}; frames are shown by position as far as both go. The recorder was likely stopped halfway: record it again, or put it aside by check --quarantine.`;
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
