import type { QueueEvent } from '../review/queue.ts';
import type { Layer } from '../review/review.ts';
import { coveredTicks } from '../time/ranges.ts';
import { type Candidate, saysAnything } from './candidate.ts';
import type { RecipeFilter } from './recipe.ts';

/**
 * Why a recording is not among those a recipe asks for: the first condition that does not hold, in words that follow
 * "left out:"; null where all do.
 */
export function notChosen(
  candidate: Candidate,
  labels: Layer | null,
  events: readonly QueueEvent[],
  filter: RecipeFilter,
): string | null {
  const { path, task, date, times, seen } = candidate;
  if (filter.paths && !filter.paths.includes(path)) return 'it is not among those that are named';
  if (filter.tasks && !filter.tasks.includes(task)) return `its task is ${task || 'not known'}`;
  if (filter.dateFrom !== undefined && date < filter.dateFrom) return `it was recorded before ${filter.dateFrom}`;
  if (filter.dateTo !== undefined && date > filter.dateTo) return `it was recorded after ${filter.dateTo}`;
  const outcome = labels?.outcome?.value ?? 'none';
  if (filter.outcomes && !filter.outcomes.includes(outcome))
    return outcome === 'none' ? 'nobody said how it went' : `its outcome is ${outcome}`;
  const codes = Object.values(labels?.failures ?? {}).flatMap(({ code }) => (code === null ? [] : [code]));
  if (filter.codes && !filter.codes.some((code) => codes.includes(code)))
    return codes.length === 0 ? 'no failure with a code is marked in it' : `its failures are ${codes.join(', ')}`;
  const verdicts = filter.verdicts;
  if (verdicts && !events.some(({ decision }) => verdicts.some((verdict) => verdict === decision?.verdict.value)))
    return `no finding of it was given the verdict ${verdicts.join(' or ')}`;
  for (const [key, wanted] of Object.entries(filter.properties ?? {})) {
    const value = propertyOf(candidate, labels, key);
    if (value === undefined) return `its ${key} is not known`;
    if (!wanted.includes(value)) return `its ${key} is ${value}`;
  }
  const layers = [candidate.review.own, ...candidate.review.others];
  if (filter.reviewStatus === 'reviewed' && !layers.some(saysAnything)) return 'it is not reviewed';
  if (filter.reviewStatus === 'submitted' && !labels?.submission) return 'its review is not submitted';
  const looked = (labels && seen.get(labels.annotator)) ?? [];
  const share = times.length === 0 ? 0 : coveredTicks([0, times.length - 1], looked) / times.length;
  if (filter.seenShareAtLeast !== undefined && share < filter.seenShareAtLeast)
    return `${Math.floor(share * 100)} % of it was seen by who said how it went`;
  return null;
}

/** What people said stands above what the files say. */
export function propertyOf(
  { properties }: Pick<Candidate, 'properties'>,
  labels: Layer | null,
  key: string,
): string | number | boolean | undefined {
  if (labels && Object.hasOwn(labels.properties, key)) return labels.properties[key];
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}
