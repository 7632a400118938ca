/** How the names of a plot's components are set beside it: pure, in CSS pixels. */

export const LEGEND_ROW_PX = 15;
/** Swatch and the gaps between it, the name, the value and the next column. */
const AROUND_NAME_PX = 39;
/** Of a pane's width. */
const MOST_SHARE = 0.64;
/** A narrower plot tells nothing. */
export const LEAST_PLOT_PX = 96;
/** A name is cut before the plot is: at most this long, and never shorter than the last. */
const NAME_LIMITS_PX = [150, 112, 84] as const;

export interface LegendRoom {
  /** Of the pane's body, plot and legend together. */
  widthPx: number;
  /** For rows. */
  heightPx: number;
  /** What each name takes when it is not cut. */
  namesPx: readonly number[];
  /** What the longest value takes. */
  valuePx: number;
}

export interface LegendLayout {
  columns: number;
  rows: number;
  /** Beyond this a name is cut. */
  nameMostPx: number;
}

/**
 * As many columns as the height asks for, where they fit; names are cut shorter before that. Where all of them find no room
 * there are as many whole columns as do, and the rest is scrolled to: no column is ever cut in two.
 */
export function layoutLegend({ widthPx, heightPx, namesPx, valuePx }: LegendRoom): LegendLayout {
  const count = namesPx.length;
  const roomPx = Math.min(widthPx * MOST_SHARE, widthPx - LEAST_PLOT_PX);
  const wanted = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(heightPx / LEGEND_ROW_PX))));
  const widest = Math.max(0, ...namesPx);
  const columnPx = (nameMostPx: number) => Math.min(widest, nameMostPx) + valuePx + AROUND_NAME_PX;
  for (const nameMostPx of NAME_LIMITS_PX) {
    if (wanted * columnPx(nameMostPx) > roomPx) continue;
    return { columns: wanted, rows: Math.ceil(count / wanted), nameMostPx };
  }
  const shortest = NAME_LIMITS_PX[NAME_LIMITS_PX.length - 1] as number;
  const columns = Math.min(wanted, Math.max(1, Math.floor(roomPx / columnPx(shortest))));
  const nameMostPx = NAME_LIMITS_PX.find((limit) => columns * columnPx(limit) <= roomPx) ?? shortest;
  return { columns, rows: Math.ceil(count / columns), nameMostPx };
}

/**
 * The names without what all of them begin or end with, as far as whole words go: "target_left_waist" among others of that
 * arm is "waist", "elbow.pos" is "elbow". Numbers alone say too little: they keep their word.
 */
export function shortNames(names: readonly string[]): string[] {
  if (names.length < 2) return [...names];
  const first = names[0] as string;
  const lead = longest(/[_./ -]/g, first, (end) => names.every((name) => name.startsWith(first.slice(0, end + 1))));
  const from = lead === null ? 0 : lead + 1;
  const tail = [...first.matchAll(/[_./ -]/g)]
    .map(({ index }) => first.slice(index))
    .find((ending) => names.every((name) => name.endsWith(ending) && name.length - ending.length > from));
  const short = names.map((name) => name.slice(from, tail === undefined ? undefined : name.length - tail.length));
  const isTelling = new Set(short).size === new Set(names).size && short.every((name) => /[a-z]/i.test(name));
  return isTelling ? short : [...names];
}

/** The last place of a separator up to which something holds. */
function longest(separator: RegExp, text: string, holds: (index: number) => boolean): number | null {
  let last: number | null = null;
  for (const { index } of text.matchAll(separator)) if (holds(index)) last = index;
  return last;
}
