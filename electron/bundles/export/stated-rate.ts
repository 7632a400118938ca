import type { RecipeRate } from '../../../shared/bundles/recipe.ts';
import { type Rate, rateOfPeriod } from '../../curation/preview/rate.ts';

/** A recorder that wants 30 Hz and comes to 29.9 is a rig of 30 Hz. */
const NEAR = 0.005;

/** The rate a bundle states: the recipe's, else the whole number next to the recording's where it is near, else its own. */
export function statedRate(rate: RecipeRate, medianPeriodNs: number): Rate {
  if (rate !== 'native') return rate;
  const rateHz = 1e9 / medianPeriodNs;
  const whole = Math.round(rateHz);
  if (whole > 0 && Math.abs(rateHz / whole - 1) < NEAR) return { numerator: whole, denominator: 1 };
  return rateOfPeriod(medianPeriodNs) ?? { numerator: 1, denominator: 1 };
}
