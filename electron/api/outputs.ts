import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import type { LibraryEntry } from '../../shared/api/library.ts';
import { decodeOutputRequest, OUTPUT_KINDS, type OutputKind } from '../../shared/api/outputs.ts';
import { outputFile, tagOf } from '../curation/outputs/output-state.ts';
import { openedOutputs, recordingOutputs } from '../curation/outputs/recording-outputs.ts';
import { episodeOf } from '../curation/run-stage.ts';
import { Fault, reasonOf } from '../fault.ts';
import { isWithin, resolveRecording, splitEpisodeId } from '../library/paths.ts';
import { textResponse } from './binary.ts';
import { answerPart } from './file-part.ts';
import { procedures } from './implementer.ts';
import type { Services } from './services.ts';

/** Recordings in one answer; a few at once, so that nothing else waits for their files. */
const PORTION = 50;
const SIDE_BY_SIDE = 4;

export const outputProcedures = {
  list: procedures.outputs.list.handler(async ({ context, input: { root, task, date, from } }) => {
    const { entries } = context.roots.library(root);
    const all = inOrder(
      entries.filter(
        (entry) =>
          !entry.listsOthers &&
          (task === undefined || entry.task === task) &&
          (date === undefined || entry.date === date),
      ),
    );
    const place = placeOf(context, root);
    const wanted = all.slice(from, from + PORTION);
    const recordings = await inTurns(wanted, SIDE_BY_SIDE, (entry) => recordingOutputs(place, entry, context.reviews));
    return { recordings, next: from + PORTION < all.length ? from + PORTION : null };
  }),
  get: procedures.outputs.get.handler(async ({ context, input }) => {
    const episode = await context.episodes.open(input.episode);
    return openedOutputs(placeOf(context, episode.root), listed(context, input.episode), episode, context.reviews);
  }),
};

/** By path. Folders are walked in their order, so that most lists of thousands are so already. */
function inOrder(entries: LibraryEntry[]): LibraryEntry[] {
  const isSorted = entries.every((entry, at) => at === 0 || (entries[at - 1] as LibraryEntry).path <= entry.path);
  return isSorted ? entries : entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const KINDS: Record<OutputKind, { type: string; word: string; isIt(head: Buffer): boolean }> = {
  preview: { type: 'video/mp4', word: 'MP4', isIt: (head) => head.toString('latin1', 4, 8) === 'ftyp' },
  gallery: { type: 'image/gif', word: 'GIF', isIt: (head) => head.toString('latin1', 0, 4) === 'GIF8' },
};

/** GET /api/output: see shared/api/outputs.ts. */
export async function answerOutput(services: Services, request: Request, query: string): Promise<Response> {
  const wanted = decodeOutputRequest(query);
  if (!wanted)
    return textResponse(
      400,
      `This is no request for an output: episode, kind (${OUTPUT_KINDS.join(', ')}) and tag are needed.`,
    );
  const { kind, tag } = wanted;
  services.reader.noteWanted();
  const { root: rootId, below } = splitEpisodeId(wanted.episode);
  const root = services.roots.get(rootId);
  // Who may see a recording may see what was made of it; who may not is told as for the recording itself.
  await resolveRecording(root.path, below, root.prefixes);
  const recording = episodeOf(listed(services, wanted.episode));
  const file = outputFile({ root, out: null }, recording, kind);
  const handle = await openWithin(root.path, file, `The ${kind} of ${below}`);
  try {
    const stats = await handle.stat({ bigint: true });
    if (tagOf(stats) !== tag) throw new Fault('NOT_FOUND', `The ${kind} of ${below} was made anew: load it again.`);
    const { type, word, isIt } = KINDS[kind];
    const head = Buffer.alloc(12);
    await handle.read(head, 0, head.length, 0);
    if (!isIt(head)) throw new Fault('UNUSABLE', `The ${kind} of ${below} is no ${word}: make it again.`);
    // A tag is of one content alone, and pictures are asked for again whenever they come into sight.
    const kept = kind === 'gallery' ? 'private, max-age=3600' : 'no-store';
    return await answerPart(request, handle, Number(stats.size), `"${tag}"`, type, kept);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function placeOf({ roots }: Services, id: string) {
  const { path, storage } = roots.get(id);
  return { path, storageDir: storage.folder };
}

function listed({ roots }: Services, id: string) {
  const { root, below } = splitEpisodeId(id);
  const entry = roots.entry(root, below);
  if (!entry) throw new Fault('NOT_FOUND', `${below} is not in the list: scan the dataset again.`);
  return entry;
}

/** A plain file that really lies in the root, whatever links lead there. */
async function openWithin(root: string, file: string, what: string): Promise<FileHandle> {
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined) throw new Fault('NOT_FOUND', `${what} is not there: run the stage that makes it.`);
  if (!isWithin(root, real)) throw new Fault('REFUSED', `${what} lies behind a link that leaves the dataset.`);
  const handle = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    throw new Fault('UNUSABLE', `${what} cannot be read: ${reasonOf(error) ?? 'the system refused'}.`);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Fault('UNUSABLE', `${what} is no plain file.`);
}

/** Answers of `work` in the order of `items`, so many at once. */
async function inTurns<Item, Answer>(
  items: readonly Item[],
  sideBySide: number,
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) answers[at] = await work(items[at] as Item);
  };
  await Promise.all(Array.from({ length: sideBySide }, lane));
  return answers;
}
