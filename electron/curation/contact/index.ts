import { z } from 'zod';
import { sentenceOf } from '../../fault.ts';
import type { Stage } from '../stage.ts';

const options = z.object({
  reference: z
    .enum(['first-at-percentile', 'smoothed-minimum', 'quietest-to-median', 'percentile-to-median'])
    .default('first-at-percentile'),
  trim: z.boolean().default(true),
  force: z.boolean().default(false),
});
export type ContactOptions = z.infer<typeof options>;

export const stage: Stage<ContactOptions> = {
  id: 'contact',
  order: 4,
  title: 'Index contact',
  description:
    'Tell from the gels how hard, how widely and where they are touched, tick by tick, and write processed/mode1_v1/<task>/<date>/<episode>.pt with pictures, poses and these figures; beside it a summary (.contact.json) and the gels at rest (.gs_ref_*.png).',
  example: 'regrasp contact ~/recordings --task motherboard --only-date 2026-05-11',
  flags: [
    [
      '--reference <definition>',
      'what the gel at rest is: first-at-percentile (default), smoothed-minimum, quietest-to-median, percentile-to-median',
    ],
    ['--no-trim', 'keep the ticks before all active sensors were tracked'],
    ['--force', 'make files anew that are as they would be made'],
  ],
  options,
  reads: 'recordings',
  async run(context) {
    const { indexContact } = await import('./index-contact.ts');
    const made: Record<string, unknown>[] = [];
    const lines: string[] = [];
    let fresh = 0;
    let withoutGels = 0;
    const total = context.episodes.length;
    for (const [at, episode] of context.episodes.entries()) {
      context.signal.throwIfAborted();
      context.progress({ done: at, total, message: episode.path });
      try {
        const end = await indexContact(context, episode, (share) =>
          context.progress({ done: at, total, message: `${episode.path}, ${Math.floor(100 * share)} %` }),
        );
        if (end.state === 'no-gels') {
          withoutGels += 1;
          continue;
        }
        if (end.state === 'fresh') fresh += 1;
        made.push({ episode: episode.path, state: end.state, file: end.file, ...end.figures });
        if (end.line) lines.push(end.line);
      } catch (error) {
        context.signal.throwIfAborted();
        context.fail(episode.path, sentenceOf(error));
      }
    }
    context.progress({ done: total, total, message: '' });
    const written = made.length - fresh;
    const parts = [
      `Indexed the contact of ${written} ${written === 1 ? 'recording' : 'recordings'}`,
      ...(fresh > 0
        ? [`${fresh} ${fresh === 1 ? 'was' : 'were'} as ${fresh === 1 ? 'it' : 'they'} should be already`]
        : []),
      ...(withoutGels > 0 ? [`${withoutGels} ${withoutGels === 1 ? 'has' : 'have'} no gels`] : []),
    ];
    return { message: `${parts.join('; ')}.`, lines, result: { episodes: made } };
  },
};
