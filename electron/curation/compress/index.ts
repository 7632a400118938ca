import path from 'node:path';
import { z } from 'zod';
import { Fault, sentenceOf } from '../../fault.ts';
import type { Stage } from '../stage.ts';

const options = z.object({
  level: z.coerce.number().int().min(1).max(9).default(4),
});

export const stage: Stage<z.infer<typeof options>> = {
  id: 'compress',
  order: 2,
  title: 'Compress recordings',
  description:
    'Pack HDF5 recordings with shuffle and gzip in place of what they were recorded with, so that every reader opens them. Each copy is compared with its original value by value before it takes its place; the original is kept until then.',
  example: 'regrasp compress ~/recordings --task pushT --only-date 2026-06-18',
  flags: [['--level <number>', 'gzip level, 1 to 9; default 4']],
  options,
  reads: 'recordings',
  altersSource: true,
  async run(context) {
    const { rewriteFile } = await import('../../hdf5/rewrite-file.ts');
    const { stat } = await import('node:fs/promises');
    const files = new Map<string, (typeof context.episodes)[number][]>();
    for (const episode of context.episodes) {
      const below = episode.path.split('::')[0] as string;
      if (/\.(h5|hdf5)$/i.test(below)) files.set(below, [...(files.get(below) ?? []), episode]);
    }
    if (files.size === 0) {
      return {
        message: 'There is nothing to compress: none of these recordings is an HDF5 file.',
        result: { files: [] },
      };
    }
    const sizes = new Map<string, number>();
    for (const below of files.keys()) {
      const stats = await stat(path.join(context.root.path, below)).catch(() => undefined);
      sizes.set(below, stats?.size ?? 0);
    }
    const total = Math.round([...sizes.values()].reduce((sum, size) => sum + size, 0) / 1e6);
    const done: { file: string; state: string; bytesBefore: number; bytesAfter: number }[] = [];
    let doneBytes = 0;
    for (const [below, episodes] of files) {
      context.signal.throwIfAborted();
      const size = sizes.get(below) ?? 0;
      const progress = (bytes: number, step: string) =>
        context.progress({
          done: Math.round((doneBytes + Math.min(bytes, size)) / 1e6),
          total,
          message: `MB: ${step} ${below}`,
        });
      let copied = 0;
      let step = 'copying';
      try {
        const fault = episodes.find((episode) => episode.fault)?.fault;
        if (fault) throw new Fault('UNUSABLE', fault);
        const { state, ...sizes } = await rewriteFile(path.join(context.root.path, below), {
          ...{ verb: 'compress', edit: null },
          level: context.options.level,
          workerDir: context.workerDir,
          pluginDir: context.pluginDir,
          signal: context.signal,
          release: async () => {
            for (const episode of episodes) await context.release(episode);
          },
          onBytes: (bytes) => {
            copied += bytes;
            progress(copied, step);
          },
          onStep: (next) => {
            step = next;
            progress(copied, step);
          },
        });
        done.push({ file: below, state: state === 'rewritten' ? 'compressed' : state, ...sizes });
        if (state === 'rewritten') context.log(`${below}: ${shrunk(sizes)}`);
      } catch (error) {
        context.signal.throwIfAborted();
        context.fail(below, withRemedy(sentenceOf(error)));
      }
      doneBytes += size;
    }
    context.progress({ done: total, total, message: 'MB packed' });
    const compressed = done.filter(({ state }) => state === 'compressed');
    const sum = (of: 'bytesBefore' | 'bytesAfter') => compressed.reduce((all, each) => all + each[of], 0);
    const already = done.length - compressed.length;
    const saved = shrunk({ bytesBefore: sum('bytesBefore'), bytesAfter: sum('bytesAfter') });
    const parts = [
      compressed.length > 0 || already === 0
        ? `${compressed.length} of ${files.size} files were compressed${compressed.length > 0 ? ` (${saved})` : ''}`
        : 'Nothing had to be done',
      ...(already > 0 ? [`${already} ${already === 1 ? 'was' : 'were'} shuffled and gzip already`] : []),
    ];
    return { message: `${parts.join('; ')}.`, result: { level: context.options.level, files: done } };
  },
};

/** What can be done about a file that was not packed, where its reason does not say. */
function withRemedy(sentence: string): string {
  const [, reason] = / stays as it is: (.*)$/.exec(sentence) ?? [];
  if (reason === undefined || reason.includes(': ') || reason.includes('holds it as it was')) return sentence;
  return / is damaged|points outside|is no HDF5/.test(reason)
    ? `${sentence} Restore it from a copy; regrasp check --quarantine puts aside what cannot be opened.`
    : `${sentence} The other stages read it unpacked (regrasp curate --skip compress).`;
}

function shrunk({ bytesBefore, bytesAfter }: { bytesBefore: number; bytesAfter: number }): string {
  const share = bytesBefore > 0 ? ` (${Math.round((100 * bytesAfter) / bytesBefore)} %)` : '';
  return `${(bytesBefore / 1e6).toFixed(1)} MB to ${(bytesAfter / 1e6).toFixed(1)} MB${share}`;
}
