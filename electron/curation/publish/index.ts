import { z } from 'zod';
import type { Publication } from '../../../shared/review/oopsie/publication.ts';
import { Fault, sentenceOf } from '../../fault.ts';
import type { Stage } from '../stage.ts';

const options = z.object({
  dryRun: z.boolean().default(false),
  annotator: z.string().max(1000).optional(),
  instruction: z.string().max(20_000).optional(),
});

type Published = Pick<Publication, 'annotator' | 'changes' | 'notes'> & {
  path: string;
  state: 'published' | 'planned' | 'unchanged' | 'nothing' | 'failed';
};

export const stage: Stage<z.infer<typeof options>> = {
  id: 'publish',
  order: 13,
  title: 'Publish reviews into their recordings',
  description:
    "Write a person's review into Oopsie recordings, under that person's name, where every tool of the format reads it. The new file is compared with the old one value by value before it takes its place; what others said stays.",
  example: 'regrasp publish ~/oopsie/20260710_101500/20260710_101503.h5 --dry-run',
  flags: [
    ['--dry-run', 'say what would be written, and write nothing'],
    ['--annotator <name>', 'whose review, and under whose name; default: the name in your settings'],
    ['--instruction <words>', 'what the robot was asked to do, in other words; for one recording'],
  ],
  options,
  reads: 'recordings',
  altersSource: true,
  async run(context) {
    const { publicationOf } = await import('./publication-of.ts');
    const { rewriteFile } = await import('../../hdf5/rewrite-file.ts');
    const { dryRun, annotator, instruction } = context.options;
    const isOne = context.episodes.length === 1;
    const episodes = context.episodes.filter(({ format }) => isOne || format === 'oopsie');
    const { taxonomy } = await context.taxonomy();
    const { blindUntilSubmitted: isBlind } = await context.datasetSettings();
    if (episodes.length === 0)
      return { message: 'None of these recordings is an Oopsie file.', result: { recordings: [] } };
    if (instruction !== undefined && !isOne)
      throw new Fault('REFUSED', 'An instruction is of one recording: name its file.');
    const recordings: Published[] = [];
    for (const [done, episode] of episodes.entries()) {
      context.signal.throwIfAborted();
      context.progress({ done, total: episodes.length, message: episode.path });
      let about: Pick<Publication, 'annotator' | 'changes' | 'notes'> = { annotator: '', changes: [], notes: [] };
      try {
        const open = await context.open(episode);
        const review = await context.review(episode);
        const parts = { file: open.path, opened: open.opened, review, taxonomy, isBlind, hdf5: context.decode };
        const { edit, state, reason, ...publication } = await publicationOf({ ...parts, annotator, instruction });
        about = { annotator: publication.annotator, changes: publication.changes, notes: publication.notes };
        if (state === 'refused') throw new Fault('REFUSED', `it stays as it is: ${reason}`);
        if (state === 'nothing' && isOne)
          throw new Fault('REFUSED', `${publication.annotator} has said nothing of it that could be published.`);
        if (edit === null || dryRun) {
          recordings.push({ path: episode.path, state: edit === null ? (state as 'nothing') : 'planned', ...about });
          continue;
        }
        const { sizeBytes, modifiedMs } = open.opened.episode;
        await rewriteFile(open.path, {
          ...{ verb: 'publish', level: null, edit, expected: { sizeBytes, modifiedMs } },
          ...{ workerDir: context.workerDir, pluginDir: context.pluginDir, signal: context.signal },
          release: () => context.release(episode),
        });
        // Opened once more meanwhile, it is what it was before.
        await context.release(episode);
        await context.decode.release(open.path);
        recordings.push({ path: episode.path, state: 'published', ...about });
        context.log(`${episode.path}: published as ${publication.annotator}`);
      } catch (error) {
        context.signal.throwIfAborted();
        recordings.push({ path: episode.path, state: 'failed', ...about });
        context.fail(episode.path, sentenceOf(error));
      }
    }
    context.progress({ done: episodes.length, total: episodes.length, message: 'recordings' });
    return { message: sumOf(recordings), lines: dryRun ? recordings.flatMap(linesOf) : [], result: { recordings } };
  },
};

function sumOf(recordings: readonly Published[]): string {
  const words = {
    published: 'published',
    planned: 'to be published',
    unchanged: 'unchanged',
    nothing: 'without a review',
    failed: 'left as it was',
  };
  const parts = Object.entries(words).flatMap(([state, word]) => {
    const count = recordings.filter((each) => each.state === state).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${recordings.length} ${recordings.length === 1 ? 'recording' : 'recordings'}: ${parts.join(', ')}.`;
}

function linesOf({ path, annotator, changes, notes, state }: Published): string[] {
  if (state !== 'planned') return [];
  const value = (text: string | null) => (text === null ? 'nothing' : JSON.stringify(brief(text)));
  return [
    `${path}, as ${annotator}:`,
    ...changes.map(({ group, attribute, before, after }) => {
      const at = attribute === '' ? group : `${group} ${attribute}`;
      return before === null ? `  ${at}: ${value(after)}` : `  ${at}: ${value(before)} becomes ${value(after)}`;
    }),
    ...notes.map((note) => `  ${note}`),
  ];
}

function brief(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
