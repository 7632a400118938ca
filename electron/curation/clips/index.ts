import type { Stage } from '../stage.ts';
import { type ClipsOptions, clipsOptionsSchema } from './options.ts';

/** Stage 7: a short clip of every borderline event, for the person who decides what it is worth. */
export const stage: Stage<ClipsOptions> = {
  id: 'clips',
  order: 7,
  title: 'Make clips of borderline events',
  description: 'Write one short GIF per borderline event that detect found, the affected sensor ringed.',
  example: 'regrasp clips /data/react --only-date 2026-06-01 --class ot_loss --min-s 1 --max-s 5',
  flags: [
    ['--class <names>', 'classes wanted, comma-separated: ot_loss, led_flicker …; default: all that are borderline'],
    ['--min-s <seconds>', 'shortest freeze shown; default 1'],
    ['--max-s <seconds>', 'longest freeze shown; default 5'],
    [
      '--max-margin <share>',
      'spikes and jumps at most so far beyond their threshold; default 1, any for a named class',
    ],
    [
      '--schedule <short|inspect>',
      'about 60 frames an event (default), or every tick of its beginning, middle and end',
    ],
    ['--no-projection', 'draw no projected sensors over the cameras'],
    ['--as-live', "the recorder's own colours, which swap red and blue of the gels"],
    [
      '--calibration <folder>',
      'calibration folder to project with; default: the best of the dataset, or the one chosen in the app',
    ],
    ['--max-kib <size>', 'a clip is not larger; default 8192'],
    ['--colors <count>', 'entries of the palette to begin with, 128…256; default 256'],
    ['--force', 'make them again where they are fresh'],
  ],
  options: clipsOptionsSchema,
  reads: 'recordings',
  run: async (context) => (await import('./run.ts')).runClips(context),
};
