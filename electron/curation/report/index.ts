import { z } from 'zod';
import type { Stage } from '../stage.ts';

const options = z.object({
  date: z.string().optional(),
  /** Where the workstation is served, so that moments are links: http or https. */
  link: z
    .url({ protocol: /^https?$/, error: 'give the address that regrasp serve prints, without its token' })
    .optional(),
  gifs: z.boolean().default(true),
  clips: z.boolean().default(false),
});
export type ReportOptions = z.infer<typeof options>;

export const stage: Stage<ReportOptions> = {
  id: 'report',
  order: 12,
  title: 'Write the report of a session',
  description:
    'Write one HTML file that needs no network: what was found in each recording with the signals behind it, what people decided, the preview GIFs, counters, and the address of every moment; and how check and preflight stand.',
  example: 'regrasp report ~/recordings --task pushT --date 2026-06-18',
  flags: [
    ['--date <date>', 'the date, YYYY-MM-DD; the same as --only-date'],
    [
      '--link <address>',
      'where regrasp serve answers, for links to moments, e.g. http://rig:4321; default: on this machine, at the port it keeps',
    ],
    ['--no-gifs', 'leave the preview GIFs out: a small file'],
    ['--clips', 'put the clips of borderline events in as well'],
  ],
  options,
  reads: 'recordings',
  async run(context) {
    const { runReport } = await import('./run.ts');
    return runReport(context);
  },
};
