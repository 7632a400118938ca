import { NS_PER_SECOND } from '../time/nanoseconds.ts';
import { angleBetween, distanceBetween } from './pose-steps.ts';
import type { PoseTeleportSettings } from './settings.ts';
import { runsWhere, type TickSpan } from './ticks.ts';

export type TeleportCause = 'translation' | 'rotation' | 'both';

export interface PoseTeleport {
  /** Both ends of the impossible steps with the buffer, inclusive. */
  ticks: [number, number];
  cause: TeleportCause;
  /** The same without the buffer: two ticks of one step, three of a single frame that is elsewhere. */
  jumpTicks: number;
  /** Largest in it. */
  speedMps: number;
  angularRadPerS: number;
}

const NOMINAL_HZ = 30;

/**
 * 5B, impossible motion of a body from one tick to the next: both ticks of such a step are flagged, widened by the
 * buffer and joined where they touch. `aligned` is (ticks × 7), one row a tick; rows without a pose are no motion.
 */
export function detectPoseTeleports(
  aligned: Float64Array,
  timesNs: Float64Array,
  span: TickSpan,
  settings: PoseTeleportSettings,
): PoseTeleport[] {
  const { rule, speedMps, angularRadPerS, bufferTicks } = settings;
  const steps = Math.max(0, span.last - span.first);
  const speeds = new Float64Array(steps);
  const turns = new Float64Array(steps);
  const flagged = new Uint8Array(steps + 1);
  for (let i = 0; i < steps; i++) {
    const tick = span.first + i;
    const recorded = ((timesNs[tick + 1] as number) - (timesNs[tick] as number)) / NS_PER_SECOND;
    const perSecond = rule === 'both_at_30hz' ? NOMINAL_HZ : 1 / Math.max(recorded, 1e-9);
    const speed = distanceBetween(aligned, tick, tick + 1) * perSecond;
    const turn = angleBetween(aligned, tick, tick + 1) * perSecond;
    speeds[i] = speed;
    turns[i] = turn;
    const isFast = speed > speedMps;
    const isTurning = turn > angularRadPerS;
    const isImpossible =
      rule === 'either' ? isFast || isTurning : rule === 'translation' ? isFast : isFast && isTurning;
    if (isImpossible) {
      flagged[i] = 1;
      flagged[i + 1] = 1;
    }
  }
  const isNear = new Uint8Array(steps + 1);
  for (const [a, b] of runsWhere({ first: 0, last: steps }, (i) => flagged[i] === 1))
    isNear.fill(1, Math.max(0, a - bufferTicks), Math.min(steps, b + bufferTicks) + 1);
  return runsWhere({ first: 0, last: steps }, (i) => isNear[i] === 1).map(([a, b]) => {
    const [fastest, fastestTurn] = [largest(speeds, a, b), largest(turns, a, b)];
    return {
      ticks: [span.first + a, span.first + b],
      cause: causeOf(fastest > speedMps, fastestTurn > angularRadPerS),
      jumpTicks: flagged.lastIndexOf(1, b) - flagged.indexOf(1, a) + 1,
      speedMps: fastest,
      angularRadPerS: fastestTurn,
    };
  });
}

function causeOf(isFast: boolean, isTurning: boolean): TeleportCause {
  return isFast && isTurning ? 'both' : isFast ? 'translation' : 'rotation';
}

/** Of the steps that lie wholly between two ticks. */
function largest(values: Float64Array, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++) if ((values[i] as number) > most) most = values[i] as number;
  return most;
}
