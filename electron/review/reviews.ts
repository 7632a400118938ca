import { randomUUID } from 'node:crypto';
import { emptyHistory, type LayerHistory, reviewOf } from '../../shared/review/fold.ts';
import { overviewOf, type ReviewOverview } from '../../shared/review/overview.ts';
import {
  type Change,
  type GestureLine,
  JOURNAL_VERSION,
  NO_VERSION,
  type Review,
  type ReviewVersion,
} from '../../shared/review/review.ts';
import { changeBy, type ReviewStep } from '../../shared/review/step.ts';
import type { TickRange } from '../../shared/time/ranges.ts';
import { Fault, sentenceOf } from '../fault.ts';
import type { OpenedEpisode } from '../sources/source.ts';
import { ownFileName } from './file-names.ts';
import type { PrintDecoder } from './fingerprint.ts';
import { FingerprintCache } from './fingerprint-cache.ts';
import { FolderWatch } from './folder-watch.ts';
import { recordingsThatSay } from './group-members.ts';
import { installId } from './install.ts';
import type { JournalDisk } from './journal-file.ts';
import { JournalFolder } from './journal-folder.ts';
import { RootDigests } from './root-digests.ts';
import { addSeen } from './seen.ts';
import { doing, doingWhereItMatters, type Step, steppingBack } from './steps.ts';
import { TAXONOMY_VERSION } from './taxonomy.ts';

export interface OpenReviewsOptions {
  /** Where this install's id is kept. */
  userDataDir: string;
  /** The name gestures go under, asked at every call because a person may change it. */
  annotator(): string | Promise<string>;
  decode: PrintDecoder;
  /** A review changed, by a gesture here, in another window or in a synced file. */
  onReview(episodeId: string, told: ToldReview): void;
  /** One step went through the reviews of several recordings of a root; sentences where one could not follow. */
  onTogether?(storageDir: string, faults: readonly string[]): void;
  /** Whether what others said is hidden from a person who has not submitted, in the root kept there. Default: it is not. */
  isBlind?(storageDir: string): Promise<boolean>;
  /** Default: the real one. */
  disk?: JournalDisk;
  /** How often folders are looked at where the system reports no changes (network shares). Default 3000. */
  pollMs?: number;
}

/** A change of a review, and all of it as it was then, put together only for who asks. */
export interface ToldReview {
  readonly step: ReviewStep;
  review(): Review;
}

/** What a review needs to know of an open episode. */
export interface ReviewEpisode {
  opened: OpenedEpisode;
  /** Absolute folder of this root's own files: its `.regrasp`, or the stand-in in the person's user folder. */
  storageDir: string;
  /** Changes with any of the recording's files. */
  revision?: string;
}

/** One step over several recordings: what is said of each, under an id of its own. */
export interface TogetherStep {
  /** Shared by the lines of all recordings. */
  group: string;
  name: string;
  parts: readonly { recording: string; id: string; patch: readonly Change[] }[];
}

/** In how many recordings a step was kept, and why not in the others. */
export interface TogetherEnd {
  kept: number;
  faults: { recording: string; message: string }[];
}

/**
 * What people said of episodes, on disk under <storageDir>/reviews and <storageDir>/seen. All calls may be made at the
 * same time; those of one recording take their turn. They reject with a Fault whose message is for the person.
 */
export interface ReviewService {
  /** 64 hex digits. Computed once for a size and modification time, then remembered in <userDataDir>/cache. */
  fingerprintOf(episode: ReviewEpisode): Promise<string>;
  /** The same of a recording that is not open, where it was met with this size and time of change; else null. */
  rememberedFingerprint(episode: string, sizeBytes: number, modifiedMs: number): Promise<string | null>;
  get(episode: ReviewEpisode): Promise<Review>;
  /** Everything that was said, also where the project is blind: for what is made of the dataset, never for a screen. */
  whole(episode: ReviewEpisode): Promise<Review>;
  /** The review of a recording that is not open, by its fingerprint; its folder is not watched. */
  read(storageDir: string, fingerprint: string): Promise<Review>;
  /** What was said in a root so far, over all recordings whose journals lie there. */
  overview(storageDir: string): Promise<ReviewOverview>;
  /**
   * Answered once the line is on disk. A patch that changes nothing is refused. `id` names the gesture: one that a journal
   * holds already is not written again, so that it can be sent anew by who does not know whether it arrived.
   *
   * `recording`, here and below, is the fingerprint of what was on the person's screen: the file may have been replaced
   * since, and what was said of one recording never goes to another. Without it, the one that is there now is meant.
   */
  gesture(
    episode: ReviewEpisode,
    name: string,
    patch: readonly Change[],
    named?: { id?: string | undefined; recording?: string | undefined },
  ): Promise<ToldReview>;
  /**
   * A line in the journal of each recording, none of which has to be open. Journals are kept one by one: where some fail,
   * the others stand, and what failed is told; sent again, what stands already is not written twice. Those where it is so
   * already are passed over.
   */
  together(storageDir: string, step: TogetherStep): Promise<TogetherEnd>;
  /** Takes the step of a group back wherever it is in effect, also where other steps came after it. */
  undoTogether(storageDir: string, group: string): Promise<TogetherEnd>;
  /** A step that is part of a group is taken back in all of its recordings. */
  undo(episode: ReviewEpisode, recording?: string): Promise<ToldReview>;
  redo(episode: ReviewEpisode, recording?: string): Promise<ToldReview>;
  /** Joins ticks that were painted to what was known of this person; answers all of them. */
  seen(episode: ReviewEpisode, add: readonly TickRange[]): Promise<TickRange[]>;
  /** Tells of the open reviews kept there anew: whether the project is blind has changed. */
  retell(storageDir: string): Promise<void>;
  /** Stops looking for foreign changes of an episode (by its id) that was closed. */
  release(episodeId: string): void;
  close(): Promise<void>;
}

