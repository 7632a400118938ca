import type { WorkstationEvent } from '../../shared/api/contract.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import { withoutJudgements } from '../../shared/review/blind.ts';
import type { Review } from '../../shared/review/review.ts';
import type { ToldReview } from './reviews.ts';

/** What is needed of an open episode. */
export interface EpisodeToShow {
  id: string;
  /** Folder that its root keeps its own files in. */
  storageDir: string;
  opened: { episode: Episode };
}

export interface ShownEpisodesOptions<Open extends EpisodeToShow> {
  isBlind(storageDir: string): Promise<boolean>;
  /** This person's own. Rejects for a recording that cannot be told from others: nobody can submit a review of it. */
  review(episode: Open): Promise<Pick<Review, 'annotator' | 'own'>>;
  annotator(): Promise<string>;
  emit(event: WorkstationEvent): void;
}

/**
 * Descriptions of recordings as a person may see them: where the project is blind, without what others wrote into the files of
 * how it went, until the person's own review is submitted. Every door shows recordings through here.
 */
export class ShownEpisodes<Open extends EpisodeToShow> {
  /** Episodes that say something to keep back, and whether it was kept back when they were shown last. */
  private readonly shown = new Map<string, { open: Open; isKeptBack: boolean }>();

  constructor(private readonly options: ShownEpisodesOptions<Open>) {}

  async episode(open: Open): Promise<Episode> {
    const { episode } = open.opened;
    const less = withoutJudgements(episode, await this.options.annotator());
    if (less === episode) return episode;
    const isKeptBack = await this.keepsBack(open);
    this.shown.set(open.id, { open, isKeptBack });
    return isKeptBack ? less : episode;
  }

  /** A review was told, or the project's rule: windows open what is shown otherwise now anew. */
  async noteReview(id: string, told: ToldReview): Promise<void> {
    const before = this.shown.get(id);
    // A step that is told as such has submitted nothing.
    if (!before || told.step.change !== null) return;
    const isBlind = await this.options.isBlind(before.open.storageDir);
    const isKeptBack = isBlind && told.review().own.submission === null;
    if (isKeptBack === before.isKeptBack) return;
    before.isKeptBack = isKeptBack;
    const { path } = before.open.opened.episode;
    const message = isKeptBack
      ? `What the files of ${path} say of how it went is kept back until your review is submitted.`
      : `What the files of ${path} say of how it went is shown now.`;
    this.options.emit({ type: 'episode-changed', episode: id, revision: isKeptBack ? 'kept back' : 'shown', message });
  }

  forget(id: string): void {
    this.shown.delete(id);
  }

  private async keepsBack(open: Open): Promise<boolean> {
    if (!(await this.options.isBlind(open.storageDir))) return false;
    const review = await this.options.review(open).catch(() => null);
    return review === null || review.own.submission === null;
  }
}
