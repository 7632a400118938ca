import type { Finding, HandFinding, Verdict } from './finding.ts';
import { isReplaced, type MovedVerdict, matchVerdicts, type UnmatchedReason } from './matching.ts';
import type { Layer, Review } from './review.ts';

/** What one person said of one event. */
export interface Decision {
  annotator: string;
  verdict: Verdict;
  /** When it was said; null where the journal does not tell. */
  at: string | null;
  /** Where the event was when it was decided on, if it has other ends or another class now. */
  movedFrom: MovedVerdict['from'] | null;
}

export interface UnmatchedDecision extends Omit<Decision, 'movedFrom'> {
  id: string;
  reason: UnmatchedReason;
}

export interface HandEvent {
  /** Id in the layer of its annotator. */
  id: string;
  annotator: string;
  event: HandFinding;
  decision: Decision | null;
}

/** Everything people decided of a recording, put to the events as they are detected now. */
export interface Decisions {
  /** By finding, the latest first: that one is in force, whoever gave it. */
  ofFinding: ReadonlyMap<string, readonly Decision[]>;
  hand: readonly HandEvent[];
  unmatched: readonly UnmatchedDecision[];
}

export function decisionsOf({ own, others }: Pick<Review, 'own' | 'others'>, findings: readonly Finding[]): Decisions {
  const ofFinding = new Map<string, Decision[]>();
  const hand: HandEvent[] = [];
  const unmatched: UnmatchedDecision[] = [];
  for (const layer of [own, ...others]) {
    const { exact, moved, unmatched: alone } = matchVerdicts(layer.verdicts, findings, layer.findings);
    for (const { verdict, finding } of exact) {
      if (!Object.hasOwn(layer.findings, finding)) add(finding, decision(layer, verdict, null));
    }
    for (const { verdict, finding, from } of moved) add(finding, decision(layer, verdict, from));
    for (const { verdict: id, reason } of alone) {
      const { annotator, verdict, at } = decision(layer, id, null);
      unmatched.push({ id, reason, annotator, verdict, at });
    }
    for (const [id, event] of Object.entries(layer.findings)) {
      const decided = Object.hasOwn(layer.verdicts, id) ? decision(layer, id, null) : null;
      hand.push({ id, annotator: layer.annotator, event, decision: decided });
    }
  }
  for (const list of ofFinding.values()) list.sort(latestFirst);
  return { ofFinding, hand, unmatched };

  function add(finding: string, given: Decision): void {
    const list = ofFinding.get(finding);
    if (list) list.push(given);
    else ofFinding.set(finding, [given]);
  }
}

/**
 * Events of a recording that stand by themselves (found, or made by hand; parts of a joined one stand with it), and how many
 * of them nobody decided on yet.
 */
export function countEvents(
  review: Pick<Review, 'own' | 'others'>,
  findings: readonly Finding[],
): { total: number; undecided: number } {
  const { ofFinding, hand } = decisionsOf(review, findings);
  const byHand = Object.fromEntries(hand.map(({ id, event }) => [id, event]));
  const found = findings
    .filter((finding) => !isReplaced(finding, byHand))
    .map(({ id }) => ofFinding.get(id)?.[0] ?? null);
  const all = [...found, ...hand.map(({ decision }) => decision)].filter((each) => each?.verdict.value !== 'merge');
  return { total: all.length, undecided: all.filter((each) => each === null).length };
}

function decision(layer: Layer, id: string, movedFrom: Decision['movedFrom']): Decision {
  const verdict = layer.verdicts[id] as Verdict;
  return { annotator: layer.annotator, verdict, at: layer.decidedAt[id] ?? null, movedFrom };
}

function latestFirst(a: Decision, b: Decision): number {
  const [first, second] = [a.at ?? '', b.at ?? ''];
  return first === second ? (a.annotator < b.annotator ? -1 : 1) : first > second ? -1 : 1;
}
