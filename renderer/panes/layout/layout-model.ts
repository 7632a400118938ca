import type { Episode, Stream } from '../../../shared/episode/episode.ts';

/** What a pane shows. "picture": as stored (depth colour-mapped); "difference": grey-centred against the tactile reference. */
export type PaneView =
  | { kind: 'image'; stream: string; mode: 'picture' | 'difference' }
  | { kind: 'scene' }
  | { kind: 'plot'; quantity: PlotQuantity }
  /** Groups of series, the second laid over the first; `hidden`: ids of components a person took out. */
  | { kind: 'series'; groups: string[]; hidden: string[] };
export type PlotQuantity = 'position' | 'speed';

export interface PaneSpec {
  id: string;
  /** Percent of its row. */
  width: number;
  view: PaneView;
}

export interface RowSpec {
  id: string;
  /** Percent of the height. */
  height: number;
  panes: PaneSpec[];
}

/** Rows of panes, top to bottom. Saved per dataset; ids are unique within it. */
export interface PaneLayout {
  version: 1;
  /** Nobody chose sizes: they follow the window, so that pictures fill their panes. Any change of a size ends it. */
  isFitted?: true;
  rows: RowSpec[];
}

const SIDES = ['left', 'middle', 'right'] as const;

/** Plots of a format's numbers that a first look shows in one row; the others are in the panes' menus. */
const MOST_IN_ROW = 3;
/** Where there are so many of what the robot did, rewards and flags leave their height to it. */
const ENOUGH_PLOTS = 2;
/** Beside so many cameras a scene still finds room. */
const MOST_BESIDE_SCENE = 2;

/**
 * Cameras left–middle–right on top, tactile raw and difference with the scene below, one row of plots at the bottom; empty
 * rows are left out. Where there is nothing tactile the scene stands beside the cameras, or among the plots where they are
 * many; beside a camera that would stand alone there is the first plot.
 */
export function defaultLayout(episode: Episode): PaneLayout {
  const bySide = (kind: Stream['kind']): Stream[] => {
    const all = episode.streams.filter((stream) => stream.kind === kind);
    const apart = (stream: Stream) => Number(!isOfWholeSet(stream, all));
    return all.sort((a, b) => apart(a) - apart(b) || sideOrder(a) - sideOrder(b) || a.id.localeCompare(b.id));
  };
  const picture = (stream: Stream): PaneView => ({ kind: 'image', stream: stream.id, mode: 'picture' });
  const difference = (stream: Stream): PaneView => ({ kind: 'image', stream: stream.id, mode: 'difference' });

  const color = bySide('color');
  const cameras = (color.length > 0 ? color : bySide('depth')).map(picture);
  const tactile = bySide('tactile').flatMap((stream) =>
    hasDifference(stream) ? [picture(stream), difference(stream)] : [picture(stream)],
  );
  const scene: PaneView[] = episode.tracks.length > 0 ? [{ kind: 'scene' }] : [];
  const plots = defaultPlots(episode);
  const upTo = (most: number, views: PaneView[]) => views.slice(0, most);
  if (tactile.length > 0) {
    return withRows([...chunked(cameras, 4), [...tactile, ...scene], upTo(MOST_IN_ROW, plots)]);
  }
  if (cameras.length > MOST_BESIDE_SCENE) {
    return withRows([...chunked(cameras, 4), upTo(MOST_IN_ROW, [...scene, ...plots])]);
  }
  const top = [...cameras, ...scene];
  const [first, ...others] = plots;
  if (top.length === 1 && first) return withRows([[...top, first], upTo(MOST_IN_ROW, others)]);
  return withRows([top, upTo(MOST_IN_ROW, plots)]);
}

/**
 * What the robot did before the rest; what the scene shows as poses is left to it where there is other. Of what it did, the
 * most telling comes first: all joints, the timing of its loop, its grippers, what it was told to do.
 */
