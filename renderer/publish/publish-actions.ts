import { type Job, STAGE_JOB } from '../../shared/api/jobs.ts';
import type { Publication } from '../../shared/review/oopsie/publication.ts';
import { api } from '../app/api.ts';
import { openEpisode } from '../app/episodes.ts';
import { notify, sentenceOf } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { perform } from '../review/review-actions.ts';

/** Only an instruction that is another is asked for: the file's own stays by itself. */
export function askedInstruction(instruction: string, ofFile: string): { instruction?: string } {
  return instruction === ofFile ? {} : { instruction };
}

/** What would be written; a sentence where that cannot be told. */
export async function readPublication(episode: string, asked: { instruction?: string }): Promise<Publication | string> {
  return api.review.publication({ episode, ...asked }).catch(sentenceOf);
}

/** Starts it as a job; answers its id, or a sentence where it could not be started. */
export async function startPublishing(
  episode: string,
  options: { instruction?: string },
): Promise<{ job: string } | { fault: string }> {
  const root = episode.slice(0, episode.indexOf('/'));
  try {
    const asked = { stage: 'publish', root, only: episode, options };
    return { job: (await api.jobs.start({ kind: STAGE_JOB, options: asked })).id };
  } catch (error) {
    return { fault: sentenceOf(error) };
  }
}

/** One sentence on why an ended job published nothing; null where it did. */
export function faultOfJob({ state, failures, message }: Job): string | null {
  const [failed] = failures;
  if (failed) return failed.message;
  return state === 'done' ? null : message;
}

/** The file is another one now: it is opened again where one was in it. */
export function showPublished(episode: string, annotator: string): void {
  notify('good', `Published into the recording as ${annotator}.`);
  const { open } = useSession.getState();
  if (open?.episode.id !== episode) return;
  void openEpisode(episode, { tick: open.player.commandedTick() }, { again: true });
}

/** What the file says under one's name becomes part of the own review, in one step. */
export function takeOver({ takeOver: patch }: Publication): void {
  void perform({ name: 'Take over from the recording', patch });
}
