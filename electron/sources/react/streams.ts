import type { Problem, Stream } from '../../../shared/episode/episode.ts';
import { MOST_ROWS } from '../common/clocks.ts';
import { describeFilters } from '../filters.ts';
import type { Hdf5Dataset, Hdf5Tree } from '../source.ts';

/**
 * Image streams of a recording. Every stream is on the recorder's ticks unless its sensor wrote stamps of its own.
 * Channel orders are those of the pipeline's documents: RealSense and Arducam blue first, GelSight red first.
 */

export const MASTER = 'timestamps';

type Position = Exclude<Stream['position'], null>;

/** Cameras by serial number, as their owners' calibrations name them; a rig with other cameras goes by index. */
const POSITION_BY_SERIAL: Record<string, Position> = {
  '143322063538': 'right',
  '104122062574': 'left',
  '217222066989': 'middle',
};
const POSITION_BY_INDEX: readonly Position[] = ['right', 'left', 'middle'];
const POSITIONS: readonly Position[] = ['left', 'middle', 'right'];

interface Found {
  streams: Stream[];
  problems: Problem[];
}

/** Streams in the order people look at them: cameras left to right, GelSights, wrist cameras, depth. */
export function findStreams(tree: Hdf5Tree, metadata: Record<string, unknown>, fileName: string): Found {
  const problems: Problem[] = [];
  const color: Stream[] = [];
  const depth: Stream[] = [];
  const missingDepth: string[] = [];
  const serials = textsOf(metadata.realsense_serials);
  const cameras = Math.max(3, serials.length, 1 + highestIndex(tree, /^realsense\/cam(\d+)(?:\/|$)/));
  for (let index = 0; index < cameras; index++) {
    const serial = serials[index] ?? null;
    const position = POSITION_BY_SERIAL[serial ?? ''] ?? POSITION_BY_INDEX[index] ?? null;
    const name = position ? `${capital(position)} camera` : `Camera ${index}`;
    const about = { position, serial, clock: MASTER };
    const expected = index < Math.max(serials.length, serials.length === 0 ? 3 : 0);
    add(
      color,
      `realsense/cam${index}/color`,
      { ...about, name, kind: 'color', order: 'bgr' },
      expected ? 'error' : null,
    );
    const depthId = `realsense/cam${index}/depth`;
    add(depth, depthId, { ...about, name: `${name} depth`, kind: 'depth', order: null }, null);
    if (expected && isMissing(depthId)) missingDepth.push(depthId);
  }
  if (missingDepth.length > 0) {
    const message = `${fileName}: no depth was recorded (${missingDepth.join(', ')}): the pictures are not affected.`;
    problems.push({ severity: 'warning', code: 'missing-stream', message, stream: missingDepth[0] as string });
  }
  const tactile: Stream[] = [];
  const gelSerials = textsOf(metadata.gelsight_serials);
  (['left', 'right'] as const).forEach((side, index) => {
    const id = `gelsight/${side}/frames`;
    const about = { position: side, serial: gelSerials[index] ?? null, clock: ownClock(tree, `gelsight/${side}`) };
    add(tactile, id, { ...about, name: `${capital(side)} GelSight`, kind: 'tactile', order: 'rgb' }, 'error');
  });
  const wrist = Object.keys(tree.datasets)
    .filter((id) => /^arducam\/[^/]+\/frames$/.test(id))
    .map((id) => wristCamera(tree, id));

  function add(to: Stream[], id: string, about: About, missing: Problem['severity'] | null): void {
    const dataset = tree.datasets[id];
    if (dataset) to.push(streamOf(id, dataset, about));
    else if (missing && isMissing(id)) {
      const message = `${fileName}: ${about.name} (${id}) is missing, so it was not recorded: look after the sensor before the next take; what else is there can be used.`;
      problems.push({ severity: missing, code: 'missing-stream', message, stream: id });
    }
  }

  /** Not there, and no other problem has told why. */
  function isMissing(id: string): boolean {
    const isTold = tree.problems.some(({ stream }) => stream && (id === stream || id.startsWith(`${stream}/`)));
    return !tree.datasets[id] && !isTold;
  }

  const leftToRight = (streams: Stream[]) => streams.sort((a, b) => rank(a.position) - rank(b.position));
  const streams = [...leftToRight(color), ...tactile, ...wrist, ...leftToRight(depth)];
  for (const { id, fault } of streams) {
    const told = tree.problems.some(({ stream }) => stream === id);
    if (fault && !told)
      problems.push({ severity: 'error', code: 'stream-unreadable', message: `${fileName}: ${fault}`, stream: id });
  }
  return { streams, problems };
}