function defaultPlots(episode: Episode): PaneView[] {
  if (episode.series.length === 0) {
    return episode.tracks.length === 0
      ? []
      : [
          { kind: 'plot', quantity: 'position' },
          { kind: 'plot', quantity: 'speed' },
        ];
  }
  const groups = new Map<string, number>();
  const widths = new Map<string, number>();
  const units = new Map<string, string>();
  for (const { group, role, components, unit } of episode.series) {
    units.set(group, unit);
    const rank = ROLES.indexOf(role) + (isPose(components) || isCounter(group) ? ROLES.length : 0);
    groups.set(group, Math.min(rank, groups.get(group) ?? rank));
    widths.set(group, (widths.get(group) ?? 0) + components.length);
  }
  // Of what is alike the one with the most to tell: where joints are before how they move, arms before grippers.
  const width = (group: string) => widths.get(group) ?? 0;
  const derived = (group: string) => Number(isDerived(group));
  const inOrder = [...groups].sort(
    ([a, rankOfA], [b, rankOfB]) => rankOfA - rankOfB || derived(a) - derived(b) || width(b) - width(a),
  );
  const ofRole = (role: (typeof ROLES)[number], isMeant = (_group: string) => true) =>
    inOrder.find(([group, rank]) => rank === ROLES.indexOf(role) && isMeant(group));
  const telling = inOrder.filter(([, rank]) => rank < ROLES.indexOf('other'));
  const [joints] = ofRole('state') ?? [''];
  // The other arm of two that were written apart.
  const isOtherArm = (group: string) =>
    group !== joints &&
    width(group) === width(joints) &&
    units.get(group) === units.get(joints) &&
    !isGripper(group) &&
    !isDerived(group);
  const first = [
    ofRole('state'),
    ofRole('state', isOtherArm),
    ofRole('timing'),
    ofRole('state', isGripper),
    ofRole('action'),
  ];
  const all = telling.length >= ENOUGH_PLOTS ? telling : inOrder;
  const chosen = new Set([...first.filter((group) => group !== undefined), ...all].map(([group]) => group));
  return [...chosen].map((group) => ({ kind: 'series', groups: [group], hidden: [] }));
}

const ROLES = ['state', 'action', 'timing', 'other'] as const;

function isPose(components: readonly string[]): boolean {
  const letters = components.map((name) => name.replace(/^q(?=[wxyz]$)/, '')).sort();
  return ['xyz', 'wxyz', 'wxxyyzz'].includes(letters.join(''));
}

/** How something moves, and with what force: telling only beside where it is. */
function isDerived(group: string): boolean {
  return /velocit|effort|torque|force|current/i.test(group);
}

/** How far a hand is open tells of a grasp what no joint does; how fast that changes does not. */
function isGripper(group: string): boolean {
  return /grip|finger|\bhand/i.test(group) && !isDerived(group);
}

/** Numbers that only count the samples. */
function isCounter(group: string): boolean {
  return /^(step|frame|index|timestamp)s?( index)?$/i.test(group);
}

/** Whether anything of a layout is there to be seen: it may have been made for recordings of another kind. */
export function suits(layout: PaneLayout, episode: Episode): boolean {
  return panesOf(layout).some(({ view }) => {
    if (view.kind === 'image') return episode.streams.some(({ id }) => id === view.stream);
    if (view.kind === 'series') return view.groups.some((group) => episode.series.some((each) => each.group === group));
    return episode.tracks.length > 0;
  });
}

/** Differences are taken of stored pixels: of what the window decodes itself there are none. */
export function hasDifference({ kind, encoding }: Stream): boolean {
  return kind === 'tactile' && encoding !== 'video';
}

/** The layout saved by a person, or undefined when it is none this version understands. */
export function parseLayout(saved: unknown): PaneLayout | undefined {
  if (!isRecord(saved) || saved.version !== 1 || !Array.isArray(saved.rows)) return undefined;
  const rows: RowSpec[] = [];
  const ids = new Set<string>();
  for (const row of saved.rows) {
    if (!isRecord(row) || !isName(row.id, ids) || !isPercent(row.height) || !Array.isArray(row.panes)) return undefined;
    const panes: PaneSpec[] = [];
    for (const pane of row.panes) {
      if (!isRecord(pane) || !isName(pane.id, ids) || !isPercent(pane.width)) return undefined;
      const view = parseView(pane.view);
      if (!view) return undefined;
      panes.push({ id: pane.id, width: pane.width, view });
    }
    if (panes.length === 0) return undefined;
    rows.push({ id: row.id, height: row.height, panes });
  }
  if (rows.length === 0) return undefined;
  return saved.isFitted === true ? { version: 1, isFitted: true, rows } : { version: 1, rows };
}

export function panesOf(layout: PaneLayout): PaneSpec[] {
  return layout.rows.flatMap((row) => row.panes);
}

export function changeView(layout: PaneLayout, pane: string, view: PaneView): PaneLayout {
  return mapPanes(layout, (candidate) => (candidate.id === pane ? { ...candidate, view } : candidate));
}

/** The pane is gone and its row shares the space; a row without panes goes too. The last pane stays. */
export function closePane(layout: PaneLayout, pane: string): PaneLayout {
  if (panesOf(layout).length <= 1) return layout;
  const rows = layout.rows
    .map((row) => ({ ...row, panes: shareOut(row.panes.filter(({ id }) => id !== pane)) }))
    .filter((row) => row.panes.length > 0);
  return { ...layout, rows: rows.length === layout.rows.length ? rows : shareHeights(rows) };
}

