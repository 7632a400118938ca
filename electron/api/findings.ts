import type { JudgedRecording } from '../../shared/api/findings.ts';
import { listFindings, readFindings } from '../curation/detect/findings-store.ts';
import { procedures } from './implementer.ts';

/** Recordings in one answer: some hundred kilobytes at most. */
const PORTION = 100;

export const findingsProcedures = {
  get: procedures.findings.get.handler(async ({ context, input }) => {
    const { storageDir, fingerprint } = await context.episodes.open(input.episode);
    return { detected: fingerprint === null ? null : await readFindings(storageDir, fingerprint) };
  }),
  list: procedures.findings.list.handler(async ({ context, input: { root, task, date, from } }) => {
    const storageDir = context.roots.get(root).storage.folder;
    const listed = new Set(context.roots.library(root).entries.map((entry) => entry.path));
    const all = (await listFindings(storageDir)).filter(
      (found) =>
        listed.has(found.path) &&
        (task === undefined || found.task === task) &&
        (date === undefined || found.date === date),
    );
    const recordings: JudgedRecording[] = [];
    for (const detected of all.slice(from, from + PORTION)) {
      const review = await context.reviews.read(storageDir, detected.fingerprint);
      recordings.push({ episode: `${root}/${detected.path}`, detected, review });
    }
    return { recordings, next: from + PORTION < all.length ? from + PORTION : null };
  }),
};
