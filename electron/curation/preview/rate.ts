/** A rate as a fraction of whole numbers. */
export interface Rate {
  numerator: number;
  denominator: number;
}

/** Half a millisecond in ten minutes: no clock of a rig is better. */
const TOLERANCE = 1e-6;
/** What containers and players count their clock by. */
const MOST = 1_000_000;

/**
 * Frames a second of one frame every `periodNs`: the fraction of the smallest numbers that is right to a millionth, so
 * that 33 333 333 ns are 30 and 33 366 667 ns are 2997/100. Undefined where there is no period.
 */
export function rateOfPeriod(periodNs: number | null): Rate | undefined {
  if (periodNs === null || !(periodNs > 0) || !Number.isFinite(periodNs)) return undefined;
  const rateHz = 1e9 / periodNs;
  // Convergents of the continued fraction, and what lies between them: each is the best of its size.
  let [a, b] = [0, 1];
  let [c, d] = [1, 0];
  let rest = rateHz;
  let best: Rate = { numerator: Math.max(1, Math.round(rateHz)), denominator: 1 };
  for (let step = 0; step < 40; step += 1) {
    const whole = Math.floor(rest);
    for (let part = step === 0 ? whole : 1; part <= whole; part += 1) {
      const candidate = { numerator: a + part * c, denominator: b + part * d };
      if (candidate.numerator > MOST || candidate.denominator > MOST) return best;
      if (candidate.numerator === 0 || candidate.denominator === 0) continue;
      const errorOf = ({ numerator, denominator }: Rate) => Math.abs(numerator / denominator / rateHz - 1);
      if (errorOf(candidate) < errorOf(best)) best = candidate;
      if (errorOf(best) <= TOLERANCE) return best;
    }
    [a, b, c, d] = [c, d, a + whole * c, b + whole * d];
    const fraction = rest - whole;
    if (fraction < 1e-12) return best;
    rest = 1 / fraction;
  }
  return best;
}
