import { snapped, type TickRange } from '../../../shared/review/marker-edits.ts';
import type { MarkPart } from '../../marks/move-gestures.ts';
import type { Lane } from '../lanes.ts';
import type { Segment } from './segments.ts';

/** A tick that something dragged holds on to, and what is there. */
export interface SnapTarget {
  readonly tick: number;
  readonly what: string;
}

export interface SnapSources {
  /** Everything on the timeline: findings, notes, what the files mark, this person's own segments. */
  readonly lanes: readonly Lane[];
  /** Where the playhead stood when the drag began: it follows what is dragged. */
  readonly playhead: number;
  readonly selection: TickRange | null;
  readonly lastTick: number;
}

/**
 * Where a part of `dragged` snaps to, never to where it is. Ranges include both their ends, so that one begins a tick after
 * the one before it is over: a start snaps behind another's end, an end before another's start.
 */
export function snapTargets(
  part: MarkPart,
  dragged: Pick<Segment, 'key' | 'first' | 'last' | 'event' | 'handOff'>,
  { lanes, playhead, selection, lastTick }: SnapSources,
): SnapTarget[] {
  const targets: SnapTarget[] = [];
  const instant = (tick: number | null, what: string) => {
    if (tick !== null) targets.push({ tick, what });
  };
  const range = ([first, last]: TickRange, what: string) => {
    instant(part === 'end' ? Math.max(0, first - 1) : first, what);
    instant(part === 'start' ? Math.min(lastTick, last + 1) : last, what);
  };
  if (playhead !== tickOfPart(dragged, part)) instant(playhead, 'the playhead');
  if (selection) range(selection, 'the selection');
  for (const { content, label } of lanes) {
    if (content.kind === 'marks') for (const { ticks } of content.marks) range(ticks, label);
    if (content.kind !== 'segments') continue;
    for (const segment of content.segments) {
      // What somebody else marked is theirs: to be led by it would make two opinions one.
      if (segment.by !== null) continue;
      const what = segment.sign || segment.text;
      const isOther = segment.key !== dragged.key;
      if (isOther) range([segment.first, segment.last], what);
      if (isOther || part === 'handOff') instant(segment.event, `${what}, event`);
      if (isOther || part === 'event') instant(segment.handOff, `${what}, hand-off`);
    }
  }
  return targets;
}

/** Where a part of a segment lies; null where it has none. */
export function tickOfPart(
  { first, last, event, handOff }: Pick<Segment, 'first' | 'last' | 'event' | 'handOff'>,
  part: MarkPart,
): number | null {
  return { start: first, end: last, event, handOff }[part];
}

/** The target nearest to a tick within reach; `what` is null where there is none. */
export function snap(
  tick: number,
  targets: readonly SnapTarget[],
  reachTicks: number,
): { tick: number; what: string | null } {
  const to = snapped(
    tick,
    targets.map((target) => target.tick),
    reachTicks,
  );
  return { tick: to, what: targets.find((target) => target.tick === to)?.what ?? null };
}

/** A whole range put so that whichever of its ends is nearer to a target of its kind reaches it. Answers its first tick. */
export function snapWhole(
  [first, last]: TickRange,
  targets: { readonly start: readonly SnapTarget[]; readonly end: readonly SnapTarget[] },
  reachTicks: number,
): { tick: number; what: string | null } {
  const byStart = snap(first, targets.start, reachTicks);
  const byEnd = snap(last, targets.end, reachTicks);
  const [startAway, endAway] = [Math.abs(byStart.tick - first), Math.abs(byEnd.tick - last)];
  if (byEnd.what !== null && (byStart.what === null || endAway < startAway))
    return { tick: first + byEnd.tick - last, what: byEnd.what };
  return byStart;
}
