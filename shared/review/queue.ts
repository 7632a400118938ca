import { worstFirst } from '../detect/findings.ts';
import { type Decision, type Decisions, decisionsOf, type UnmatchedDecision } from './decisions.ts';
import type { Finding, HandFinding } from './finding.ts';
import { isReplaced } from './matching.ts';
import type { Review } from './review.ts';

/** One event of the queue: detected, or made by a person (who gave it other ends, or joined several). */
export interface QueueEvent {
  readonly id: string;
  readonly class: string;
  readonly side: 'left' | 'right' | null;
  readonly ticks: readonly [number, number];
  readonly text: string;
  /** What was detected; null for an event made by hand. */
  readonly finding: Finding | null;
  readonly hand: HandFinding | null;
  /** In force: the latest, whoever gave it; null while undecided. */
  readonly decision: Decision | null;
}

export interface Queue {
  /** Undecided first, worst first; then what is decided, by time. Parts of a joined event stand with it, not here. */
  readonly events: readonly QueueEvent[];
  readonly undecided: number;
  /** Verdicts whose event is not there any more. */
  readonly unmatched: readonly UnmatchedDecision[];
}

/** What was detected put together with what people said of it. */
export function queueOf(findings: readonly Finding[], review: Pick<Review, 'own' | 'others'>): Queue {
  const decisions = decisionsOf(review, findings);
  const handMade = Object.fromEntries(decisions.hand.map(({ id, event }) => [id, event]));
  const detected = findings
    .filter((finding) => !isReplaced(finding, handMade))
    .sort(worstFirst)
    .map((finding) => detectedEvent(finding, decisions));
  const byHand = decisions.hand.map(({ id, event, decision }): QueueEvent => {
    const { ticks, side, text } = event;
    return { id, class: event.class, side, ticks, text, finding: null, hand: event, decision };
  });
  const all = [...byHand, ...detected].filter(({ decision }) => decision?.verdict.value !== 'merge');
  const open = all.filter(({ decision }) => decision === null);
  const decided = all.filter(({ decision }) => decision !== null).sort((a, b) => a.ticks[0] - b.ticks[0]);
  return { events: [...open, ...decided], undecided: open.length, unmatched: decisions.unmatched };
}

function detectedEvent(finding: Finding, { ofFinding }: Decisions): QueueEvent {
  const { id, side, ticks, text } = finding;
  return { id, class: finding.class, side, ticks, text, finding, hand: null, decision: ofFinding.get(id)?.[0] ?? null };
}

const CLASS_WORDS: Readonly<Record<string, string>> = {
  led_flicker: 'LED flicker',
  ot_loss: 'OptiTrack loss',
  ot_missing: 'OptiTrack missing',
  ot_late_start: 'Late OptiTrack start',
};

/** "Pose teleport", "OptiTrack loss". */
export function classWord(of: string): string {
  const words = of.replaceAll('_', ' ');
  return CLASS_WORDS[of] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
