import type { Episode, Stream } from '../../../shared/episode/episode.ts';
import type { Area, Rgb } from './canvas.ts';

export const PANEL_WIDTH = 1280;
export const PANEL_HEIGHT = 480;

/** Where one stream is shown, as it is or against its reference. Plain data: a plan crosses to the composing thread. */
export interface PanelTile {
  area: Area;
  /** Index into `PanelPlan.images`. */
  image: number;
  shows: 'picture' | 'difference';
  label: string;
}

export interface PanelBody {
  /** Index into the episode's tracks. */
  track: number;
  name: string;
  color: Rgb;
  side: 'left' | 'right' | null;
}

export interface PanelPlan {
  tiles: PanelTile[];
  /** Stream of each image; null for one that the rig should have and this recording lacks. */
  images: { stream: string | null; kind: 'color' | 'tactile' }[];
  bodies: PanelBody[];
  /** How many bodies there are that have no room. */
  bodiesLeftOut: number;
  /** What recording it is: a few short lines. */
  facts: string[];
  ticks: number;
}

/** Room for poses and facts at the right. */
export const TEXT_AREA: Area = { x: 960, y: 0, width: 320, height: PANEL_HEIGHT };
const MOST_BODIES = 3;
const SIDES = ['left', 'right'] as const;
const POSITIONS = ['left', 'middle', 'right'] as const;
/** As the recorder colours its bodies. */
const BODY_COLORS: Record<string, Rgb> = {
  motherboard: [0, 200, 255],
  sensor_left: [120, 255, 0],
  sensor_right: [255, 180, 0],
};
const OTHER_BODY: Rgb = [200, 200, 200];

/**
 * The rig's panel (left, middle and right camera above; each gel and its change below), whatever of it is missing; for a
 * recording of another kind a grid of its pictures in the same room.
 */
export function planPanel(episode: Episode, ticks: number): PanelPlan {
  const shown = episode.streams.filter(({ kind }) => kind !== 'depth');
  const isRig =
    episode.format === 'react' ||
    (shown.some(({ kind }) => kind === 'tactile') && shown.some(({ kind, position }) => kind === 'color' && position));
  const tracks = episode.tracks.map(({ id, name, side }, track) => {
    return { track, name: isRig ? id : name, side, color: BODY_COLORS[id] ?? OTHER_BODY };
  });
  return {
    ...(isRig ? rigTiles(shown) : gridTiles(shown)),
    bodies: tracks.slice(0, MOST_BODIES),
    bodiesLeftOut: Math.max(0, tracks.length - MOST_BODIES),
    facts: [episode.task, [episode.date, episode.name].filter((part) => part !== '').join('  ')],
    ticks,
  };
}

type Pictures = Pick<PanelPlan, 'tiles' | 'images'>;

function rigTiles(streams: readonly Stream[]): Pictures {
  const images: PanelPlan['images'] = [];
  const tiles: PanelTile[] = [];
  const image = (kind: 'color' | 'tactile', position: Stream['position']): number => {
    const stream = streams.find((each) => each.kind === kind && each.position === position);
    return images.push({ stream: stream?.id ?? null, kind }) - 1;
  };
  for (const [slot, position] of POSITIONS.entries()) {
    const area = { x: slot * 320, y: 0, width: 320, height: 240 };
    tiles.push({ area, image: image('color', position), shows: 'picture', label: `${position} cam` });
  }
  for (const [slot, side] of SIDES.entries()) {
    const gel = image('tactile', side);
    const area = { x: slot * 480, y: 240, width: 240, height: 240 };
    tiles.push({ area, image: gel, shows: 'picture', label: `${side} gel` });
    tiles.push({ area: { ...area, x: area.x + 240 }, image: gel, shows: 'difference', label: `${side} gel change` });
  }
  return { images, tiles };
}

const GRID: Area = { x: 0, y: 0, width: TEXT_AREA.x, height: PANEL_HEIGHT };

function gridTiles(streams: readonly Stream[]): Pictures {
  const rank = ({ position }: Stream) => (position === null ? POSITIONS.length : POSITIONS.indexOf(position));
  const sorted = [...streams].sort(
    (a, b) => Number(a.kind === 'tactile') - Number(b.kind === 'tactile') || rank(a) - rank(b),
  );
  const wanted = sorted.flatMap((stream, image) => {
    const tile = { stream, image, shows: 'picture' as const, label: stream.name };
    if (stream.kind !== 'tactile') return [tile];
    return [tile, { ...tile, shows: 'difference' as const, label: `${stream.name} change` }];
  });
  const cells = gridCells(wanted.length, wanted[0]?.stream);
  return {
    images: sorted.map(({ id, kind }) => ({ stream: id, kind: kind === 'tactile' ? 'tactile' : 'color' })),
    tiles: wanted.map(({ stream, ...tile }, at) => ({ ...tile, area: fitted(stream, cells[at] as Area) })),
  };
}

/** As many equal cells as there are pictures, in the rows that leave the largest pictures of the first one's shape. */
function gridCells(count: number, first: Stream | undefined): Area[] {
  let best = { scale: -1, columns: 1, rows: 1 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cell = { x: 0, y: 0, width: Math.floor(GRID.width / columns), height: Math.floor(GRID.height / rows) };
    const { width } = fitted(first, cell);
    if (width > best.scale) best = { scale: width, columns, rows };
  }
  const width = Math.floor(GRID.width / best.columns);
  const height = Math.floor(GRID.height / best.rows);
  return Array.from({ length: count }, (_, at) => ({
    ...{ x: (at % best.columns) * width, y: Math.floor(at / best.columns) * height },
    ...{ width, height },
  }));
}

/** The largest area of a stream's own shape in the middle of a cell. */
function fitted(stream: Stream | undefined, cell: Area): Area {
  const { width, height } = stream && stream.width > 0 && stream.height > 0 ? stream : { width: 4, height: 3 };
  const scale = Math.min(cell.width / width, cell.height / height);
  const size = { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
  const x = cell.x + Math.floor((cell.width - size.width) / 2);
  const y = cell.y + Math.floor((cell.height - size.height) / 2);
  return { x, y, ...size };
}
