import { moveEdge, moveRange } from '../../shared/review/marker-edits.ts';
import type { Marks } from '../../shared/review/marker-faults.ts';
import {
  moveEvent,
  moveFailure,
  moveHandOff,
  moveRecovery,
  moveTaskMark,
  moveWindow,
} from '../../shared/review/marker-gestures.ts';
import type { Gesture } from '../review/gestures.ts';

export type MarkMap = keyof Marks;
/** What of a mark can be moved: a failure has all of them, recoveries and task marks their ends. */
export type MarkPart = 'event' | 'start' | 'end' | 'handOff';

/** The tick a part of a mark lies at; null where the mark is not there or has no such part. */
export function tickOf(marks: Marks, map: MarkMap, id: string, part: MarkPart): number | null {
  if (!Object.hasOwn(marks[map], id)) return null;
  if (map === 'failures') {
    const failure = marks.failures[id] as Marks['failures'][string];
    if (part === 'event' || part === 'handOff') return failure[part];
    return failure.window[part === 'start' ? 0 : 1];
  }
  const mark = marks[map][id] as { ticks: readonly [number, number] };
  return part === 'start' ? mark.ticks[0] : part === 'end' ? mark.ticks[1] : null;
}

/** The range a mark covers: a failure's window; null where it is not there. */
export function rangeOf(marks: Marks, map: MarkMap, id: string): readonly [number, number] | null {
  if (!Object.hasOwn(marks[map], id)) return null;
  return map === 'failures'
    ? (marks.failures[id] as Marks['failures'][string]).window
    : (marks[map][id] as { ticks: [number, number] }).ticks;
}

/**
 * The step that puts a part of a mark at a tick, "whole" the mark so that it begins there; ends are held by each other and
 * by a recording of so many ticks. Null where there is no such part, or it lies there already.
 */
export function moveGesture(
  marks: Marks,
  map: MarkMap,
  id: string,
  part: MarkPart | 'whole',
  to: number,
  ticks: number,
): Gesture | null {
  const range = rangeOf(marks, map, id);
  if (!range) return null;
  const tick = Math.min(Math.max(to, 0), ticks - 1);
  const before = part === 'whole' ? range[0] : tickOf(marks, map, id, part);
  if (before === null) return null;
  const isEdge = part === 'start' || part === 'end';
  const next = isEdge ? moveEdge(range, part, tick, ticks) : part === 'whole' ? moveRange(range, tick, ticks) : range;
  const reached = part === 'end' ? next[1] : part === 'event' || part === 'handOff' ? tick : next[0];
  if (reached === before) return null;
  if (map === 'recoveries') return moveRecovery(marks, id, next, isEdge ? part : 'both');
  if (map === 'taskMarks') return moveTaskMark(marks, id, next, isEdge ? part : 'both');
  if (part === 'event') return moveEvent(marks, id, tick);
  if (part === 'handOff') return moveHandOff(marks, id, tick);
  return isEdge ? moveWindow(marks, id, next, part) : moveFailure(marks, id, tick, ticks);
}
