import type { Layer } from './review.ts';

/** Something that a review with this outcome is asked for and does not say yet, and where it is said. */
export interface StillAsked {
  where: 'reason' | 'description' | 'failure';
  /** Id of the failure that lacks it; null where it is not about one. */
  failure: string | null;
  /** As part of a sentence: "why it is not scored". */
  what: string;
}

type Said = Pick<Layer, 'outcome' | 'description' | 'failures'>;

/**
 * What the outcome asks for, by the rules that Oopsie calls an annotation complete by: a suboptimal success a
 * description, a side effect and a failure also a marked failure with its code and severity. Nothing where there is no
 * outcome: the first thing to say is that.
 */
export function stillAsked({ outcome, description, failures }: Said): StillAsked[] {
  const asked: StillAsked[] = [];
  if (outcome === null || outcome.value === 'success') return asked;
  const say = (where: StillAsked['where'], what: string, failure: string | null = null) =>
    asked.push({ where, what, failure });
  if (outcome.value === 'not_scored') {
    if (!outcome.reason?.trim()) say('reason', 'why it is not scored');
    return asked;
  }
  if (!description?.text.trim()) say('description', 'what happened, in words');
  if (outcome.value === 'success_suboptimal') return asked;
  const marked = Object.entries(failures).sort(([, a], [, b]) => a.event - b.event);
  if (marked.length === 0) say('failure', outcome.value === 'failure' ? 'where it fails' : 'where the side effect is');
  for (const [index, [id, { code, severity }]] of marked.entries()) {
    const which = marked.length > 1 ? ` of failure ${index + 1}` : ' of the failure';
    if (code === null) say('failure', `the code${which}`, id);
    if (severity === null) say('failure', `the severity${which}`, id);
  }
  return asked;
}
