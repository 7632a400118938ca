import type { PlayOrder } from './play-order.ts';

export interface ReadAheadQuestion {
  order: PlayOrder;
  direction: 1 | -1;
  /** Place asked for last; undefined at the start of play. */
  lastAsked: number | undefined;
  /** Place on screen. */
  shown: number;
  /** Unrolled clock now, and what a request takes from sending to arrival. */
  clockNs: number;
  latencyMs: number;
  /** Signed nanoseconds of recording per millisecond of wall clock. */
  nsPerMs: number;
  /** How many places beyond the one due may be held ready. */
  depth: number;
}

/**
 * Which place to ask for next while playing, or undefined when enough is on its way. Every tick in turn as long as they
 * come in time; one that would arrive after its moment has passed is left out, and the one due on arrival asked instead:
 * so as many moments as the link can carry are shown, evenly spread, at the true speed.
 */
export function nextToAsk(question: ReadAheadQuestion): number | undefined {
  const { order, direction, shown, clockNs, latencyMs, nsPerMs, depth } = question;
  const dueNow = order.dueAt(clockNs, direction);
  const dueOnArrival = order.dueAt(clockNs + nsPerMs * latencyMs, direction);
  const next = (question.lastAsked ?? shown) + direction;
  const place = direction > 0 ? Math.max(next, dueOnArrival) : Math.min(next, dueOnArrival);
  if (place < order.first || place > order.last) return undefined;
  // Someone already asked for the end; asking again would loop on it.
  if (question.lastAsked !== undefined && (place - question.lastAsked) * direction <= 0) return undefined;
  const limit = Math.max((dueOnArrival - dueNow) * direction, 0) + depth;
  return (place - dueNow) * direction > limit ? undefined : place;
}

export interface PickQuestion {
  /** Places with their tick ready, any order. */
  ready: Iterable<number>;
  shown: number;
  due: number;
  direction: 1 | -1;
  /** Ticks the recording asks for in one painted frame: speed × tick rate ÷ frame rate. */
  ticksPerFrame: number;
}

/**
 * Which ready place to paint now. Where frames come faster than ticks, a late tick is still painted before the next one
 * (none is skipped for a hiccup of a frame or two); where ticks come faster, the newest due one is.
 */
export function pickToPaint({ ready, shown, due, direction, ticksPerFrame }: PickQuestion): number | undefined {
  let nearest: number | undefined;
  let newest: number | undefined;
  for (const place of ready) {
    const ahead = (place - shown) * direction;
    if (ahead <= 0 || (due - place) * direction < 0) continue;
    if (nearest === undefined || ahead < (nearest - shown) * direction) nearest = place;
    if (newest === undefined || ahead > (newest - shown) * direction) newest = place;
  }
  if (nearest === undefined || newest === undefined) return undefined;
  const behind = (due - nearest) * direction;
  return ticksPerFrame < 0.8 && behind <= 2 ? nearest : newest;
}
