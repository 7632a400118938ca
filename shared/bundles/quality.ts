import { queueOf } from '../review/queue.ts';
import { type Candidate, exclusionOf } from './candidate.ts';
import type { Plan } from './plan.ts';
import type { Recipe } from './recipe.ts';

/** What stands behind a bundle: what was looked at, what was decided and what was not. Counts of events, but for recordings. */
export interface Quality {
  readonly recordings: number;
  /** No detector has looked at them. */
  readonly unlooked: number;
  /** Nobody said anything of them. */
  readonly unlabelled: number;
  readonly kept: number;
  /** By class, alphabetically, and why they are in no unit. */
  readonly cut: readonly { readonly class: string; readonly events: number; readonly ticks: number }[];
  readonly leftOutByClass: number;
  readonly undecidedLeftOut: number;
  /** Nobody decided on them and the recipe takes them all the same. */
  readonly undecidedTaken: number;
  /** What is not exported, by reason. */
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[];
}

/** Over the recordings that something is exported of; what is left out is counted over all of them. */
export function qualityOf(candidates: readonly Candidate[], recipe: Recipe, plan: Plan): Quality {
  const taken = new Set(plan.units.map(({ episode }) => episode));
  const labelled = new Set(plan.units.flatMap(({ episode, annotator }) => (annotator === null ? [] : [episode])));
  const used = candidates.filter(({ episode }) => taken.has(episode));
  const cut = new Map<string, { events: number; ticks: number }>();
  const counts = { kept: 0, leftOutByClass: 0, undecidedLeftOut: 0, undecidedTaken: 0 };
  for (const { findings, review } of used) {
    for (const event of queueOf(findings ?? [], review).events) {
      const why = exclusionOf(event, recipe.exclude);
      if (why === 'cut') {
        const of = cut.get(event.class) ?? { events: 0, ticks: 0 };
        const ticks = of.ticks + event.ticks[1] - event.ticks[0] + 1;
        cut.set(event.class, { events: of.events + 1, ticks });
      } else if (why === 'class') counts.leftOutByClass++;
      else if (why === 'undecided-excluded') counts.undecidedLeftOut++;
      else if (event.decision === null) counts.undecidedTaken++;
      else counts.kept++;
    }
  }
  const reasons = new Map<string, number>();
  for (const { reason } of plan.leftOut) {
    // The same reason at other moments is one.
    const plain = reason.replace(/ at tick \d+/, '').replace(/ at ticks \d+ to \d+/, '');
    reasons.set(plain, (reasons.get(plain) ?? 0) + 1);
  }
  return {
    ...{ recordings: used.length, unlooked: used.filter(({ findings }) => findings === null).length },
    ...{ unlabelled: used.filter(({ episode }) => !labelled.has(episode)).length, ...counts },
    cut: [...cut].sort(byName).map(([name, of]) => ({ class: name, ...of })),
    leftOut: [...reasons].sort(byName).map(([reason, count]) => ({ reason, count })),
  };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
