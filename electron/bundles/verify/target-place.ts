import type { Workstation } from '../../workstation-types.ts';
import type { Bundle, BundleTarget, BundleUnit } from './bundle-files.ts';
import type { BundleSource } from './bundle-source.ts';
import type { UnitTruth } from './unit-truth.ts';

export interface VerifyParts {
  /** One that has read nothing of the bundle yet: what is verified is what lies on the disk. */
  workstation: Workstation;
  /** The recordings it was made of; without them nothing of it can be compared with what was recorded and said. */
  source?: BundleSource;
  /** Pictures are not compared: everything but them takes moments. */
  areFramesLeft?: boolean;
  signal: AbortSignal;
  progress?(message: string): void;
}

/** One target of a bundle on the disk, and all that is needed to judge it. */
export interface TargetPlace {
  readonly target: BundleTarget;
  readonly folder: string;
  readonly bundle: Bundle;
  readonly parts: VerifyParts;
  /** Of a unit; null where its recording is not at hand. */
  truth(unit: BundleUnit): Promise<UnitTruth | null>;
  /** A fault, at a path below the target's folder. */
  tell(below: string, text: string): void;
}

/** A LeRobot dataset holds the units of one part of the split behind each other. */
export function lerobotOrder({ units, recipe }: Bundle): BundleUnit[] {
  return Object.keys(recipe.split.shares).flatMap((part) => units.filter(({ split }) => split === part));
}
