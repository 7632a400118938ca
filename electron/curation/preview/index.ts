import { OUTPUT_TITLES } from '../../../shared/api/outputs.ts';
import type { Stage } from '../stage.ts';
import { type PreviewOptions, previewOptionsSchema } from './options.ts';

/** Stage 3: an MP4 of every recording for the operator to scrub through, frame i = tick i. */
export const stage: Stage<PreviewOptions> = {
  id: 'preview',
  order: 3,
  title: OUTPUT_TITLES.preview,
  description: 'Write one MP4 per recording with every stream side by side: frame i is tick i.',
  example: 'regrasp preview /data/react --only-date 2026-06-01',
  flags: [
    ['--no-projection', 'draw no projected sensors over the cameras'],
    ['--as-live', "the recorder's own colours, which swap red and blue of the gels"],
    [
      '--calibration <folder>',
      'calibration folder to project with; default: the best of the dataset, or the one chosen in the app',
    ],
    ['--chroma <444|420>', 'colour at full size (444, default) or at half (420), for players that show no other'],
    ['--quality <crf>', "x264's constant rate factor, 0…51; default 20"],
    ['--preset <name>', "x264's effort, ultrafast…slow; default veryfast"],
    ['--force', 'make them again where they are fresh'],
  ],
  options: previewOptionsSchema,
  reads: 'recordings',
  run: async (context) => (await import('./run.ts')).runPreview(context),
};
