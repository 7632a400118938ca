import {
  AlignmentFault,
  alignClocks,
  type ClockLine,
  countingResidual,
  type Residual,
  toReference,
} from '../../shared/time/alignment.ts';
import { Fault } from '../fault.ts';
import type { TIED_BY } from '../sources/session/schema.ts';

/** The name of the wall's clock among the streams. */
export const WALL = 'wall';

export interface OwnClock {
  /** "joints", or a camera's name. */
  name: string;
  /** File, for sentences. */
  file: string;
  /** The stream's own seconds, one a sample. */
  own: Float64Array;
  /** Whether these are already the wall's. */
  isWall: boolean;
}

/** Something that two clocks have in common. */
export type Tie = {
  from: string;
  to: string;
  by: (typeof TIED_BY)[number];
} & (
  | { /** to = from + offset. */ offsetSeconds: number }
  | { /** The same moments by both. */ fromSeconds: ArrayLike<number>; toSeconds: ArrayLike<number> }
);

export interface TiedClock {
  line: ClockLine;
  by: (typeof TIED_BY)[number];
  residual: Residual | null;
}

export interface TieOptions {
  maxResidualSeconds: number;
  withDrift: boolean;
}

/**
 * Lays every stream's clock over one: the wall's where a stream or a tie knows it, else the first camera's. Rejects with
 * Fault where nothing ties a stream, where pairs make no line, or where they lie too far from it.
 */
export function tieClocks(
  clocks: readonly OwnClock[],
  ties: readonly Tie[],
  options: TieOptions,
): Map<string, TiedClock> {
  const still: ClockLine = { originSeconds: 0, offsetSeconds: 0, drift: 0 };
  const known = new Map<string, TiedClock>();
  const hasWall = clocks.some(({ isWall }) => isWall) || ties.some(({ from, to }) => from === WALL || to === WALL);
  if (hasWall) known.set(WALL, { line: still, by: 'shared clock', residual: null });
  for (const { name, isWall } of clocks) {
    if (isWall || (!hasWall && known.size === 0)) known.set(name, { line: still, by: 'shared clock', residual: null });
  }
  const names = new Set([WALL, ...clocks.map(({ name }) => name)]);
  for (const { from, to } of ties) {
    const strange = [from, to].find((name) => !names.has(name));
    if (strange === undefined) continue;
    throw new Fault('UNUSABLE', `"${strange}" is no clock here: there are ${[...names].join(', ')}.`);
  }
  for (let grew = true; grew; ) {
    grew = false;
    for (const tie of ties) {
      const [own, other] = known.has(tie.to) ? [tie.from, tie.to] : [tie.to, tie.from];
      const reference = known.get(other);
      if (!reference || known.has(own)) continue;
      known.set(own, laidOver(tie, own, reference, clocks, options));
      grew = true;
    }
  }
  const untied = clocks.find(({ name }) => !known.has(name));
  if (untied) throw new Fault('UNUSABLE', untiedSentence(untied, hasWall));
  return known;
}

function laidOver(
  tie: Tie,
  own: string,
  { line }: TiedClock,
  clocks: readonly OwnClock[],
  options: TieOptions,
): TiedClock {
  const isForward = own === tie.from;
  if ('offsetSeconds' in tie) {
    const offset = isForward ? tie.offsetSeconds : -tie.offsetSeconds;
    return { line: { ...line, originSeconds: line.originSeconds - offset }, by: tie.by, residual: null };
  }
  const [mine, others] = isForward ? [tie.fromSeconds, tie.toSeconds] : [tie.toSeconds, tie.fromSeconds];
  const file = clocks.find(({ name }) => name === own)?.file ?? own;
  const over =
    tie.to === WALL || tie.from === WALL ? "the wall's clock" : `the clock of ${isForward ? tie.to : tie.from}`;
  try {
    const alignment = alignClocks(
      mine,
      Array.from(others, (seconds) => toReference(line, seconds)),
      options.withDrift,
    );
    const { residual } = alignment;
    if (countingResidual(residual) > options.maxResidualSeconds)
      throw new Fault('UNUSABLE', tooFar(file, over, residual, options));
    // One pair lies on its line whatever it is: that measures nothing.
    return { line: alignment.line, by: tie.by, residual: residual.pairs > 1 ? residual : null };
  } catch (error) {
    if (!(error instanceof AlignmentFault)) throw error;
    throw new Fault('UNUSABLE', `${file} cannot be laid over ${over}: ${error.message}`);
  }
}

function tooFar(file: string, over: string, residual: Residual, { maxResidualSeconds }: TieOptions): string {
  const ms = (seconds: number) => `${(seconds * 1000).toFixed(1)} ms`;
  const figures = `${ms(residual.rmsSeconds)} rms and ${ms(residual.maxSeconds)} at most (pair ${residual.worst + 1} of ${residual.pairs})`;
  return `${file} was not laid over ${over}: its pairs lie ${figures} from one line, where ${ms(maxResidualSeconds)} are allowed: correct the pairs, give a third one so that drift can be fitted, or raise --max-residual.`;
}

function untiedSentence({ file, name }: OwnClock, hasWall: boolean): string {
  const remedies =
    name === 'joints'
      ? 'give --offset, --sync-video with --sync-joints, or a file of --pairs'
      : `give a file of frame stamps (${file.replace(/\.[^.]*$/, '')}.timestamps.csv), --offset ${name}=<seconds>, --sync-video ${name}:<moments>, a file of --pairs, or --together where cameras started as one`;
  return `Nothing ties ${file} to ${hasWall ? "the wall's clock" : 'the other streams'}: ${remedies}.`;
}
