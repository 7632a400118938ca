import type { Marks } from '../../shared/review/marker-faults.ts';
import { recoveriesOf } from '../../shared/review/marker-gestures.ts';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import type { MarkMap } from './move-gestures.ts';

/** What keys of marking are about, told by what is marked, what is in hand and where the playhead is. Pure. */
export interface MarkRef {
  readonly map: MarkMap;
  readonly id: string;
}

/** A mark with where it stands among the others. */
export interface ListedMark extends MarkRef {
  /** Of a failure its event, of anything else its start. */
  readonly tick: number;
}

/** All marks in order of time; of those at one tick failures come first and task marks last. */
export function listMarks(marks: Marks): ListedMark[] {
  const failures = Object.entries(marks.failures).map(([id, { event }]) => ({
    map: 'failures' as const,
    id,
    tick: event,
  }));
  const others = (['recoveries', 'taskMarks'] as const).flatMap((map) =>
    Object.entries(marks[map]).map(([id, { ticks }]) => ({ map, id, tick: ticks[0] })),
  );
  return [...failures, ...others].sort((a, b) => a.tick - b.tick);
}

/** The next mark after the one in hand, else after (or before) a tick; undefined at the ends. */
export function neighbourMark(
  listed: readonly ListedMark[],
  inHand: MarkRef | null,
  tick: number,
  by: 1 | -1,
): ListedMark | undefined {
  const at = listed.findIndex(({ map, id }) => map === inHand?.map && id === inHand.id);
  if (at >= 0) return listed[at + by];
  return by > 0 ? listed.find((mark) => mark.tick >= tick) : listed.findLast((mark) => mark.tick <= tick);
}

/**
 * The failure that a hand-off or a recovery at a tick belongs to: the one in hand, that of the recovery in hand, else the
 * last one seen up to there.
 */
export function failureFor(marks: Marks, inHand: MarkRef | null, tick: number): string | undefined {
  if (inHand?.map === 'failures' && Object.hasOwn(marks.failures, inHand.id)) return inHand.id;
  if (inHand?.map === 'recoveries') {
    const of = Object.hasOwn(marks.recoveries, inHand.id) ? marks.recoveries[inHand.id]?.failure : undefined;
    if (of !== undefined && Object.hasOwn(marks.failures, of)) return of;
  }
  const listed = listMarks({ ...marks, recoveries: {}, taskMarks: {} });
  return listed.findLast((mark) => mark.tick <= tick)?.id;
}

export type RecoveryStep =
  | { kind: 'begin'; ticks: readonly [number, number] }
  | { kind: 'end'; id: string; ticks: readonly [number, number] };

/**
 * What the key of recoveries does for a failure: one that was begun and has no length yet ends at the tick (or begins
 * there, where that is earlier); else one begins, over the selection where the tick lies in it and it does not reach before
 * the failure. Null where it would end on the tick it began at.
 */
export function recoveryStep(
  marks: Marks,
  failure: string,
  tick: number,
  selection: readonly [number, number] | null,
): RecoveryStep | null {
  const begun = recoveriesOf(marks, failure).find(([, { ticks }]) => ticks[0] === ticks[1]);
  if (begun) {
    const [id, { ticks }] = begun;
    return tick === ticks[0] ? null : { kind: 'end', id, ticks: [Math.min(ticks[0], tick), Math.max(ticks[0], tick)] };
  }
  const event = marks.failures[failure]?.event ?? 0;
  const isMeant = selection && selection[0] >= event && selection[0] <= tick && tick <= selection[1];
  return { kind: 'begin', ticks: isMeant && selection[0] < selection[1] ? selection : [tick, tick] };
}

/**
 * The tick a person means who presses a key while the recording plays: what was on screen their reaction time ago, at the
 * speed it plays with (backwards: that is later). At rest the one on screen.
 */
export function meantTick(
  times: Float64Array,
  tick: number,
  { playing, speed }: { playing: boolean; speed: number },
  reactionMs: number,
): number {
  if (!playing || reactionMs === 0) return tick;
  const at = (times[tick] ?? 0) - reactionMs * 1e6 * speed;
  return Math.min(times.length - 1, Math.max(0, latestAtOrBefore(times, at)));
}

/** The nearest of the same kind to join a mark with, the later one of two as near: another try at its failure, the same label. */
export function joinable(marks: Marks, { map, id }: MarkRef): string | undefined {
  if (map === 'failures' || !Object.hasOwn(marks[map], id)) return undefined;
  const own = marks[map][id] as { ticks: readonly [number, number] };
  const kind = (key: string) => (map === 'recoveries' ? marks.recoveries[key]?.failure : marks.taskMarks[key]?.label);
  const away = (key: string) => {
    const { ticks } = marks[map][key] as typeof own;
    return Math.max(ticks[0] - own.ticks[1], own.ticks[0] - ticks[1]);
  };
  const startOf = (key: string) => (marks[map][key] as typeof own).ticks[0];
  return Object.keys(marks[map])
    .filter((key) => key !== id && kind(key) === kind(id))
    .sort((a, b) => away(a) - away(b) || startOf(b) - startOf(a))[0];
}
