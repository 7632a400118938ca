import type { RecordedMark } from '../../../shared/episode/episode.ts';

const MAX_MARKS = 5000;
const BY = 'recorder';

/** Flags of an episode by step; absent where the records have none. */
export interface Flags {
  isFirst?: Float64Array;
  isLast?: Float64Array;
  isTerminal?: Float64Array;
}

/**
 * Terminal steps, first and last steps that stand where none belongs, and, where the instruction changes on the way, a
 * task for each run of steps with the same.
 */
export function marksOf(flags: Flags, instructions: readonly string[], times: Float64Array): RecordedMark[] {
  const marks: RecordedMark[] = [];
  const steps = times.length;
  const add = (kind: RecordedMark['kind'], name: string, from: number, to: number, text: string) => {
    if (marks.length >= MAX_MARKS || from >= steps) return;
    const [startNs, endNs] = [times[from] as number, times[Math.min(to, steps - 1)] as number];
    marks.push({ id: `${name}-${from}`.toLowerCase().replaceAll(' ', '-'), kind, name, by: BY, startNs, endNs, text });
  };
  const each = (flag: Float64Array | undefined, usual: number | null, name: string) => {
    flag?.forEach((value, step) => {
      if (value !== 0 && step !== usual) add('other', name, step, step, '');
    });
  };
  each(flags.isTerminal, null, 'Terminal');
  each(flags.isFirst, 0, 'First step');
  each(flags.isLast, steps - 1, 'Last step');
  if (new Set(instructions).size > 1) {
    for (let from = 0, to = 0; from < instructions.length; from = to) {
      while (to < instructions.length && instructions[to] === instructions[from]) to++;
      const text = instructions[from] as string;
      if (text !== '') add('task', text.slice(0, 80), from, to, text);
    }
  }
  return marks;
}

/** How an episode ends by its flags: whether the last observation is a final state. Null: they do not say. */
export function endOf({ isTerminal }: Flags): 'terminal' | 'cut off' | null {
  if (!isTerminal || isTerminal.length === 0) return null;
  return isTerminal.at(-1) === 0 ? 'cut off' : 'terminal';
}