export function openReviews(options: OpenReviewsOptions): ReviewService {
  return new Reviews(options);
}

interface OpenReview {
  storageDir: string;
  fingerprint: string;
  folder: JournalFolder;
  /** The run of its versions: those of another root, or of the workstation before, are others. `step` counts what was told. */
  run: string;
  step: number;
  episodes: Set<string>;
  watch: FolderWatch | undefined;
  /** The last task of this recording: the next one waits for it. */
  turn: Promise<unknown>;
}

class Reviews implements ReviewService {
  private readonly fingerprints: FingerprintCache;
  /** By storage folder and fingerprint: two copies of a recording in one root share a review. */
  private readonly reviews = new Map<string, OpenReview>();
  private readonly digests = new RootDigests();
  private install: Promise<string> | undefined;

  constructor(private readonly options: OpenReviewsOptions) {
    this.fingerprints = new FingerprintCache(options.decode, options.userDataDir);
  }

  fingerprintOf({ opened, revision }: ReviewEpisode): Promise<string> {
    return this.fingerprints.of(opened, revision);
  }

  rememberedFingerprint(episode: string, sizeBytes: number, modifiedMs: number): Promise<string | null> {
    return this.fingerprints.remembered(episode, sizeBytes, modifiedMs);
  }

  async get(episode: ReviewEpisode): Promise<Review> {
    const review = await this.reviewOf(episode);
    return this.inTurn(review, async () => {
      const changed = await this.refresh(review);
      this.watch(review, episode);
      const told = await this.told(review);
      if (changed) this.tell(review, told, episode.opened.episode.id);
      return told.review();
    });
  }

  async whole(episode: ReviewEpisode): Promise<Review> {
    const review = await this.reviewOf(episode);
    return this.inTurn(review, async () => {
      await review.folder.refresh();
      const { layers, problems } = review.folder;
      return reviewOf(review.fingerprint, await this.options.annotator(), layers, problems);
    });
  }

  async read(storageDir: string, fingerprint: string): Promise<Review> {
    const folder = this.folderOf(storageDir, fingerprint);
    await folder.refresh();
    return (await this.told({ storageDir, fingerprint, folder, ...NO_VERSION })).review();
  }

  async retell(storageDir: string): Promise<void> {
    const open = [...this.reviews.values()].filter((review) => review.storageDir === storageDir);
    for (const review of open)
      await this.inTurn(review, async () => {
        review.step++;
        this.tell(review, await this.told(review));
      });
  }

  async overview(storageDir: string): Promise<ReviewOverview> {
    const annotator = await this.options.annotator();
    const isBlind = (await this.options.isBlind?.(storageDir)) ?? false;
    const digests = await this.digests.of(storageDir);
    return overviewOf(
      [...digests].map(([recording, layers]) => {
        const own = layers.find((layer) => layer.annotator === annotator) ?? null;
        const isHidden = isBlind && !own?.isSubmitted;
        return { recording, own, others: isHidden ? [] : layers.filter((layer) => layer !== own) };
      }),
    );
  }

  gesture(
    episode: ReviewEpisode,
    name: string,
    patch: readonly Change[],
    named: { id?: string | undefined; recording?: string | undefined } = {},
  ): Promise<ToldReview> {
    return this.write(episode, doing(name, patch, TAXONOMY_VERSION), named);
  }

