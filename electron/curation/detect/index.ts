import { z } from 'zod';
import type { Stage } from '../stage.ts';

const options = z.object({
  /** Any part of shared/detect/settings.ts. */
  settings: z.record(z.string(), z.unknown()).optional(),
});
export type DetectOptions = z.infer<typeof options>;

export const stage: Stage<DetectOptions> = {
  id: 'detect',
  order: 5,
  title: 'Detect failures of the recording',
  description:
    'Find flicker of the gels, impossible jumps and repeated poses of the motion capture, lost ticks, and what the numbers of a robot show; write bad_frames.json, freeze_intervals.json, data_quality_breakdown.json and data_quality_report.csv. Verdicts people gave stay with their events; those whose event is gone are listed.',
  example: 'regrasp detect ~/recordings --only-date 2026-06-18',
  flags: [['--settings <file>', 'thresholds and rules as JSON; what it leaves out keeps its default']],
  jsonFiles: ['settings'],
  options,
  reads: 'recordings',
  async run(context) {
    const { runDetect } = await import('./run.ts');
    return runDetect(context);
  },
};
