import type { Change, Review } from '../../shared/review/review.ts';
import type { TickRange } from '../../shared/time/ranges.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import type { OpenedEpisode } from '../sources/source.ts';

export interface OpenReviewsOptions {
  /** Where this install's id is kept. */
  userDataDir: string;
  /** The name gestures go under, asked at every call because a person may change it. */
  annotator(): string;
  decode: Pick<DecodePool, 'frame'>;
  /** A review changed, by a gesture here, in another window or in a synced file. */
  onReview(episodeId: string, review: Review): void;
}

/** What a review needs to know of an open episode. */
export interface ReviewEpisode {
  opened: OpenedEpisode;
  /** Absolute real path of the recording. */
  path: string;
  /** Absolute folder of this root's own files: its `.regrasp`, or the stand-in in the person's user folder. */
  storageDir: string;
}

/**
 * What people said of episodes, on disk under <storageDir>/reviews and <storageDir>/seen. All calls may be made at the
 * same time; those of one episode take their turn. They reject with a ReviewFault whose message is for the person.
 */
export interface ReviewService {
  /** 64 hex digits. Computed once for a size and modification time, then remembered in <storageDir>/cache. */
  fingerprintOf(episode: ReviewEpisode): Promise<string>;
  get(episode: ReviewEpisode): Promise<Review>;
  /** Answered once the line is on disk. */
  gesture(episode: ReviewEpisode, name: string, patch: readonly Change[]): Promise<Review>;
  undo(episode: ReviewEpisode): Promise<Review>;
  redo(episode: ReviewEpisode): Promise<Review>;
  /** Joins ticks that were painted to what was known of this person; answers all of them. */
  seen(episode: ReviewEpisode, add: readonly TickRange[]): Promise<TickRange[]>;
  /** Stops looking for foreign changes of an episode (by its id) that was closed. */
  release(episodeId: string): void;
  close(): Promise<void>;
}

/** `code` is the contract's error: REFUSED by a rule, UNUSABLE when a file of ours cannot be read or written. */
export class ReviewFault extends Error {
  override name = 'ReviewFault';
  constructor(
    readonly code: 'REFUSED' | 'UNUSABLE',
    message: string,
  ) {
    super(message);
  }
}

export function openReviews(_options: OpenReviewsOptions): ReviewService {
  throw new ReviewFault('UNUSABLE', 'Reviews are not there yet.');
}