  async together(storageDir: string, { group, name, parts }: TogetherStep): Promise<TogetherEnd> {
    const end = await this.inEach(
      parts.map((part) => ({ review: this.openReview(storageDir, part.recording), part })),
      ({ review, part }) =>
        this.append(review, doingWhereItMatters(name, part.patch, TAXONOMY_VERSION), { id: part.id, group }),
    );
    this.options.onTogether?.(storageDir, []);
    return end;
  }

  async undoTogether(storageDir: string, group: string): Promise<TogetherEnd> {
    const end = await this.stepGroup(storageDir, group, 'undo');
    this.options.onTogether?.(storageDir, []);
    return end;
  }

  undo(episode: ReviewEpisode, recording?: string): Promise<ToldReview> {
    return this.stepBack(episode, 'undo', recording);
  }

  redo(episode: ReviewEpisode, recording?: string): Promise<ToldReview> {
    return this.stepBack(episode, 'redo', recording);
  }

  async seen(episode: ReviewEpisode, add: readonly TickRange[]): Promise<TickRange[]> {
    const { opened, storageDir } = episode;
    const ticks = opened.clocks.get(opened.episode.masterClock)?.length ?? 0;
    const bad = add.find(([from, to]) => !(from >= 0 && from <= to && to < ticks));
    if (bad) throw new Fault('REFUSED', `Ticks ${bad[0]} to ${bad[1]} are not in this episode of ${ticks} ticks.`);
    const review = await this.reviewOf(episode);
    const annotator = await this.options.annotator();
    const install = await this.installOnce();
    return this.inTurn(review, () => addSeen({ storageDir, fingerprint: review.fingerprint, annotator, install }, add));
  }

  release(episodeId: string): void {
    for (const [key, review] of this.reviews) {
      if (!review.episodes.delete(episodeId) || review.episodes.size > 0) continue;
      review.watch?.close();
      review.watch = undefined;
      this.reviews.delete(key);
    }
  }

  async close(): Promise<void> {
    for (const review of this.reviews.values()) review.watch?.close();
    await Promise.all([...this.reviews.values()].map((review) => review.turn));
    this.reviews.clear();
  }

  /** The last step of this person's is taken back or done again; one of a group in its other recordings too. */
  private async stepBack(episode: ReviewEpisode, kind: 'undo' | 'redo', recording?: string): Promise<ToldReview> {
    let group: string | undefined;
    const decide = (own: LayerHistory): Step => {
      const gesture = (kind === 'undo' ? own.undoable : own.redoable).at(-1);
      if (!gesture) throw new Fault('REFUSED', `There is nothing of yours to ${kind} in this episode.`);
      group = gesture.group;
      return steppingBack(own, kind, gesture);
    };
    const answer = await this.write(episode, decide, { recording });
    if (group !== undefined) {
      const { faults } = await this.stepGroup(episode.storageDir, group, kind);
      this.options.onTogether?.(
        episode.storageDir,
        faults.map(({ message }) => message),
      );
    }
    return answer;
  }

  /** In every recording of the root where the group's step can be taken back (or done again) still. */
  private async stepGroup(storageDir: string, group: string, kind: 'undo' | 'redo'): Promise<TogetherEnd> {
    const members: OpenReview[] = [];
    for (const recording of await recordingsThatSay(storageDir, group))
      members.push(this.openReview(storageDir, recording));
    const find = (own: LayerHistory) =>
      (kind === 'undo' ? own.undoable : own.redoable).findLast((line) => line.group === group);
    return this.inEach(
      members.map((review) => ({ review, part: { recording: review.fingerprint } })),
      ({ review }) =>
        this.append(review, (own) => {
          const gesture = find(own);
          return gesture && steppingBack(own, kind, gesture);
        }),
    );
  }

  /** One after the other: what fails is told, and the rest is done. */
  private async inEach<Member extends { part: { recording: string } }>(
    members: readonly Member[],
    act: (member: Member) => Promise<unknown>,
  ): Promise<TogetherEnd> {
    const end: TogetherEnd = { kept: 0, faults: [] };
    for (const member of members) {
      try {
        if ((await act(member)) !== undefined) end.kept++;
      } catch (error) {
        end.faults.push({ recording: member.part.recording, message: sentenceOf(error) });
      }
    }
    return end;
  }

  private async write(
    episode: ReviewEpisode,
    decide: (own: LayerHistory) => Step,
    { id, recording }: { id?: string | undefined; recording?: string | undefined },
  ): Promise<ToldReview> {
    const review = await this.reviewOf(episode, recording);
    return (await this.append(review, decide, { id, episode })) as ToldReview;
  }

