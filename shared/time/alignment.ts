/**
 * How one clock runs by another, from moments that were stamped by both. Seconds throughout; stamps may be as large as
 * Unix time, as everything is computed around their middle.
 */

/** reference = offsetSeconds + (1 + drift) × (own − originSeconds). */
export interface ClockLine {
  originSeconds: number;
  offsetSeconds: number;
  /** Seconds gained by the second: 50e-6 is 50 ppm. */
  drift: number;
}

export interface Residual {
  pairs: number;
  rmsSeconds: number;
  maxSeconds: number;
  /** The pair that is furthest off, counted from 0. */
  worst: number;
}

export interface Alignment {
  line: ClockLine;
  residual: Residual;
}

export type AlignmentFaultCode = 'no-pairs' | 'unpaired' | 'not-finite' | 'out-of-order' | 'no-spread' | 'absurd-drift';

/** Pairs that no line can be laid through; the message is one sentence without a file's name. */
export class AlignmentFault extends Error {
  constructor(
    readonly code: AlignmentFaultCode,
    message: string,
  ) {
    super(message);
    this.name = 'AlignmentFault';
  }
}

/** Clocks of computers and robots stay within 0.02 %; a video whose rate is only nominal within 0.1 %. */
export const MAX_DRIFT = 0.01;
/** Two pairs lie on every line, so that a third has to say whether the line is right. */
const PAIRS_FOR_DRIFT = 3;
const FEW_PAIRS = 50;

export function toReference({ originSeconds, offsetSeconds, drift }: ClockLine, ownSeconds: number): number {
  const since = ownSeconds - originSeconds;
  return offsetSeconds + since + drift * since;
}

/**
 * The line of least squares through pairs of stamps of the same moments. Drift is fitted from three pairs on, and only
 * where it can be told from the pairs' own noise: else it would carry that noise far beyond them. Throws AlignmentFault
 * for pairs that say nothing (none, all at one moment) or that contradict each other (order, impossible drift).
 */
export function alignClocks(own: ArrayLike<number>, reference: ArrayLike<number>, withDrift = true): Alignment {
  refuseUseless(own, reference);
  const count = own.length;
  const originSeconds = meanOf(own);
  const offsetSeconds = meanOf(reference);
  let spread = 0;
  let covariance = 0;
  for (let i = 0; i < count; i++) {
    const x = (own[i] as number) - originSeconds;
    // The difference of what each gained is far smaller than either: drift does not drown in it.
    const gained = (reference[i] as number) - offsetSeconds - x;
    spread += x * x;
    covariance += x * gained;
  }
  if (count > 1 && spread === 0) {
    throw new AlignmentFault('no-spread', `All ${count} pairs are of one moment: name moments far apart.`);
  }
  const still: ClockLine = { originSeconds, offsetSeconds, drift: 0 };
  if (!withDrift || count < PAIRS_FOR_DRIFT) return { line: still, residual: residualOf(still, own, reference) };
  const drifting: ClockLine = { ...still, drift: covariance / spread };
  const fitted = residualOf(drifting, own, reference);
  const freedom = count - 2;
  const standardError = Math.sqrt((fitted.rmsSeconds ** 2 * count) / freedom / spread);
  const isNoise = Math.abs(drifting.drift) <= confidence(freedom) * standardError;
  if (isNoise) return { line: still, residual: residualOf(still, own, reference) };
  if (Math.abs(drifting.drift) > MAX_DRIFT) {
    const percent = (drifting.drift * 100).toPrecision(3);
    const message = `The clocks seem to run ${percent} % apart, which no clock does: the pairs are of different moments, or the units differ.`;
    throw new AlignmentFault('absurd-drift', message);
  }
  return { line: drifting, residual: fitted };
}

/** How far pairs lie from a line. */
export function residualOf(line: ClockLine, own: ArrayLike<number>, reference: ArrayLike<number>): Residual {
  let squares = 0;
  let maxSeconds = 0;
  let worst = 0;
  for (let i = 0; i < own.length; i++) {
    const off = Math.abs((reference[i] as number) - toReference(line, own[i] as number));
    squares += off * off;
    if (off > maxSeconds) {
      maxSeconds = off;
      worst = i;
    }
  }
  return { pairs: own.length, rmsSeconds: Math.sqrt(squares / Math.max(1, own.length)), maxSeconds, worst };
}

/**
 * What of a residual counts against a limit: the worst pair of a few that people picked; of many that programs wrote the
 * root of the mean square, as one late packet among thousands is no bad clock.
 */
export function countingResidual(residual: Pick<Residual, 'pairs' | 'rmsSeconds' | 'maxSeconds'>): number {
  return residual.pairs > FEW_PAIRS ? residual.rmsSeconds : residual.maxSeconds;
}

function refuseUseless(own: ArrayLike<number>, reference: ArrayLike<number>): void {
  if (own.length !== reference.length) {
    const message = `${own.length} and ${reference.length} moments of the two clocks cannot be paired: name the same events in both.`;
    throw new AlignmentFault('unpaired', message);
  }
  if (own.length === 0) throw new AlignmentFault('no-pairs', 'There is no moment that both clocks stamped.');
  for (let i = 0; i < own.length; i++) {
    if (Number.isFinite(own[i]) && Number.isFinite(reference[i])) continue;
    throw new AlignmentFault('not-finite', `Pair ${i + 1} holds no two times: correct it or leave it out.`);
  }
  const order = Array.from({ length: own.length }, (_, i) => i).sort((a, b) => (own[a] as number) - (own[b] as number));
  for (let at = 1; at < order.length; at++) {
    const [before, after] = [order[at - 1] as number, order[at] as number];
    const isLater = (own[after] as number) > (own[before] as number);
    if (!isLater || (reference[after] as number) >= (reference[before] as number)) continue;
    const message = `Pair ${after + 1} comes after pair ${before + 1} by one clock and before it by the other: put the moments of both into the same order.`;
    throw new AlignmentFault('out-of-order', message);
  }
}

/** Close to Student's t at 95 %. */
function confidence(freedom: number): number {
  return 1.96 + 10.75 / freedom ** 1.9;
}

function meanOf(values: ArrayLike<number>): number {
  const first = values[0] as number;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) - first;
  return first + sum / values.length;
}
