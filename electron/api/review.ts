import { countExports } from '../bundles/exports-log.ts';
import { listFindings } from '../curation/detect/findings-store.ts';
import { Fault, sentenceOf } from '../fault.ts';
import type { OpenEpisode } from '../library/open-episodes.ts';
import { splitEpisodeId } from '../library/paths.ts';
import { procedures } from './implementer.ts';
import type { Services } from './services.ts';

export const reviewProcedures = {
  get: procedures.review.get.handler(async ({ context, input }) =>
    context.reviews.get(await context.episodes.open(input.episode)),
  ),
  overview: procedures.review.overview.handler(async ({ context, input }) => {
    const { folder } = context.roots.get(input.root).storage;
    const [overview, exports] = await Promise.all([context.reviews.overview(folder), countExports(folder)]);
    return { ...overview, exports };
  }),
  gesture: procedures.review.gesture.handler(async ({ context, input }) => {
    const episode = await openToWrite(context, input.episode);
    return (await context.reviews.gesture(episode, input.name, input.patch, input)).step;
  }),
  together: procedures.review.together.handler(async ({ context, input: { root, parts, ...step } }) => {
    const storageDir = context.roots.get(root).storage.folder;
    const listed = await listedFingerprints(context, root, parts);
    const known = parts.filter(({ recording }) => listed.has(recording));
    const { kept, faults } = await context.reviews.together(storageDir, { ...step, parts: known });
    const unknown = parts
      .filter(({ recording }) => !listed.has(recording))
      .map(({ recording }) => ({
        recording,
        message: 'A recording is not in the list any more: look for new episodes.',
      }));
    return { kept, faults: [...faults, ...unknown] };
  }),
  recordings: procedures.review.recordings.handler(async ({ context, input: { root, episodes } }) => {
    context.roots.get(root);
    const found = [];
    for (const episode of episodes) found.push(await recordingOf(context, root, episode));
    return found;
  }),
  undoTogether: procedures.review.undoTogether.handler(({ context, input: { root, group } }) =>
    context.reviews.undoTogether(context.roots.get(root).storage.folder, group),
  ),
  publication: procedures.review.publication.handler(({ context, input: { episode, instruction } }) =>
    context.publication(episode, { instruction }),
  ),
  undo: procedures.review.undo.handler(async ({ context, input }) => {
    const episode = await context.episodes.open(input.episode);
    return (await context.reviews.undo(episode, input.recording)).step;
  }),
  redo: procedures.review.redo.handler(async ({ context, input }) => {
    const episode = await context.episodes.open(input.episode);
    return (await context.reviews.redo(episode, input.recording)).step;
  }),
};

/** Of recordings that are in the list of the root: what is not granted is not written to. */
async function listedFingerprints(
  context: Services,
  root: string,
  parts: readonly { recording: string; episode?: string | undefined }[],
): Promise<Set<string>> {
  const { roots } = context;
  const paths = new Set(roots.library(root).entries.map((entry) => entry.path));
  const found = await listFindings(roots.get(root).storage.folder);
  const known = new Set(found.filter((each) => paths.has(each.path)).map((each) => each.fingerprint));
  for (const { recording, episode } of parts)
    if (episode !== undefined && !known.has(recording)) {
      const there = await rememberedIn(context, root, episode).catch(() => null);
      if (there === recording) known.add(recording);
    }
  return known;
}

/** The fingerprint of a listed recording as it was met last; null where it is not in the list or was not met as it is now. */
async function rememberedIn({ roots, reviews }: Services, root: string, episode: string): Promise<string | null> {
  const place = splitEpisodeId(episode);
  const entry = place.root === root ? roots.get(root).library.get(place.below) : undefined;
  return entry ? reviews.rememberedFingerprint(entry.id, entry.sizeBytes, entry.modifiedMs) : null;
}

async function recordingOf(context: Services, root: string, episode: string) {
  try {
    const remembered = await rememberedIn(context, root, episode);
    if (remembered !== null) return { episode, recording: remembered, fault: null };
    const { root: its, below } = splitEpisodeId(episode);
    if (its !== root) throw new Fault('NOT_FOUND', `${below} is not in this dataset.`);
    const { fingerprint } = await context.episodes.open(episode);
    // What cannot be remembered could not be told apart from other recordings when the step comes.
    const isKnown = fingerprint !== null && (await rememberedIn(context, root, episode)) === fingerprint;
    const fault = isKnown ? null : `${below} cannot be told apart from other recordings: open it to see what is wrong.`;
    return { episode, recording: isKnown ? fingerprint : null, fault };
  } catch (error) {
    return { episode, recording: null, fault: sentenceOf(error) };
  }
}

/** A window drops a gesture that is refused: an episode that is only out of reach for now must not answer with that. */
async function openToWrite(context: Services, id: string): Promise<OpenEpisode> {
  try {
    return await context.episodes.open(id);
  } catch (error) {
    if (error instanceof Fault && error.code === 'REFUSED') throw new Fault('UNUSABLE', error.message);
    throw error;
  }
}
