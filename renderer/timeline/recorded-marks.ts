import type { RecordedMark } from '../../shared/episode/episode.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import type { Lane, Mark } from './lanes.ts';

const LANE_PX = 16;

/** A kind of mark by word, shape and tone: colour is never the only sign. */
export const MARK_KINDS: Readonly<Record<RecordedMark['kind'], { word: string; tone: Mark['tone'] }>> = {
  task: { word: 'Task', tone: 'accent' },
  failure: { word: 'Failure', tone: 'bad' },
  recovery: { word: 'Recovery', tone: 'good' },
  handoff: { word: 'Hand-off', tone: 'accent' },
  sync: { word: 'Sync', tone: 'muted' },
  overrun: { word: 'Overrun', tone: 'warning' },
  other: { word: 'Mark', tone: 'muted' },
};

/** What the files themselves mark, a lane an author in the order they come. Nothing for a recording without. */
export function recordedLanes(marks: readonly RecordedMark[], tickOf: (ns: number) => number): Lane[] {
  const authors = [...new Set(marks.map(({ by }) => by))];
  return authors.map((by) => {
    const own = marks.filter((mark) => mark.by === by).sort((a, b) => a.startNs - b.startNs);
    const counts = new Map<string, number>();
    for (const { kind } of own) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const kinds = [...counts].map(([kind, count]) => `${count} × ${MARK_KINDS[kind as RecordedMark['kind']].word}`);
    return {
      id: `recorded:${by}`,
      label: authors.length === 1 ? `Marks, ${by}` : by,
      detail: `Marked in the files by ${by}: ${kinds.join(', ')}. They are shown as recorded and never changed here.`,
      side: null,
      heightPx: LANE_PX,
      content: {
        kind: 'marks' as const,
        marks: own.map((mark) => ({
          ticks: [tickOf(mark.startNs), tickOf(Math.max(mark.startNs, mark.endNs))] as const,
          text: describeMark(mark),
          shape: mark.kind,
          tone: MARK_KINDS[mark.kind].tone,
          label: mark.name || MARK_KINDS[mark.kind].word,
        })),
      },
    };
  });
}

/** "Failure: dropped, 1.20 s. The block slipped." Name and text only where they add something. */
export function describeMark({ kind, name, text, startNs, endNs }: RecordedMark): string {
  const { word } = MARK_KINDS[kind];
  const named = name !== '' && name.toLowerCase() !== word.toLowerCase() ? `${word}: ${name}` : word;
  const length = endNs > startNs ? `, ${formatTime(endNs - startNs)}` : '';
  return `${named}${length}${text !== '' && text !== name ? `. ${text}` : ''}`;
}
