import { readFindingId } from '../detect/findings.ts';
import { commonTicks } from '../detect/ticks.ts';
import type { Finding, HandFinding, Verdict } from './finding.ts';

/** Why a verdict stands apart from any event. */
export type UnmatchedReason =
  /** No event of its detector and side is where it was. */
  | 'gone'
  /** Several verdicts that differ fall on one event now: a person has to say which holds. */
  | 'conflict';

export interface MatchedVerdict {
  /** Id the verdict is kept under. */
  verdict: string;
  /** Id of the event it holds for now. */
  finding: string;
}

export interface MovedVerdict extends MatchedVerdict {
  /** Where it was and what it was taken for when it was decided on; the event tells how it is now. */
  from: Verdict['of'];
  /** Ticks both have in common, as a share of all that either has; 0 where a person moved an event of theirs away. */
  overlap: number;
}

export interface VerdictMatch {
  /** For the very event they were given to. */
  exact: MatchedVerdict[];
  /** For events that have other ends or another class now. A verdict may hold for several: its event fell apart. */
  moved: MovedVerdict[];
  /** For none. They stay in the review until a person removes them. */
  unmatched: { verdict: string; reason: UnmatchedReason }[];
}

/**
 * Finds the events that verdicts were given to again after detectors ran anew. An event is found by its id; else by
 * ticks in common with one of the same detector and of the same side, stream or series. `hand` is what people made,
 * whoever it was: a verdict may be on an event of somebody else. Every verdict is in `exact`, in `moved` or in
 * `unmatched`, and no event has two that differ.
 */
export function matchVerdicts(
  verdicts: Readonly<Record<string, Verdict>>,
  findings: readonly Finding[],
  hand: Readonly<Record<string, HandFinding>> = {},
): VerdictMatch {
  const match: VerdictMatch = { exact: [], moved: [], unmatched: [] };
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const takers = new Map<string, { id: string; verdict: Verdict }[]>();
  const homeless = new Map<string, Verdict>();
  for (const [id, verdict] of Object.entries(verdicts).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const same = Object.hasOwn(hand, id) ? hand[id] : byId.get(id);
    if (!same) homeless.set(id, verdict);
    else if (isAsDecided(same, verdict.of)) match.exact.push({ verdict: id, finding: id });
    else
      match.moved.push({
        verdict: id,
        finding: id,
        from: verdict.of,
        overlap: overlapOf(same.ticks, verdict.of.ticks),
      });
  }
  const decided = new Set([...match.exact, ...match.moved].map(({ finding }) => finding));
  const candidates = groupsOf(findings.filter(({ id }) => !decided.has(id)));
  for (const [id, verdict] of homeless) {
    for (const finding of candidates.get(groupOf(id, verdict.of)) ?? []) {
      if (commonTicks(finding.ticks, verdict.of.ticks) === 0) continue;
      takers.set(finding.id, [...(takers.get(finding.id) ?? []), { id, verdict }]);
    }
  }
  const settled = new Set<string>();
  const disputed = new Set<string>();
  for (const [findingId, given] of takers) {
    const [first] = given;
    const agree = given.every(({ verdict }) => saysTheSame(verdict, (first as { verdict: Verdict }).verdict));
    for (const { id, verdict } of given) {
      if (!agree) {
        disputed.add(id);
        continue;
      }
      settled.add(id);
      const { ticks } = byId.get(findingId) as Finding;
      const overlap = overlapOf(ticks, verdict.of.ticks);
      match.moved.push({ verdict: id, finding: findingId, from: verdict.of, overlap });
    }
  }
  for (const id of homeless.keys())
    if (!settled.has(id)) match.unmatched.push({ verdict: id, reason: disputed.has(id) ? 'conflict' : 'gone' });
  return match;
}

/**
 * Whether a hand-made event stands for a finding: by its id, or because that id's event has moved since. What is `detected`
 * still (by id) has not moved: it takes no neighbour along.
 */
export function isReplaced(
  finding: Finding,
  hand: Readonly<Record<string, HandFinding>>,
  detected: ReadonlySet<string> = new Set(),
): boolean {
  const group = groupOf(finding.id, finding);
  return Object.values(hand).some(({ replaces }) =>
    replaces.some((id) => {
      if (id === finding.id) return true;
      const was = detected.has(id) ? undefined : readFindingId(id);
      return was !== undefined && `${was.detector}:${was.of}` === group && commonTicks(was.ticks, finding.ticks) > 0;
    }),
  );
}

function saysTheSame(a: Verdict, b: Verdict): boolean {
  return a.value === b.value && a.mergedInto === b.mergedInto;
}

function isAsDecided(event: Pick<Finding, 'class' | 'ticks'>, of: Verdict['of']): boolean {
  return event.class === of.class && event.ticks[0] === of.ticks[0] && event.ticks[1] === of.ticks[1];
}

function overlapOf(a: readonly [number, number], b: readonly [number, number]): number {
  const common = commonTicks(a, b);
  return common / (lengthOf(a) + lengthOf(b) - common);
}

function lengthOf([first, last]: readonly [number, number]): number {
  return last - first + 1;
}

function groupsOf(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groupOf(finding.id, finding);
    groups.set(group, [...(groups.get(group) ?? []), finding]);
  }
  return groups;
}

/** Events of one group can be one another moved on: by the id, or for an id of another kind by what was noted. */
function groupOf(id: string, { detector, side }: Pick<Finding, 'detector' | 'side'>): string {
  const parts = readFindingId(id);
  return parts ? `${parts.detector}:${parts.of}` : `${detector}:${side ?? '-'}`;
}
