import type { Marks } from '../../../shared/review/marker-faults.ts';
import type { Lane } from '../lanes.ts';
import { rowsOf } from './rows.ts';
import { extentOf, type Segment, segmentsOf } from './segments.ts';

/** A segment with the row of its lane that it stands in, from the top. */
export interface PlacedSegment extends Segment {
  readonly row: number;
  /** Where the next one of its row begins: up to there its words may stand beside it. Null where none follows. */
  readonly until: number | null;
}

export interface SegmentsContent {
  readonly kind: 'segments';
  readonly segments: readonly PlacedSegment[];
  /** A row is so high, with a pixel of air below its segment. */
  readonly rowPx: number;
}

/** More would fill the screen with one lane: what does not fit in shares rows. */
const MOST_ROWS = 8;
/** Above and below all rows. */
export const LANE_PADDING_PX = 2;

const KINDS = [
  { map: 'failures', label: 'Failures', one: 'failure', many: 'failures' },
  { map: 'recoveries', label: 'Recoveries', one: 'recovery', many: 'recoveries' },
  { map: 'taskMarks', label: 'Task', one: 'task mark', many: 'task marks' },
] as const;

/** What the person at this install marked: a lane a kind, left out where there is nothing of it. */
export function ownLanes(marks: Marks, times: Float64Array): Lane[] {
  if (times.length === 0) return [];
  const segments = segmentsOf(marks, times);
  return KINDS.flatMap(({ map, label, one, many }) => {
    const own = segments.filter((segment) => segment.map === map);
    if (own.length === 0) return [];
    const handOffs = own.filter(({ handOff }) => handOff !== null).length;
    const what = [
      counted(own.length, one, many),
      ...(handOffs > 0 ? [counted(handOffs, 'hand-off', 'hand-offs')] : []),
    ];
    return [
      lane(
        `marks:${map}`,
        handOffs > 0 ? `${label}, hand-offs` : label,
        `${what.join(', ')}. Drag an edge, a sign or the whole; Alt lets go of what it snaps to.`,
        own,
      ),
    ];
  });
}

/** What other people marked of the same recording: a lane each, to look at and not to change. */
export function othersLanes(layers: readonly (Marks & { annotator: string })[], times: Float64Array): Lane[] {
  if (times.length === 0) return [];
  return layers.flatMap((layer) => {
    const segments = segmentsOf(layer, times, layer.annotator);
    if (segments.length === 0) return [];
    const counts = KINDS.map(({ map, one, many }) => {
      const count = segments.filter((segment) => segment.map === map).length;
      return count === 0 ? '' : counted(count, one, many);
    });
    const detail = `${counts.filter(Boolean).join(', ')} by ${layer.annotator}: read-only.`;
    return [lane(`marks-of:${layer.annotator}`, `Marks, ${layer.annotator}`, detail, segments)];
  });
}

function lane(id: string, label: string, detail: string, segments: readonly Segment[]): Lane {
  const rows = rowsOf(segments.map(extentOf), MOST_ROWS);
  const untils = nextInRows(segments, rows);
  const count = Math.max(...rows) + 1;
  const rowPx = rowHeight(count);
  return {
    ...{ id, label, detail, side: null },
    heightPx: count * rowPx + 2 * LANE_PADDING_PX,
    content: {
      kind: 'segments',
      segments: segments.map((segment, index) => ({
        ...segment,
        row: rows[index] as number,
        until: untils[index] as number | null,
      })),
      rowPx,
    },
  };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** For each segment where the next one of its row begins, null for the last of a row. */
function nextInRows(segments: readonly Segment[], rows: readonly number[]): (number | null)[] {
  const starts = segments.map((segment) => extentOf(segment)[0]);
  const untils = new Array<number | null>(segments.length).fill(null);
  const following = new Map<number, number>();
  const fromTheEnd = [...starts.keys()].sort((a, b) => (starts[b] as number) - (starts[a] as number));
  for (const index of fromTheEnd) {
    const row = rows[index] as number;
    untils[index] = following.get(row) ?? null;
    following.set(row, starts[index] as number);
  }
  return untils;
}

/** Lower where there are many; never so low that a pointer misses it. */
function rowHeight(rows: number): number {
  if (rows <= 2) return 18;
  return rows <= 4 ? 15 : 13;
}
