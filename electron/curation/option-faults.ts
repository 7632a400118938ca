import type { z } from 'zod';
import { Fault } from '../fault.ts';
import type { Stage } from './stage.ts';

/**
 * What is wrong with a stage's options, by the names that people type: "--min-s -1 is too small: give a number of 0 or
 * more". The first of several; the others are told by the next try.
 */
export function optionFault(
  stage: Pick<Stage, 'id' | 'flags'>,
  given: Record<string, unknown>,
  issues: readonly z.core.$ZodIssue[],
): Fault {
  const issue = issues[0] as z.core.$ZodIssue;
  const key = issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue.path[0] ?? '');
  const flag = stage.flags.map(([usage]) => usage.split(/[ ,]/)[0] as string).find((each) => keyOf(each) === key);
  // Below a file's own key the place in that file is named too.
  const place = [flag ?? key, ...issue.path.slice(1)].join(' ');
  const value = issue.path.reduce<unknown>(
    (of, part) => (of as Record<PropertyKey, unknown> | undefined)?.[part],
    given,
  );
  const said = typeof value === 'string' || typeof value === 'number' ? ` ${value}` : '';
  return new Fault('REFUSED', `regrasp ${stage.id}: ${place}${said} cannot be used: ${remedyOf(issue)}.`);
}

/** As commander names the value of "--min-s" and "--no-projection". */
function keyOf(flag: string): string {
  return flag.replace(/^--(no-)?/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What to give instead, as the end of a sentence. */
export function remedyOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `give a number ${issue.inclusive ? `of ${issue.minimum} or more` : `above ${issue.minimum}`}`;
    case 'too_big':
      return `give a number ${issue.inclusive ? `of ${issue.maximum} or less` : `below ${issue.maximum}`}`;
    case 'invalid_type':
      return issue.expected === 'int' ? 'give a whole number' : `give a ${issue.expected}`;
    case 'invalid_value':
      return `give ${listed(issue.values.map(String))}`;
    case 'unrecognized_keys':
      return 'this stage has no such option';
    default:
      return issue.message.replace(/\.$/, '');
  }
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
