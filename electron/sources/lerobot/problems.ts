import type { Problem } from '../../../shared/episode/episode.ts';
import { SourceFault } from '../source.ts';

export function fault(code: string, message: string, stream?: string): Problem {
  return { severity: 'error', code, message, ...(stream === undefined ? {} : { stream }) };
}

export function warning(code: string, message: string, stream?: string): Problem {
  return { severity: 'warning', code, message, ...(stream === undefined ? {} : { stream }) };
}

/** The sentence of what a port refused; anything else is a bug and goes on. */
export function problemOf(error: unknown, stream?: string): Problem {
  if (!(error instanceof SourceFault)) throw error;
  return fault(error.code, error.message, stream);
}

/** "3 frames (the first is 17)". */
export function rowsOf(rows: readonly number[], what = 'frame'): string {
  const [first] = rows;
  return rows.length === 1 ? `${what} ${first}` : `${rows.length} ${what}s (the first is ${first})`;
}

export function counted(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}

/** "a, b, c, d, e and 12 more". */
export function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
