import { moveEdge } from './marker-edits.ts';
import type { Marks } from './marker-faults.ts';
import {
  deleteFailure,
  deleteRecovery,
  describeFailure,
  describeRecovery,
  joinRecoveries,
  type MarkerGesture,
  markFailure,
  markHandOff,
  markRecovery,
  moveEvent,
  moveRecovery,
  moveWindow,
  setTaskMark,
  splitFailureAt,
  splitRecoveryAt,
} from './marker-gestures.ts';
import { DEFAULT_WINDOW } from './markers.ts';

/** Ticks of the recording that is marked here, thirty a second. */
export const TICKS = 300;
export const TIMES = Float64Array.from({ length: TICKS }, (_, tick) => tick * 33_333_333);

/** A gesture told by a few numbers: whichever they are, something can be made of them. */
export interface Move {
  kind: number;
  pick: number;
  other: number;
  tick: number;
}
export const MOST: Move = { kind: 12, pick: 9, other: 9, tick: TICKS - 1 };

/** What a person could do next with what is marked; null where it cannot be done. `id` is for what is new. */
export function gestureFor(marks: Marks, { kind, pick, other, tick }: Move, id: string): MarkerGesture | null {
  const failures = Object.keys(marks.failures);
  const recoveries = Object.keys(marks.recoveries);
  const failure = failures[pick % Math.max(1, failures.length)];
  const recovery = recoveries[pick % Math.max(1, recoveries.length)];
  const range = recovery ? (marks.recoveries[recovery]?.ticks ?? [0, 0]) : [0, 0];
  if (kind === 0 || failure === undefined) return markFailure(`f${id}`, tick, TIMES, DEFAULT_WINDOW);
  if (kind === 1) return moveEvent(marks, failure, tick);
  if (kind === 2) {
    const edge = pick % 2 === 0 ? 'start' : 'end';
    return moveWindow(marks, failure, moveEdge(marks.failures[failure]?.window ?? [0, 0], edge, tick, TICKS), edge);
  }
  if (kind === 3) return markHandOff(marks, failure, pick === 0 ? null : tick);
  if (kind === 4) return describeFailure(marks, failure, 'code', pick === 0 ? null : 'GRASP_SLIP');
  if (kind === 5) return deleteFailure(marks, failure);
  if (kind === 12) return splitFailureAt(marks, failure, tick, `s${id}`);
  if (kind === 6 || recovery === undefined) {
    return markRecovery(marks, `r${id}`, other === 0 ? 'nobody' : failure, [tick, Math.min(TICKS - 1, tick + 20)]);
  }
  if (kind === 7) return moveRecovery(marks, recovery, moveEdge(range as [number, number], 'end', tick, TICKS), 'end');
  if (kind === 8) return describeRecovery(marks, recovery, 'failure', other === 0 ? 'nobody' : failure);
  if (kind === 9) return splitRecoveryAt(marks, recovery, tick, `r${id}`);
  if (kind === 10) return joinRecoveries(marks, recovery, recoveries[other % recoveries.length] as string);
  return pick % 2 === 0 ? deleteRecovery(recovery) : setTaskMark('t', { label: 'lift', ticks: [tick, tick] });
}
