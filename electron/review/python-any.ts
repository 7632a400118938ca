import { masterClockOf, type Stream } from '../../shared/episode/episode.ts';
import type { EpisodeForTicks } from '../frames/frame-source.ts';
import { chooseSample } from '../frames/sample-choice.ts';
import type { SampleLocation } from '../sources/source.ts';
import { BUILT_IN_FILTERS, type PythonRequest, READ_JPEGS, READ_ROWS, READ_VIDEO } from './python-reads.ts';
import { pythonComment, pythonText } from './python-text.ts';

interface Wanted {
  stream: Stream;
  location: SampleLocation;
}

/**
 * Python lines for a recording of any format: `images[stream]` with red first and `rows[stream]`, the sample of each tick
 * that the pane shows (−1 for none), from where the samples lie: h5py for HDF5, OpenCV for videos. What only the
 * format's own library can read is named in a comment.
 */
export function copyAnyAsPython(episode: EpisodeForTicks & { path: string }, request: PythonRequest): string {
  const { episode: model, locations } = episode.opened;
  const to = Math.min(request.to, masterClockOf(model).count - 1);
  const asked = model.streams.filter(({ id }) => request.streams.length === 0 || request.streams.includes(id));
  const wanted: Wanted[] = asked.flatMap((stream) => {
    const location = locations.get(stream.id);
    return location && location.kind !== 'reader' && !stream.fault && stream.count > 0 ? [{ stream, location }] : [];
  });
  const videos = wanted.filter(({ location }) => location.kind === 'video');
  const arrays = wanted.filter(({ location }) => location.kind === 'hdf5');
  const jpegs = arrays.filter(({ stream }) => stream.encoding === 'jpeg');
  const needsPlugin = arrays.some(({ stream }) => stream.filters.some(({ id }) => !BUILT_IN_FILTERS.has(id)));
  const lines = [
    videos.length + jpegs.length > 0 ? 'import cv2' : undefined,
    arrays.length > 0 ? 'import h5py' : undefined,
    needsPlugin ? 'import hdf5plugin  # registers the filters of this file' : undefined,
    'import numpy as np',
    '',
    `path = ${pythonText(episode.path)}  # ${pythonComment(model.path)}`,
    `ticks = np.arange(${request.from}, ${to + 1})  # ${request.from} to ${to}, both included`,
    'images, rows = {}, {}',
    ...(arrays.length > jpegs.length ? READ_ROWS : []),
    ...(jpegs.length > 0 ? READ_JPEGS : []),
    ...(videos.length > 0 ? READ_VIDEO : []),
    '',
    ...wanted.flatMap((each) => streamLines(episode, each, request.from, to)),
    ...asked
      .filter((stream) => !wanted.some((each) => each.stream === stream))
      .map((stream) => leftOut(episode, stream)),
  ];
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`;
}

function streamLines(episode: EpisodeForTicks, { stream, location }: Wanted, from: number, to: number): string[] {
  const name = pythonText(stream.id);
  const rows = `rows[${name}]`;
  const shown = `${rows} = ${rowsText(rowsOf(episode, stream, from, to))}  # the sample each tick shows`;
  if (location.kind === 'video') {
    const frames = location.firstFrame === 0 ? rows : `np.where(${rows} < 0, -1, ${rows} + ${location.firstFrame})`;
    return ['', shown, `images[${name}] = read_video(${pythonText(location.file)}, ${frames}.tolist())`];
  }
  if (location.kind !== 'hdf5') return [];
  const read = stream.encoding === 'jpeg' ? 'read_jpegs' : 'read';
  // Encoded pictures come out of their decoder red first, whatever was put in.
  const swap = episode.orderOf(stream) === 'bgr' ? '[..., ::-1]  # stored blue first' : '';
  return [
    '',
    shown,
    `with h5py.File(${pythonText(location.file)}, "r") as file:`,
    `    images[${name}] = ${read}(file[${pythonText(location.dataset)}], ${rows})${swap}`,
  ];
}

function leftOut({ opened }: EpisodeForTicks, { id, fault }: Stream): string {
  const isPacked = opened.locations.get(id)?.kind === 'reader';
  const packed = 'its samples are packed in files that only the own library of the format reads';
  return `# ${pythonComment(`${id} is left out: ${fault ?? (isPacked ? packed : 'it holds no sample')}`)}`;
}

/** By the rules of the panes. */
function rowsOf(episode: EpisodeForTicks, stream: Stream, from: number, to: number): number[] {
  const { episode: model, clocks } = episode.opened;
  const none = new Float64Array(0);
  const master = masterClockOf(model);
  const rows: number[] = [];
  for (let tick = from; tick <= to; tick++) {
    const { state, index } = chooseSample(stream, {
      tick,
      masterTimes: clocks.get(model.masterClock) ?? none,
      streamTimes: clocks.get(stream.clock) ?? none,
      streamClock: model.clocks.find(({ id }) => id === stream.clock) ?? master,
      masterClock: model.masterClock,
      tactileOffset: episode.tactileOffset(),
      holdPeriods: episode.holdPeriods(),
    });
    rows.push(state === 'shown' ? index : -1);
  }
  return rows;
}

function rowsText(rows: readonly number[]): string {
  const [first = 0] = rows;
  if (rows.every((row, at) => row === first + at) && first >= 0) return `np.arange(${first}, ${first + rows.length})`;
  return `np.array([${rows.join(', ')}])`;
}
