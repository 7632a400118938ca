import type { OpenFile } from '../source.ts';

/** No feature of RLDS tells a rate; most of the datasets of manipulation that were published in it run at 3 to 15 Hz. */
const USUAL_HZ = 10;

export interface Rate {
  hz: number;
  /** For people: where it is from. */
  where: string;
  isAssumed: boolean;
}

export function rateOf({ stated }: Pick<OpenFile, 'stated'>): Rate {
  if (stated.rateHz !== undefined) return { hz: stated.rateHz, where: 'stated for this folder', isAssumed: false };
  return { hz: USUAL_HZ, where: 'assumed: the files do not say', isAssumed: true };
}
