import { z } from 'zod';
import type { Stage } from '../stage.ts';
import type { CheckedRecording } from './check-recording.ts';

const options = z.object({ deep: z.boolean().default(false), quarantine: z.boolean().default(false) });

export const stage: Stage<z.infer<typeof options>> = {
  id: 'check',
  order: 1,
  title: 'Check recordings',
  description:
    "Apply every rule of each recording's format and print all that is wrong, not the first; a few samples of every stream are decoded. Nothing is altered, unless --quarantine is given.",
  example: 'regrasp check ~/recordings --deep',
  flags: [
    ['--deep', 'decode every sample of every stream, not a few'],
    [
      '--quarantine',
      'rename to <name>.corrupt what cannot be opened or whose counts disagree; nothing is overwritten or removed',
    ],
  ],
  options,
  reads: 'recordings',
  async run(context) {
    const { checkRecording } = await import('./check-recording.ts');
    const recordings: CheckedRecording[] = [];
    for (const episode of context.episodes) {
      context.signal.throwIfAborted();
      context.progress({ done: recordings.length, total: context.episodes.length, message: episode.path });
      recordings.push(await checkRecording(context, episode));
    }
    context.progress({ done: recordings.length, total: recordings.length, message: 'recordings checked' });
    return {
      message: sumOf(recordings),
      lines: [context.root.path, ...recordings.flatMap(linesOf)],
      result: { recordings },
      foundProblems: recordings.some(({ status }) => status === 'error'),
    };
  },
};

function sumOf(recordings: readonly CheckedRecording[]): string {
  const count = (wanted: CheckedRecording['status']) => recordings.filter(({ status }) => status === wanted).length;
  const moved = recordings.filter(({ quarantined }) => quarantined !== undefined).length;
  const sum = `${recordings.length} recordings: ${count('good')} good, ${count('warning')} with warnings, ${count('error')} with errors`;
  return moved === 0 ? `${sum}.` : `${sum}; ${moved} in quarantine.`;
}

function linesOf(recording: CheckedRecording): string[] {
  const { path, format, status, problems, notes, take, decoded, quarantined } = recording;
  const repeats = (decoded ?? []).filter(({ repeated }) => (repeated ?? 0) > 0);
  return [
    `${path} (${format}): ${status}`,
    ...problems.map(({ severity, code, message }) => `  ${severity} ${code}: ${message}`),
    ...notes.map((note) => `  ${note}`),
    ...(take ?? []).map(({ isFine, text }) => `  ${isFine ? 'yes' : 'NO '} ${text}`),
    ...repeats.map(
      ({ stream, repeated, count }) => `  ${stream}: ${repeated} of ${count} samples repeat the one before`,
    ),
    ...(quarantined ? [`  renamed to ${quarantined}`] : []),
  ];
}
