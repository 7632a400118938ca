import type { Finding } from '../../../shared/review/finding.ts';

export interface ClipChoice {
  /** Classes wanted; null for all that are borderline. */
  classes: readonly string[] | null;
  minS: number;
  maxS: number;
  /** Of what lasts a moment: at most so far beyond its threshold, as a share of it. */
  maxMargin: number | undefined;
}

/** What lasts a moment has no length to choose by: its strength says whether it is borderline. */
const MOMENTARY = new Set(['intensity-spike', 'pose-teleport', 'jump']);
/** A spike or a jump of more than twice its threshold leaves no question. */
const BORDERLINE_MARGIN = 1;
/** Ticks of a teleport of a single frame: before, where it is elsewhere, and back. */
const SINGLE_FRAME_TICKS = 3;
/** Detectors of what can be seen in pictures and poses, at a time that can be shown. */
const VISIBLE = new Set(['pose-freeze', 'frozen-video', ...MOMENTARY]);

/**
 * The findings a person has to look at: freezes and held pictures of the given length, weak spikes and jumps, and teleports
 * of a single frame. A class that is named is shown whatever its strength, and whatever made it.
 */
export function chooseFindings(
  findings: readonly Finding[],
  { classes, minS, maxS, maxMargin }: ClipChoice,
): Finding[] {
  const mostMargin = maxMargin ?? (classes ? Number.POSITIVE_INFINITY : BORDERLINE_MARGIN);
  return findings.filter((finding) => {
    if (classes ? !classes.includes(finding.class) : !VISIBLE.has(finding.detector)) return false;
    if (MOMENTARY.has(finding.detector)) {
      // Its ticks hold the buffer around it, so they do not tell.
      const ticks = finding.detector === 'pose-teleport' ? finding.signals.jump_ticks : null;
      const isOfOneFrame = typeof ticks === 'number' && ticks <= SINGLE_FRAME_TICKS;
      return finding.margin <= mostMargin || (maxMargin === undefined && isOfOneFrame);
    }
    const lengthS = Math.round((finding.endNs - finding.startNs) / 1e6) / 1e3;
    return lengthS >= minS && lengthS <= maxS;
  });
}
