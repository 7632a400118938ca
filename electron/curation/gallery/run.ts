import path from 'node:path';
import { Fault } from '../../fault.ts';
import { isFresh, rememberMade } from '../common/made.ts';
import { galleryFile } from '../common/output-paths.ts';
import { writeOutput } from '../common/write-output.ts';
import { delaysCs } from '../gif/gif-file.ts';
import { GIF_SCALES, paletteSizes } from '../gif/limits.ts';
import { digestOfChoices } from '../panel/choices.ts';
import { forEachEpisode } from '../panel/for-each-episode.ts';
import { PanelSource } from '../panel/panel-source.ts';
import { PictureThread } from '../panel/picture-thread.ts';
import type { StageContext, StageEnd } from '../stage.ts';
import type { GalleryOptions } from './index.ts';
import { evenTicks } from './ticks.ts';

/** Grows when the same recording would give another picture. */
const VERSION = 1;
/** What lies before and after is left out: hands come and go there. */
const FROM = 0.02;
const TO = 0.98;
/** One recording's pictures are decoded while another's colours are chosen. */
const SIDE_BY_SIDE = 2;

export async function runGallery(context: StageContext<GalleryOptions>): Promise<StageEnd> {
  const { options, root, decode, media, signal, progress, log } = context;
  const { force, calibration, projection, ...shown } = options;
  const threads: PictureThread[] = [];
  const gifs: Record<string, unknown>[] = [];
  const folder = calibration === undefined ? {} : { calibration: path.resolve(calibration) };
  try {
    const counts = await forEachEpisode(context, SIDE_BY_SIDE, async (episode, opened, lane) => {
      const panelOptions = { overlay: projection, asLive: options.asLive, ...folder };
      const source = await PanelSource.of(opened, panelOptions, { decode, media, signal });
      try {
        const file = galleryFile(context, episode);
        const from = [opened.fingerprint ?? opened.revision, digestOfChoices(opened, source.calibration)];
        const making = { file, stage: 'gallery', from, options: { ...shown, projection, version: VERSION } };
        if (!force && (await isFresh(root, making))) return 'fresh';
        if (source.ticks === 0)
          throw new Fault('UNUSABLE', `${episode.path} has no ticks, so there is nothing to show.`);
        threads[lane] ??= new PictureThread(context.workerDir);
        const thread = threads[lane] as PictureThread;
        const gif = await gifOf(
          source,
          thread,
          evenTicks(source.ticks, options.frames, FROM, TO),
          options,
          (done, of) => progress({ message: `${episode.path}, picture ${done} of ${of}` }),
        );
        for (const sentence of source.damaged) log(`${episode.path}: ${sentence}`);
        await writeOutput(context, file, gif.bytes);
        await rememberMade(root, making);
        const { bytes, ...size } = gif;
        gifs.push({ recording: episode.path, file, bytes: bytes.length, ...size, damaged: [...source.damaged] });
        return 'made';
      } finally {
        await source.close();
      }
    });
    const { made, fresh, failed } = counts;
    return { message: `${made} made, ${fresh} fresh, ${failed} failed.`, result: { ...counts, gifs } };
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

/** Gels are shown against tick 0, as in the preview: a tick looks the same in both. */
async function gifOf(
  source: PanelSource,
  thread: PictureThread,
  ticks: readonly number[],
  { fps, maxKib, colors }: GalleryOptions,
  onFrame: (done: number, of: number) => void,
) {
  await source.begin(thread);
  await source.reference(thread, 0);
  const making: Promise<unknown>[] = [];
  let done = 0;
  for (const tick of ticks) {
    const panel = source.panel(thread, tick, { keep: true }).then(() => onFrame(++done, ticks.length));
    making.push(panel);
    // A few at a time: each holds five pictures.
    if (making.length >= 4) await making.shift();
  }
  await Promise.all(making);
  const seconds = ticks.map((_, at) => at / fps);
  const weighted = source.plan.tiles.filter(({ image }) => source.plan.images[image]?.kind === 'tactile');
  const result = await thread.ask({
    op: 'gif',
    order: {
      maxBytes: maxKib * 1024,
      scales: GIF_SCALES,
      palettes: paletteSizes(colors),
      delaysCs: delaysCs(seconds, 1 / fps),
      weighted: weighted.map(({ area }) => area),
    },
  });
  const { lastBytes, ...gif } = result;
  if (gif.bytes.length === 0) {
    throw new Fault(
      'UNUSABLE',
      `its GIF does not fit into ${maxKib} KiB even at ${gif.width}×${gif.height} with ${gif.colors} colours (${Math.ceil(lastBytes / 1024)} KiB): show fewer moments with --frames, or allow more with --max-kib.`,
    );
  }
  return { ...gif, frames: ticks.length };
}
