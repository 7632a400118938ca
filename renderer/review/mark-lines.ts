import { recoveriesOf } from '../../shared/review/marker-gestures.ts';
import type { Layer } from '../../shared/review/review.ts';

/** One mark of a layer to be read: its sign on the timeline, what it is, and what was written of it. */
export interface MarkLine {
  key: string;
  /** "F2", "R2", "R2.2"; "" for a step of the task. */
  sign: string;
  said: string;
  words: string;
  /** Of a failure its event, of anything else its start. */
  tick: number;
  ticks: readonly [number, number];
}

/** Failures in order of time with their recoveries behind each, then recoveries of none, then steps of the task. Pure. */
export function markLines(layer: Pick<Layer, 'failures' | 'recoveries' | 'taskMarks'>): MarkLine[] {
  const failures = Object.entries(layer.failures).sort(([, a], [, b]) => a.event - b.event);
  const lineOf = (sign: string) => (entry: ReturnType<typeof recoveriesOf>[number], index: number) => {
    const [id, { ticks, controlMode, howRecovered, outcome }] = entry;
    const said = [outcome?.replaceAll('_', ' '), controlMode && `by ${controlMode}`].filter(Boolean).join(', ');
    const [tick] = ticks;
    return { key: `r/${id}`, sign: index > 0 ? `${sign}.${index + 1}` : sign, said, words: howRecovered, tick, ticks };
  };
  const lonely = Object.entries(layer.recoveries)
    .filter(([, { failure }]) => !Object.hasOwn(layer.failures, failure))
    .sort(([, a], [, b]) => a.ticks[0] - b.ticks[0]);
  return [
    ...failures.flatMap(([id, failure], index) => [
      {
        key: `f/${id}`,
        sign: `F${index + 1}`,
        said: [failure.code ?? 'no code', failure.severity, failure.resetability?.replaceAll('_', ' ')]
          .filter(Boolean)
          .join(', '),
        words: failure.whatHappened,
        tick: failure.event,
        ticks: failure.window,
      },
      ...recoveriesOf(layer, id).map(lineOf(`R${index + 1}`)),
    ]),
    ...lonely.map(([id, recovery]) => lineOf('R?')([id, recovery], 0)),
    ...Object.entries(layer.taskMarks)
      .sort(([, a], [, b]) => a.ticks[0] - b.ticks[0])
      .map(([id, { label, ticks }]) => ({ key: `t/${id}`, sign: '', said: label, words: '', tick: ticks[0], ticks })),
  ];
}
