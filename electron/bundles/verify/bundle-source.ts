import type { Plan } from '../../../shared/bundles/plan.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import type { Review } from '../../../shared/review/review.ts';
import type { OpenWorkstationEpisode, Workstation } from '../../workstation-types.ts';

/** What people said of a recording by the journals as they are now, and what detectors found in it last. */
export interface SaidOfRecording {
  readonly review: Pick<Review, 'own' | 'others'>;
  readonly findings: readonly Finding[] | null;
}

export type PlannedAnew = Pick<Plan, 'units' | 'leftOut'>;

/** The recordings a bundle was made of. */
export interface BundleSource {
  readonly workstation: Pick<Workstation, 'decode' | 'media'>;
  /** Null where it is not there, or is another recording now. */
  open(path: string, fingerprint: string): Promise<OpenWorkstationEpisode | null>;
  said(path: string, fingerprint: string): Promise<SaidOfRecording>;
  /**
   * What the recipe takes of them today, or one sentence why it takes nothing. Left out where that was planned just
   * now. `somePath` is a recording of the dataset.
   */
  plan?(recipe: Recipe, somePath: string): Promise<PlannedAnew | string>;
}
