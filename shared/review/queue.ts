import { worstFirst } from '../detect/findings.ts';
import { type Decision, type Decisions, decisionsOf, type UnmatchedDecision } from './decisions.ts';
import type { Finding, HandFinding } from './finding.ts';
import { isReplaced } from './matching.ts';
import { ordered } from './queue-order.ts';
import type { Review } from './review.ts';

/** The recording an event is of. */
export interface QueueRecording {
  /** Id to open it by. */
  readonly episode: string;
  readonly path: string;
  readonly task: string;
  readonly date: string;
}

/** One event of the queue: detected, or made by a person (who gave it other ends, joined several or added it). */
export interface QueueEvent {
  /** One of its kind in a queue of any number of recordings; `id` is so in its recording alone. */
  readonly key: string;
  readonly id: string;
  readonly recording: QueueRecording;
  readonly class: string;
  readonly side: 'left' | 'right' | null;
  /** Of its recording, inclusive. */
  readonly ticks: readonly [number, number];
  readonly text: string;
  /** "hand" for an event that a person made. */
  readonly detector: string;
  /** What was detected; null for an event made by hand. */
  readonly finding: Finding | null;
  readonly hand: HandFinding | null;
  /** Who made it by hand. */
  readonly maker: string | null;
  /** What was detected, or the worst of what an event made by hand stands for; null where that is nothing. */
  readonly origin: Finding | null;
  /** 0…1: how bad it is. An event that somebody added is as bad as can be until it is decided. */
  readonly severity: number;
  /** How far beyond its limit, as a share of it; null where none was measured. */
  readonly margin: number | null;
  /** In force: the latest, whoever gave it; null while undecided. */
  readonly decision: Decision | null;
  /** What this person said of it, under whatever id. */
  readonly own: readonly Decision[];
  /** It was merged into an event that is not there any more: it is undecided again. */
  readonly isLeftOver: boolean;
}

export interface Queue {
  /** Undecided first, worst first; then what is decided, by time. Parts of a joined event stand with it, not here. */
  readonly events: readonly QueueEvent[];
  /** Those parts, by time. */
  readonly merged: readonly QueueEvent[];
  readonly undecided: number;
  /** Verdicts whose event is not there any more. */
  readonly unmatched: readonly UnmatchedDecision[];
}

const SOME_RECORDING: QueueRecording = { episode: '', path: '', task: '', date: '' };

/** What was detected in a recording put together with what people said of it. */
export function queueOf(
  findings: readonly Finding[],
  review: Pick<Review, 'own' | 'others'>,
  recording = SOME_RECORDING,
): Queue {
  const decisions = decisionsOf(review, findings);
  const handMade = Object.fromEntries(decisions.hand.map(({ id, event }) => [id, event]));
  const found = new Set(findings.map(({ id }) => id));
  const isThere = new Set([...found, ...Object.keys(handMade)]);
  const common = { recording, annotator: review.own.annotator, found, isThere };
  const detected = findings.map((finding) => ({
    event: detectedEvent(finding, decisions, common),
    isReplaced: isReplaced(finding, handMade, found),
  }));
  const byHand = decisions.hand.map((made) => ({ event: handEvent(made, findings, common), isReplaced: false }));
  const all = [...byHand, ...detected];
  const isMerged = ({ decision }: QueueEvent) => decision?.verdict.value === 'merge';
  // What somebody decided on stands by itself, whatever was made beside it.
  const isHidden = ({ event, isReplaced }: (typeof all)[number]) => isReplaced && event.decision === null;
  const events = all.filter((each) => !isHidden(each) && !isMerged(each.event)).map(({ event }) => event);
  return {
    events: ordered(events, 'worst'),
    merged: ordered(all.map(({ event }) => event).filter(isMerged), 'time'),
    undecided: events.filter(({ decision }) => decision === null).length,
    unmatched: decisions.unmatched,
  };
}

/**
 * Events of a recording that stand by themselves (found, or made by hand; parts of a joined one stand with it), and how many
 * of them nobody decided on yet.
 */
export function countEvents(
  review: Pick<Review, 'own' | 'others'>,
  findings: readonly Finding[],
): { total: number; undecided: number } {
  const { events, undecided } = queueOf(findings, review);
  return { total: events.length, undecided };
}

interface Common {
  recording: QueueRecording;
  annotator: string;
  /** Ids of findings, and of all events that are there. */
  found: ReadonlySet<string>;
  isThere: ReadonlySet<string>;
}

function detectedEvent(finding: Finding, { ofFinding }: Decisions, common: Common): QueueEvent {
  const { id, side, ticks, text, detector, severity, margin } = finding;
  return {
    ...{ id, class: finding.class, side, ticks, text, detector, severity, margin },
    ...{ finding, hand: null, maker: null, origin: finding },
    ...decided(id, ofFinding.get(id) ?? [], common),
  };
}

function handEvent(
  { id, annotator, event, decisions }: Decisions['hand'][number],
  findings: readonly Finding[],
  common: Common,
): QueueEvent {
  const { side, ticks, text } = event;
  const origin =
    findings.filter((finding) => isReplaced(finding, { [id]: event }, common.found)).sort(worstFirst)[0] ?? null;
  return {
    ...{ id, class: event.class, side, ticks, text, detector: 'hand', severity: origin?.severity ?? 1 },
    ...{ margin: origin?.margin ?? null, finding: null, hand: event, maker: annotator, origin },
    ...decided(id, decisions, common),
  };
}

function decided(id: string, given: readonly Decision[], { recording, annotator, isThere }: Common) {
  const latest = given[0] ?? null;
  const into = latest?.verdict.mergedInto;
  const isLeftOver = into !== undefined && !isThere.has(into);
  return {
    ...{ key: `${recording.episode}\n${id}`, recording, isLeftOver },
    decision: isLeftOver ? null : latest,
    own: given.filter((decision) => decision.annotator === annotator),
  };
}

const CLASS_WORDS: Readonly<Record<string, string>> = {
  led_flicker: 'LED flicker',
  ot_loss: 'OptiTrack loss',
  ot_missing: 'OptiTrack missing',
  ot_late_start: 'Late OptiTrack start',
};

/** "Pose teleport", "OptiTrack loss". */
export function classWord(of: string): string {
  const words = of.replaceAll(/[_-]/g, ' ');
  return CLASS_WORDS[of] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** In the middle of a sentence: "pose teleport", "OptiTrack loss". */
export function classInSentence(of: string): string {
  const word = classWord(of);
  return /^[A-Z][a-z]+( |$)/.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word;
}
