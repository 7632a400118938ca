import type { PaneLayout, PaneSpec, PaneView, RowSpec } from './layout-model.ts';

/** What is around a picture, CSS pixels. */
export const PANE_HEADER_PX = 22;
export const PANE_GAP_PX = 4;

export interface Area {
  widthPx: number;
  heightPx: number;
}

/** Width by height of the picture a view shows; undefined for what takes any shape. */
export type AspectOf = (view: PaneView) => number | undefined;

/** Cameras are what a person looks for faults in; a plot reads well at little height. */
const WEIGHTS = { cameras: 54, mixed: 28, joints: 26, other: 18 } as const;
/** The least a view of any shape gets of a row it shares with pictures. */
const LEAST_FREE_SHARE = 0.2;

/**
 * The same panes in sizes that let pictures fill them in an area: a row of pictures is never taller than its pictures
 * can use while another row can use it, and a scene beside pictures gets the width they leave.
 */
export function fitLayout(layout: PaneLayout, area: Area, aspectOf: AspectOf): PaneLayout {
  const heightPx = area.heightPx - (layout.rows.length - 1) * PANE_GAP_PX;
  if (heightPx <= 0 || area.widthPx <= 0) return layout;
  const shares = shareHeight(
    layout.rows.map((row) => ({ weight: weightOf(row, aspectOf), mostPx: tallest(row, area.widthPx, aspectOf) })),
    heightPx,
  );
  return {
    ...layout,
    rows: layout.rows.map((row, index) => {
      const rowPx = shares[index] ?? 0;
      return {
        ...row,
        height: (rowPx / heightPx) * 100,
        panes: fitRow(row.panes, { widthPx: area.widthPx, heightPx: rowPx }, aspectOf),
      };
    }),
  };
}

function fitRow(panes: PaneSpec[], { widthPx, heightPx }: Area, aspectOf: AspectOf): PaneSpec[] {
  const free = panes.filter(({ view }) => aspectOf(view) === undefined);
  if (free.length === 0 || free.length === panes.length) {
    return panes.map((pane) => ({ ...pane, width: 100 / panes.length }));
  }
  const roomPx = widthPx - (panes.length - 1) * PANE_GAP_PX;
  const wanted = panes.map(({ view }) => (aspectOf(view) ?? 0) * Math.max(0, heightPx - PANE_HEADER_PX));
  const total = wanted.reduce((sum, px) => sum + px, 0);
  const scale = Math.min(1, (roomPx * (1 - LEAST_FREE_SHARE)) / total);
  const leftPx = (roomPx - total * scale) / free.length;
  return panes.map((pane, index) => {
    const px = aspectOf(pane.view) === undefined ? leftPx : (wanted[index] ?? 0) * scale;
    return { ...pane, width: (px / roomPx) * 100 };
  });
}

function weightOf({ panes }: RowSpec, aspectOf: AspectOf): number {
  // Many components want their names and values beside them.
  const isFree = panes.every(({ view }) => aspectOf(view) === undefined);
  if (isFree && panes.some(({ view }) => view.kind === 'series')) return WEIGHTS.joints;
  if (isFree) return WEIGHTS.other;
  const isCameras = panes.every(({ view }) => view.kind !== 'image' || view.mode === 'picture');
  return isCameras ? WEIGHTS.cameras : WEIGHTS.mixed;
}

/** Height beyond which a row's pictures would not grow any more. */
function tallest({ panes }: RowSpec, widthPx: number, aspectOf: AspectOf): number {
  const aspects = panes.flatMap(({ view }) => aspectOf(view) ?? []);
  if (aspects.length === 0) return Number.POSITIVE_INFINITY;
  const isShared = aspects.length < panes.length;
  const roomPx = (widthPx - (panes.length - 1) * PANE_GAP_PX) * (isShared ? 1 - LEAST_FREE_SHARE : 1);
  const equal = roomPx / aspects.length;
  const picturePx = isShared
    ? roomPx / aspects.reduce((sum, aspect) => sum + aspect, 0)
    : Math.max(...aspects.map((aspect) => equal / aspect));
  return picturePx + PANE_HEADER_PX;
}

/** By weight; what a row cannot use goes to the others; where no row can use more, all grow. */
function shareHeight(rows: readonly { weight: number; mostPx: number }[], heightPx: number): number[] {
  const shares = rows.map(() => 0);
  let open = rows.map((_, index) => index);
  let leftPx = heightPx;
  while (open.length > 0) {
    const weight = open.reduce((sum, index) => sum + (rows[index]?.weight ?? 0), 0);
    const isFull = (index: number) => (rows[index]?.mostPx ?? 0) < (leftPx * (rows[index]?.weight ?? 0)) / weight;
    const full = open.filter(isFull);
    if (full.length === 0 || full.length === open.length) {
      for (const index of open) shares[index] = (leftPx * (rows[index]?.weight ?? 0)) / weight;
      break;
    }
    for (const index of full) {
      shares[index] = rows[index]?.mostPx ?? 0;
      leftPx -= shares[index] ?? 0;
    }
    open = open.filter((index) => !full.includes(index));
  }
  return shares;
}