  /** Undefined where `decide` finds nothing to say. */
  private async append(
    review: OpenReview,
    decide: (own: LayerHistory) => Step | undefined,
    { id = randomUUID(), group, episode }: { id?: string | undefined; group?: string; episode?: ReviewEpisode } = {},
  ): Promise<ToldReview | undefined> {
    const install = await this.installOnce();
    return this.inTurn(review, async () => {
      const { folder } = review;
      await this.refresh(review);
      const annotator = await this.options.annotator();
      const own = folder.layers.get(annotator) ?? emptyHistory(annotator);
      const kept = folder.lineOf(id);
      if (kept) {
        // It is in the file since a try that failed, but the disk never said so.
        if (folder.isDoubtful(id)) await folder.append(ownFileName(kept.annotator, install, 'jsonl'), kept);
        return this.told(review, { before: own, line: null, since: review.step });
      }
      const step = decide(own);
      if (!step) return undefined;
      const line: GestureLine = {
        v: JOURNAL_VERSION,
        id,
        at: new Date().toISOString(),
        clock: folder.nextClock,
        annotator,
        install,
        recording: review.fingerprint,
        ...step,
        ...(group === undefined ? {} : { group }),
      };
      const isNext = await folder.append(ownFileName(annotator, install, 'jsonl'), line);
      const since = review.step++;
      if (episode) this.watch(review, episode);
      // What a submission opens or closes is said by others.
      const isOwn = isNext && !step.patch.some(({ map }) => map === 'submission');
      const told = await this.told(review, isOwn ? { before: own, line, since } : undefined);
      this.tell(review, told);
      return told;
    });
  }

  /** Reads what others wrote meanwhile: it is no step from what was told before. */
  private async refresh(review: OpenReview): Promise<boolean> {
    const changed = await review.folder.refresh();
    if (changed) review.step++;
    return changed;
  }

  /** As this person may see it. `by`: the line of theirs that led here, where nothing else changed. */
  private async told(
    {
      storageDir,
      fingerprint,
      folder,
      run,
      step,
    }: Pick<OpenReview, 'storageDir' | 'fingerprint' | 'folder' | 'run' | 'step'>,
    by?: { before: LayerHistory; line: GestureLine | null; since: number },
  ): Promise<ToldReview> {
    const annotator = await this.options.annotator();
    const isBlind = (await this.options.isBlind?.(storageDir)) ?? false;
    const { layers, problems } = folder;
    const version: ReviewVersion = { run, step };
    const own = layers.get(annotator);
    const change = by && own ? { since: by.since, problems, ...changeBy(by.before, own, by.line) } : null;
    return {
      step: { fingerprint, annotator, version, change },
      review: () => reviewOf(fingerprint, annotator, layers, problems, isBlind, version),
    };
  }

  private folderOf(storageDir: string, fingerprint: string): JournalFolder {
    return new JournalFolder(storageDir, ['reviews', fingerprint], this.options.disk);
  }

  private tell(review: OpenReview, told: ToldReview, except?: string): void {
    for (const episode of review.episodes) if (episode !== except) this.options.onReview(episode, told);
  }

  private async reviewOf(episode: ReviewEpisode, recording?: string): Promise<OpenReview> {
    return this.openReview(episode.storageDir, recording ?? (await this.fingerprintOf(episode)));
  }

  private openReview(storageDir: string, fingerprint: string): OpenReview {
    const key = `${storageDir}\0${fingerprint}`;
    let review = this.reviews.get(key);
    if (!review) {
      const folder = this.folderOf(storageDir, fingerprint);
      review = {
        ...{ storageDir, fingerprint, folder, run: randomUUID(), step: 0 },
        ...{ episodes: new Set(), watch: undefined, turn: Promise.resolve() },
      };
      this.reviews.set(key, review);
    }
    return review;
  }

  private watch(review: OpenReview, episode: ReviewEpisode): void {
    review.episodes.add(episode.opened.episode.id);
    review.watch ??= new FolderWatch(review.folder.path, this.options.pollMs ?? 3000, () => this.lookAgain(review));
    review.watch.folderMayExist();
  }

  private async lookAgain(review: OpenReview): Promise<void> {
    await this.inTurn(review, async () => {
      if (await this.refresh(review)) this.tell(review, await this.told(review));
    });
  }

  private inTurn<T>(review: OpenReview, task: () => Promise<T>): Promise<T> {
    const result = review.turn.then(task);
    review.turn = result.catch(() => undefined);
    return result;
  }

  private installOnce(): Promise<string> {
    this.install ??= installId(this.options.userDataDir).catch((error) => {
      this.install = undefined;
      throw error;
    });
    return this.install;
  }
}
