import type { Candidate } from '../../../shared/bundles/candidate.ts';
import type { RecipeFilter } from '../../../shared/bundles/recipe.ts';
import { masterClockOf } from '../../../shared/episode/episode.ts';
import type { Review } from '../../../shared/review/review.ts';
import { readFindings } from '../../curation/detect/findings-store.ts';
import type { StageContext, StageEpisode } from '../../curation/stage.ts';
import { sentenceOf } from '../../fault.ts';
import { addSeen } from '../../review/seen.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { gapsOf } from './gaps.ts';
import type { KnownRecordings, RecordingFacts } from './known-recordings.ts';
import { type Stamp, stampOf } from './stamp.ts';

/** What a plan needs of the workstation: nothing that writes. */
export type PlanContext = Pick<
  StageContext<unknown>,
  'root' | 'episodes' | 'open' | 'taxonomy' | 'progress' | 'signal'
> & {
  review(episode: StageEpisode, fingerprint: string): Promise<Review>;
  /** Recordings that were looked at before and need not be opened. */
  known?: KnownRecordings;
};

export interface Gathered {
  readonly candidate: Candidate;
  readonly episode: StageEpisode;
  /** Of its files when it was looked at. */
  readonly stamp: Stamp;
}

/** A recording that cannot be looked at, and why. */
export interface Unusable {
  readonly episode: StageEpisode;
  readonly reason: string;
}

/**
 * Every recording of the root as the plan sees it, in order of path. What names, task and date leave out already is not opened.
 * Numbers of a recording are not held: it is opened anew for the units that are made of it.
 */
export async function gather(
  context: PlanContext,
  filter: RecipeFilter,
): Promise<{ gathered: Gathered[]; unusable: Unusable[]; notOpened: StageEpisode[] }> {
  const gathered: Gathered[] = [];
  const unusable: Unusable[] = [];
  const notOpened: StageEpisode[] = [];
  const { episodes, progress, signal } = context;
  for (const [at, episode] of episodes.entries()) {
    signal.throwIfAborted();
    progress({ done: at, total: episodes.length, message: episode.path });
    if (isLeftOut(episode, filter)) {
      notOpened.push(episode);
      continue;
    }
    try {
      if (episode.fault !== null) throw new Error(episode.fault);
      const { facts, stamp } = (await context.known?.get(episode.id)) ?? (await look(context, episode));
      gathered.push({ candidate: await candidateOf(context, episode, facts, filter), episode, stamp });
    } catch (error) {
      signal.throwIfAborted();
      unusable.push({ episode, reason: sentenceOf(error) });
    }
  }
  return { gathered, unusable, notOpened };
}

function isLeftOut({ path, task, date }: StageEpisode, { paths, tasks, dateFrom, dateTo }: RecipeFilter): boolean {
  if (paths && !paths.includes(path)) return true;
  if (tasks && !tasks.includes(task)) return true;
  return (dateFrom !== undefined && date < dateFrom) || (dateTo !== undefined && date > dateTo);
}

async function look(context: PlanContext, episode: StageEpisode): Promise<{ facts: RecordingFacts; stamp: Stamp }> {
  const open = await context.open(episode);
  const stamp = await stampOf(open);
  const known = { facts: await factsOf(episode, open), stamp };
  context.known?.keep(episode.id, known);
  return known;
}

async function factsOf(stage: StageEpisode, open: OpenWorkstationEpisode): Promise<RecordingFacts> {
  const { opened, fingerprint } = open;
  const { episode, clocks } = opened;
  if (fingerprint === null)
    throw new Error(`${episode.path} cannot be told apart from other recordings, so nothing said of it can be found.`);
  const { path, task, date, properties, streams, series, tracks, masterClock } = episode;
  return {
    ...{ episode: stage.id, path, task, date, fingerprint, properties },
    times: clocks.get(masterClock) ?? new Float64Array(0),
    medianPeriodNs: masterClockOf(episode).medianPeriodNs ?? 1e9,
    holds: { path, streams, series, tracks },
    gaps: await gapsOf(open),
  };
}

async function candidateOf(
  context: PlanContext,
  stage: StageEpisode,
  facts: RecordingFacts,
  filter: RecipeFilter,
): Promise<Candidate> {
  const { fingerprint } = facts;
  const [review, findings] = await Promise.all([
    context.review(stage, fingerprint),
    readFindings(context.root.storageDir, fingerprint),
  ]);
  return {
    ...facts,
    review,
    findings: findings?.findings ?? null,
    seen: await seenBy(context.root.storageDir, fingerprint, review, filter),
  };
}

/** Read where the recipe asks for it alone. */
async function seenBy(
  storageDir: string,
  fingerprint: string,
  { own, others }: Review,
  { seenShareAtLeast }: RecipeFilter,
): Promise<Candidate['seen']> {
  if (seenShareAtLeast === undefined) return new Map();
  const people = [own, ...others].map(({ annotator }) => annotator);
  const place = (annotator: string) => ({ storageDir, fingerprint, annotator, install: 'none' });
  return new Map(
    await Promise.all(people.map(async (annotator) => [annotator, await addSeen(place(annotator), [])] as const)),
  );
}
