import type { Finding, HandFinding, Verdict } from './finding.ts';
import { type MovedVerdict, matchVerdicts, type UnmatchedReason } from './matching.ts';
import { recordKey } from './records.ts';
import type { Layer, Review } from './review.ts';

/** What one person said of one event. */
export interface Decision {
  /** Under which it is kept in that person's layer: that of the event, or the one it had when it was decided on. */
  id: string;
  annotator: string;
  verdict: Verdict;
  /** When it was said; null where the journal does not tell. */
  at: string | null;
  /** Where the event was when it was decided on, if it has other ends or another class now. */
  movedFrom: MovedVerdict['from'] | null;
}

export interface UnmatchedDecision extends Omit<Decision, 'movedFrom'> {
  reason: UnmatchedReason;
}

export interface HandEvent {
  /** Id in the layer of its annotator. */
  id: string;
  annotator: string;
  event: HandFinding;
  /** Everybody's, the latest first: that one is in force. */
  decisions: readonly Decision[];
}

/** Everything people decided of a recording, put to the events as they are detected now. */
export interface Decisions {
  /** By finding, the latest first: that one is in force, whoever gave it. */
  ofFinding: ReadonlyMap<string, readonly Decision[]>;
  hand: readonly HandEvent[];
  unmatched: readonly UnmatchedDecision[];
}

export function decisionsOf({ own, others }: Pick<Review, 'own' | 'others'>, findings: readonly Finding[]): Decisions {
  const layers = [own, ...others];
  const made: Record<string, HandFinding> = Object.assign({}, ...layers.toReversed().map((layer) => layer.findings));
  const ofEvent = new Map<string, Decision[]>();
  const unmatched: UnmatchedDecision[] = [];
  for (const layer of layers) {
    const { exact, moved, unmatched: alone } = matchVerdicts(layer.verdicts, findings, made);
    for (const { verdict, finding } of exact) add(finding, decision(layer, verdict, null));
    for (const { verdict, finding, from } of moved) add(finding, decision(layer, verdict, from));
    for (const { verdict: id, reason } of alone) {
      const { annotator, verdict, at } = decision(layer, id, null);
      unmatched.push({ id, reason, annotator, verdict, at });
    }
  }
  for (const list of ofEvent.values()) list.sort(latestFirst);
  const hand = layers
    .flatMap(({ annotator, findings: theirs }) =>
      Object.entries(theirs).map(([id, event]) => ({ id, annotator, event })),
    )
    .filter(({ id, event }) => made[id] === event)
    .map((event) => ({ ...event, decisions: ofEvent.get(event.id) ?? [] }));
  const ofFinding = new Map([...ofEvent].filter(([id]) => !Object.hasOwn(made, id)));
  return { ofFinding, hand, unmatched };

  function add(event: string, given: Decision): void {
    const list = ofEvent.get(event);
    if (list) list.push(given);
    else ofEvent.set(event, [given]);
  }
}

function decision(layer: Layer, id: string, movedFrom: Decision['movedFrom']): Decision {
  const verdict = layer.verdicts[id] as Verdict;
  return { id, annotator: layer.annotator, verdict, at: layer.said[recordKey('verdicts', id)]?.at ?? null, movedFrom };
}

function latestFirst(a: Decision, b: Decision): number {
  const [first, second] = [a.at ?? '', b.at ?? ''];
  return first === second ? (a.annotator < b.annotator ? -1 : 1) : first > second ? -1 : 1;
}
