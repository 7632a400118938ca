import { listFindings } from '../curation/detect/findings-store.ts';
import { Fault } from '../fault.ts';
import type { OpenEpisode } from '../library/open-episodes.ts';
import { procedures } from './implementer.ts';
import type { Services } from './services.ts';

export const reviewProcedures = {
  get: procedures.review.get.handler(async ({ context, input }) =>
    context.reviews.get(await context.episodes.open(input.episode)),
  ),
  overview: procedures.review.overview.handler(({ context, input }) =>
    context.reviews.overview(context.roots.get(input.root).storage.folder),
  ),
  gesture: procedures.review.gesture.handler(async ({ context, input }) =>
    context.reviews.gesture(await openToWrite(context, input.episode), input.name, input.patch, input),
  ),
  together: procedures.review.together.handler(async ({ context, input: { root, parts, ...step } }) => {
    const storageDir = context.roots.get(root).storage.folder;
    const listed = await listedFingerprints(context, root);
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
  undoTogether: procedures.review.undoTogether.handler(({ context, input: { root, group } }) =>
    context.reviews.undoTogether(context.roots.get(root).storage.folder, group),
  ),
  publication: procedures.review.publication.handler(({ context, input: { episode, instruction } }) =>
    context.publication(episode, { instruction }),
  ),
  undo: procedures.review.undo.handler(async ({ context, input }) =>
    context.reviews.undo(await context.episodes.open(input.episode), input.recording),
  ),
  redo: procedures.review.redo.handler(async ({ context, input }) =>
    context.reviews.redo(await context.episodes.open(input.episode), input.recording),
  ),
};

/** Of recordings that are in the list of the root: what is not granted is not written to. */
async function listedFingerprints({ roots }: Services, root: string): Promise<Set<string>> {
  const paths = new Set(roots.library(root).entries.map((entry) => entry.path));
  const found = await listFindings(roots.get(root).storage.folder);
  return new Set(found.filter((each) => paths.has(each.path)).map((each) => each.fingerprint));
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