type About = Pick<Stream, 'name' | 'kind' | 'position' | 'serial' | 'clock' | 'order'>;

function streamOf(
  id: string,
  dataset: Hdf5Dataset,
  about: About,
  jpegSize?: { width: number; height: number },
): Stream {
  const jpeg = jpegSize !== undefined;
  const [claimed = 0, height = 0, width = 0, channels = 1] = dataset.shape;
  const size = jpeg ? { ...jpegSize, channels: 3 } : { width, height, channels };
  return {
    id,
    ...about,
    shape: dataset.shape,
    ...size,
    dtype: jpeg ? 'uint8' : dataset.dtype,
    encoding: jpeg ? 'jpeg' : 'pixels',
    video: null,
    // A JPEG is decoded red first, whatever the camera delivered.
    order: size.channels === 1 ? null : jpeg ? 'rgb' : about.order,
    count: claimed > MOST_ROWS ? 0 : claimed,
    rule: 'latest',
    chunk: dataset.chunk,
    filter: describeFilters(dataset.filters),
    filters: dataset.filters,
    fault: dataset.fault ?? faultOfCount(id, claimed) ?? (jpeg ? null : faultOfShape(id, dataset, about.kind)),
  };
}

function faultOfCount(id: string, count: number): string | null {
  if (count <= MOST_ROWS) return null;
  return `${id} claims ${count} frames, more than any recording has: restore the file from a copy.`;
}

function faultOfShape(id: string, { shape, dtype }: Hdf5Dataset, kind: Stream['kind']): string | null {
  const said = `${id} holds ${shape.length === 0 ? `a single ${dtype} value` : `${shape.join(' × ')} ${dtype} values`}`;
  const channels = shape.length === 3 ? 1 : shape[3];
  if (kind === 'depth') {
    return dtype === 'uint16' && channels === 1 ? null : `${said}, not 16-bit depth images: it cannot be shown.`;
  }
  const isImage = dtype === 'uint8' && (shape.length === 3 || shape.length === 4) && (channels === 1 || channels === 3);
  return isImage ? null : `${said}, not 8-bit colour images: it cannot be shown.`;
}

function wristCamera(tree: Hdf5Tree, id: string): Stream {
  const group = id.slice(0, id.lastIndexOf('/'));
  const dataset = tree.datasets[id] as Hdf5Dataset;
  const facts = { ...tree.groups.arducam?.attributes, ...tree.groups[group]?.attributes };
  const position =
    POSITIONS.find((side) =>
      String(facts.position ?? '')
        .toLowerCase()
        .includes(side),
    ) ?? null;
  const isJpeg = dataset.dtype.startsWith('vlen-') || facts.encoding === 'mjpeg';
  return streamOf(
    id,
    dataset,
    {
      name: position ? `${capital(position)} wrist camera` : `Wrist camera ${group.replace(/^.*\//, '')}`,
      kind: 'color',
      position,
      serial: facts.serial === undefined ? null : String(facts.serial),
      clock: ownClock(tree, group),
      order: 'bgr',
    },
    // What the first picture says itself goes before what the recorder wrote down.
    isJpeg ? (dataset.jpegSize ?? { width: wholeNumber(facts.width), height: wholeNumber(facts.height) }) : undefined,
  );
}

/** The clock of a sensor: its own stamps where it wrote one a frame, else the recorder's ticks. */
function ownClock(tree: Hdf5Tree, group: string): string {
  const id = `${group}/timestamps`;
  const stamps = tree.datasets[id]?.shape[0] ?? 0;
  return stamps > 0 ? id : MASTER;
}

function highestIndex(tree: Hdf5Tree, pattern: RegExp): number {
  return Math.max(-1, ...Object.keys(tree.groups).map((group) => Number(pattern.exec(group)?.[1] ?? -1)));
}

function rank(position: Stream['position']): number {
  return position ? POSITIONS.indexOf(position) : POSITIONS.length;
}

export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}

function wholeNumber(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isInteger(number) && number > 0 ? number : 0;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
