import { OUTPUT_TITLES } from '../../../shared/api/outputs.ts';
import type { Stage } from '../stage.ts';
import { type GalleryOptions, galleryOptionsSchema } from './options.ts';

/** Stage 6: a GIF of every recording for the dataset's card. */
export const stage: Stage<GalleryOptions> = {
  id: 'gallery',
  order: 6,
  title: OUTPUT_TITLES.gallery,
  description: 'Write one animated GIF per recording: 60 moments from its beginning to its end, at most 4 MiB.',
  example: 'regrasp gallery /data/react --only-date 2026-06-01',
  flags: [
    ['--no-projection', 'draw no projected sensors over the cameras'],
    ['--as-live', "the recorder's own colours, which swap red and blue of the gels"],
    [
      '--calibration <folder>',
      'calibration folder to project with; default: the best of the dataset, or the one chosen in the app',
    ],
    ['--frames <count>', 'moments shown, evenly over the middle 96 %; default 60'],
    ['--fps <rate>', 'frames a second; default 15'],
    ['--max-kib <size>', 'the file is not larger; default 4096'],
    ['--colors <count>', 'entries of the palette to begin with, 128…256; default 256'],
    ['--force', 'make them again where they are fresh'],
  ],
  options: galleryOptionsSchema,
  reads: 'recordings',
  run: async (context) => (await import('./run.ts')).runGallery(context),
};