/** A new pane to the right of another, taking half of its width. */
export function addPane(layout: PaneLayout, beside: string, view: PaneView): PaneLayout {
  const id = freeId(layout, 'pane');
  return {
    ...layout,
    rows: layout.rows.map((row) => ({
      ...row,
      panes: row.panes.flatMap((pane) =>
        pane.id === beside
          ? [
              { ...pane, width: pane.width / 2 },
              { id, width: pane.width / 2, view },
            ]
          : [pane],
      ),
    })),
  };
}

/** A new row with one pane below all others. */
export function addRow(layout: PaneLayout, view: PaneView): PaneLayout {
  const height = 100 / (layout.rows.length + 1);
  const id = freeId(layout, 'row');
  const rest = layout.rows.map((row) => ({ ...row, height: (row.height * (100 - height)) / 100 }));
  return { ...layout, rows: [...rest, { id, height, panes: [{ id: freeId(layout, 'pane'), width: 100, view }] }] };
}

export function resizeRows(layout: PaneLayout, heights: Readonly<Record<string, number>>): PaneLayout {
  return { version: 1, rows: layout.rows.map((row) => ({ ...row, height: heights[row.id] ?? row.height })) };
}

export function resizePanes(layout: PaneLayout, widths: Readonly<Record<string, number>>): PaneLayout {
  const { rows } = mapPanes(layout, (pane) => ({ ...pane, width: widths[pane.id] ?? pane.width }));
  return { version: 1, rows };
}

function withRows(rows: PaneView[][]): PaneLayout {
  const filled = rows.filter((row) => row.length > 0);
  // A recording of a clock alone still needs a place for what a person may want to see of it.
  const views: PaneView[][] = filled.length > 0 ? filled : [[{ kind: 'scene' }]];
  let count = 0;
  // Pictures get more of the height than plots: they are what a person looks for faults in.
  const weights = views.map((row) => (row[0]?.kind === 'image' ? 36 : 28));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    version: 1,
    isFitted: true,
    rows: views.map((row, index) => ({
      id: `row-${index + 1}`,
      height: ((weights[index] ?? 0) / total) * 100,
      panes: row.map((view) => {
        count += 1;
        return { id: `pane-${count}`, width: 100 / row.length, view };
      }),
    })),
  };
}

function mapPanes(layout: PaneLayout, change: (pane: PaneSpec) => PaneSpec): PaneLayout {
  return { ...layout, rows: layout.rows.map((row) => ({ ...row, panes: row.panes.map(change) })) };
}

function shareOut(panes: PaneSpec[]): PaneSpec[] {
  const total = panes.reduce((sum, { width }) => sum + width, 0);
  return panes.map((pane) => ({ ...pane, width: (pane.width / total) * 100 }));
}

function shareHeights(rows: RowSpec[]): RowSpec[] {
  const total = rows.reduce((sum, { height }) => sum + height, 0);
  return rows.map((row) => ({ ...row, height: (row.height / total) * 100 }));
}

function freeId(layout: PaneLayout, kind: 'pane' | 'row'): string {
  const taken = new Set([...layout.rows.map(({ id }) => id), ...panesOf(layout).map(({ id }) => id)]);
  for (let number = 1; ; number += 1) if (!taken.has(`${kind}-${number}`)) return `${kind}-${number}`;
}

/** Rows of at most so many and of about one length: none stands alone below others. */
function chunked<T>(items: T[], most: number): T[][] {
  const rows = Math.ceil(items.length / most);
  const size = Math.ceil(items.length / rows);
  return Array.from({ length: rows }, (_, row) => items.slice(row * size, (row + 1) * size));
}

/** Its group of the file looks from the left, the middle and the right: what else looks on (at a wrist) stands after it. */
function isOfWholeSet({ id }: Stream, streams: readonly Stream[]): boolean {
  const group = id.slice(0, id.indexOf('/') + 1);
  return SIDES.every((side) => streams.some((other) => other.id.startsWith(group) && other.position === side));
}

function sideOrder(stream: Stream): number {
  return stream.position === null ? SIDES.length : SIDES.indexOf(stream.position);
}

function parseView(view: unknown): PaneView | undefined {
  if (!isRecord(view)) return undefined;
  if (view.kind === 'scene') return { kind: 'scene' };
  if (view.kind === 'plot') {
    return view.quantity === 'position' || view.quantity === 'speed'
      ? { kind: 'plot', quantity: view.quantity }
      : undefined;
  }
  if (view.kind === 'series') {
    return isNames(view.groups) && view.groups.length > 0 && isNames(view.hidden)
      ? { kind: 'series', groups: view.groups, hidden: view.hidden }
      : undefined;
  }
  if (view.kind !== 'image' || typeof view.stream !== 'string') return undefined;
  return view.mode === 'picture' || view.mode === 'difference'
    ? { kind: 'image', stream: view.stream, mode: view.mode }
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isName(value: unknown, taken: Set<string>): value is string {
  if (typeof value !== 'string' || value === '' || taken.has(value)) return false;
  taken.add(value);
  return true;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isPercent(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= 100;
}
