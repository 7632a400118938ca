import { type Clock, masterClockOf, type Stream, type Track } from '../../shared/episode/episode.ts';
import type { EpisodeForTicks } from '../frames/frame-source.ts';
import { locationOf } from '../sources/source.ts';
import { copyAnyAsPython } from './python-any.ts';
import { BUILT_IN_FILTERS, type PythonRequest, READ_JPEGS, READ_ROWS } from './python-reads.ts';
import { pythonComment, pythonText } from './python-text.ts';
import { MENDED_TIMES, soundTimes } from './python-times.ts';

export type { PythonRequest };

/**
 * Python lines (h5py, NumPy) that load exactly these ticks: `images[stream]` with the order and tactile offset in use
 * turned to red-green-blue, `rows[stream]` the sample of each tick (−1 where the pane shows none), and `poses[body]` by
 * nearest time. A test runs them. Of React recordings, one HDF5 file each whose clocks are named by their dataset; of others
 * see python-any.ts.
 */
export function copyAsPython(episode: EpisodeForTicks & { path: string }, request: PythonRequest): string {
  const model = episode.opened.episode;
  if (model.format !== 'react') return copyAnyAsPython(episode, request);
  const master = masterClockOf(model);
  const to = Math.min(request.to, master.count - 1);
  const wanted = model.streams.filter(({ id }) => request.streams.length === 0 || request.streams.includes(id));
  const streams = wanted.filter(({ fault, count }) => fault === null && count > 0);
  const tracks = model.format === 'react' ? model.tracks.filter(({ count }) => count > 0) : [];
  const streamsApart = streams.filter(({ clock }) => clock !== master.id);
  const needsTimes = tracks.length > 0 || streamsApart.length > 0;
  const needed = new Set([master.id, ...[...streamsApart, ...tracks].map(({ clock }) => clock)]);
  const recorded = model.clocks.filter(({ id, basis }) => needsTimes && needed.has(id) && basis === 'recorded');
  const needsMending = recorded.some(({ ascending }) => !ascending);
  const needsPlugin = streams.some(({ filters }) => filters.some(({ id }) => !BUILT_IN_FILTERS.has(id)));
  const needsCv2 = streams.some(({ encoding }) => encoding === 'jpeg');
  const lines = [
    needsMending ? 'from bisect import bisect_right\n' : undefined,
    needsCv2 ? 'import cv2' : undefined,
    'import h5py',
    needsPlugin ? 'import hdf5plugin  # registers the filters of this file' : undefined,
    'import numpy as np',
    '',
    `path = ${pythonText(episode.path)}`,
    `ticks = np.arange(${request.from}, ${to + 1})  # ${request.from} to ${to}, both included`,
    'images, rows, poses = {}, {}, {}',
    ...(streams.some(({ encoding }) => encoding === 'pixels') ? READ_ROWS : []),
    ...(needsCv2 ? READ_JPEGS : []),
    ...(recorded.length > 0 ? soundTimes(model.startUnixSeconds ?? 0) : []),
    ...(needsMending ? MENDED_TIMES : []),
    ...(tracks.length > 0 || streams.some(({ rule }) => rule === 'nearest') ? NEAREST : []),
    '',
    'with h5py.File(path, "r") as file:',
    needsTimes ? `    now = ${nowCall(master)}[ticks]` : undefined,
    ...streams.flatMap((stream) => streamLines(episode, stream, master)),
    ...wanted
      .filter((stream) => !streams.includes(stream))
      .map(({ id, fault }) => `    # ${pythonComment(`${id} is left out: ${fault ?? 'it holds no sample'}`)}`),
    ...tracks.flatMap((track) => trackLines(track, model.clocks)),
    streams.length + tracks.length === 0 ? '    pass' : undefined,
  ];
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`;
}

const NEAREST = [
  '',
  '',
  'def nearest(when, now):',
  '    """Row closest in time, a tie going to the earlier."""',
  '    after = np.minimum(np.searchsorted(when, now, "left"), len(when) - 1)',
  '    before = np.maximum(after - 1, 0)',
  '    return np.where(when[after] - now < now - when[before], after, before)',
];

/** The stream's dataset in the recording's own file. */
function datasetOf({ opened }: EpisodeForTicks, stream: Stream): string {
  const location = locationOf(opened, stream);
  return location.kind === 'hdf5' ? location.dataset : stream.id;
}

function streamLines(episode: EpisodeForTicks, stream: Stream, master: Clock): string[] {
  const name = pythonText(stream.id);
  const dataset = `file[${pythonText(datasetOf(episode, stream))}]`;
  const swap = episode.orderOf(stream) === 'bgr';
  const read = stream.encoding === 'jpeg' ? `read_jpegs(${dataset}, rows[${name}])` : `read(${dataset}, rows[${name}])`;
  return [
    '',
    ...rowLines(episode, stream, master, name),
    `    images[${name}] = ${read}${swap ? '[..., ::-1]  # stored blue first' : ''}`,
  ];
}

/** The row of each tick by the same rules as the panes. */
function rowLines(episode: EpisodeForTicks, stream: Stream, master: Clock, name: string): string[] {
  const last = stream.count - 1;
  if (stream.clock === master.id) {
    const offset = stream.kind === 'tactile' ? episode.tactileOffset() : 0;
    const shifted = offset === 0 ? 'ticks' : `np.clip(ticks ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}, 0, ${last})`;
    const comment = offset === 0 ? '' : '  # tactile offset in ticks';
    return [`    rows[${name}] = np.where(ticks <= ${last}, ${shifted}, -1)${comment}`];
  }
  const clock = episode.opened.episode.clocks.find(({ id }) => id === stream.clock);
  if (!clock) throw new Error(`${stream.id} stands on the clock ${stream.clock}, which the episode does not have.`);
  const lines = [
    `    when = ${timesCall(clock)}[:${stream.count}]`,
    stream.rule === 'nearest'
      ? `    row = nearest(when, now)`
      : `    row = np.searchsorted(when, now, "right") - 1  # the latest at or before`,
  ];
  if (clock.medianPeriodNs !== null) {
    const holdNs = episode.holdPeriods() * clock.medianPeriodNs;
    lines.push(`    row[now - when[row] > ${holdNs}] = -1  # older than the hold limit, in ns`);
  }
  return [...lines, `    rows[${name}] = row`];
}

function trackLines(track: Track, clocks: readonly Clock[]): string[] {
  const clock = clocks.find(({ id }) => id === track.clock);
  if (!clock) return [];
  const name = pythonText(track.id);
  return [
    '',
    `    rows[${name}] = nearest(${timesCall(clock)}, now)`,
    `    poses[${name}] = file[${pythonText(`optitrack/${track.id}/pose`)}][...][rows[${name}]]  # x y z qx qy qz qw, m`,
  ];
}

function timesCall(clock: Clock): string {
  if (clock.basis === 'nominal') return `(np.arange(${clock.count}) * ${clock.medianPeriodNs ?? 0})`;
  return `${clock.ascending ? 'times' : 'mended_times'}(file[${pythonText(clock.id)}][:${clock.count}])`;
}

/** No tick lies before time zero. */
function nowCall(master: Clock): string {
  return master.basis === 'recorded' && !master.ascending ? `np.maximum(${timesCall(master)}, 0)` : timesCall(master);
}
