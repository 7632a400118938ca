import type { Marks } from '../../../shared/review/marker-faults.ts';
import { recoveriesOf } from '../../../shared/review/marker-gestures.ts';
import type { Failure, Recovery } from '../../../shared/review/markers.ts';
import { formatTime } from '../../../shared/time/nanoseconds.ts';

/**
 * Something a person marked, as a lane shows it: flat, so that two of them are compared field by field. Ticks are
 * inclusive and within the recording, wherever the mark itself lies.
 */
export interface Segment {
  /** Unique over all layers. */
  readonly key: string;
  readonly map: keyof Marks;
  readonly id: string;
  /** Whose it is; null for the person at this install, the only one who can change it. */
  readonly by: string | null;
  readonly first: number;
  readonly last: number;
  readonly event: number | null;
  readonly handOff: number | null;
  /** "F2", "R2", "R2.2": a failure and its recoveries share the number. Beside the colour, never colour alone. */
  readonly sign: string;
  readonly text: string;
  /** Something that is asked for is not said yet: drawn with a broken border. */
  readonly isOpen: boolean;
  /** Key of the failure that a recovery belongs to. */
  readonly failure: string | null;
  /** For a screen reader: "Failure GRASP_SLIP, 3.20 s to 16.40 s, ticks 96 to 492". */
  readonly name: string;
  /** What its parts are called: "failure GRASP_SLIP". */
  readonly subject: string;
}

const OUTCOME_WORDS: Readonly<Record<NonNullable<Recovery['outcome']>, string>> = {
  recovered: 'recovered',
  partly: 'partly recovered',
  not_recovered: 'not recovered',
};
/** Before the words, where there is room for nothing else. */
const OUTCOME_SIGNS: Readonly<Record<NonNullable<Recovery['outcome']>, string>> = {
  recovered: '✓',
  partly: '~',
  not_recovered: '✗',
};

/** All marks of one layer, failures first, each kind in order of time. `times` are those of the ticks, at least one. */
export function segmentsOf(marks: Marks, times: Float64Array, by: string | null = null): Segment[] {
  const within = (tick: number) => Math.min(tick, times.length - 1);
  const failures = Object.entries(marks.failures).sort(([, a], [, b]) => a.event - b.event);
  const numbers = new Map(failures.map(([id], index) => [id, index + 1]));
  const keyOf = (map: keyof Marks, id: string) => `${by ?? ''}/${map}/${id}`;
  return [
    ...failures.map(([id, failure]) => {
      const subject = `failure ${failure.code ?? 'without a code'}`;
      return made('failures', id, failure.window, subject, {
        event: within(failure.event),
        handOff: failure.handOff === null ? null : within(failure.handOff),
        sign: `F${numbers.get(id)}`,
        text: failure.code ?? 'no code yet',
        isOpen: isOpenFailure(failure),
      });
    }),
    ...Object.entries(marks.recoveries)
      .sort(([, a], [, b]) => a.ticks[0] - b.ticks[0])
      .map(([id, recovery]) => {
        const { failure, outcome } = recovery;
        const of = Object.hasOwn(marks.failures, failure) ? (marks.failures[failure] as Failure) : undefined;
        const subject = of ? `recovery of failure ${of.code ?? 'without a code'}` : 'recovery of no failure';
        const attempt = recoveriesOf(marks, failure).findIndex(([other]) => other === id);
        const number = numbers.get(failure) ?? '?';
        return made('recoveries', id, recovery.ticks, subject, {
          sign: attempt > 0 ? `R${number}.${attempt + 1}` : `R${number}`,
          text: outcome === null ? 'not said how it ended' : `${OUTCOME_SIGNS[outcome]} ${OUTCOME_WORDS[outcome]}`,
          isOpen: outcome === null || recovery.controlMode === null,
          failure: of ? keyOf('failures', failure) : null,
        });
      }),
    ...Object.entries(marks.taskMarks)
      .sort(([, a], [, b]) => a.ticks[0] - b.ticks[0])
      .map(([id, { label, ticks }]) => made('taskMarks', id, ticks, `task mark ${label}`, { sign: '', text: label })),
  ];

  function made(
    map: keyof Marks,
    id: string,
    ticks: readonly [number, number],
    subject: string,
    more: Partial<Segment> & Pick<Segment, 'sign' | 'text'>,
  ): Segment {
    const [first, last] = [within(ticks[0]), within(ticks[1])];
    const time = (tick: number) => formatTime(times[tick] ?? 0);
    const where =
      first === last ? momentText(times, first) : `${time(first)} to ${time(last)}, ticks ${first} to ${last}`;
    const whose = by === null ? '' : `, by ${by}, read-only`;
    return {
      ...{ key: keyOf(map, id), map, id, by, first, last },
      ...{ event: null, handOff: null, isOpen: false, failure: null, subject },
      ...more,
      name: `${capital(subject)}, ${where}${whose}`,
    };
  }
}

function isOpenFailure({ code, severity, resetability }: Failure): boolean {
  return code === null || severity === null || resetability === null;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "3.20 s, tick 96" */
export function momentText(times: Float64Array, tick: number): string {
  return `${formatTime(times[tick] ?? 0)}, tick ${tick}`;
}

/** From where to where it takes room in its row: a hand-off may lie outside of the window. */
export function extentOf({ first, last, handOff }: Segment): readonly [number, number] {
  return [Math.min(first, handOff ?? first), Math.max(last, handOff ?? last)];
}
