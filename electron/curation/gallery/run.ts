import { Fault } from '../../fault.ts';
import { rememberMade } from '../common/made.ts';
import { galleryFile } from '../common/output-paths.ts';
import { standsFresh, writeOutput } from '../common/write-output.ts';
import { delaysCs } from '../gif/gif-file.ts';
import { calibrationFolder } from '../panel/calibration-folder.ts';
import { digestOfChoices } from '../panel/choices.ts';
import { eachItsOwn, forEachEpisode } from '../panel/for-each-episode.ts';
import { gifOfTicks } from '../panel/gif-of-ticks.ts';
import { PanelSource } from '../panel/panel-source.ts';
import { PictureThread } from '../panel/picture-thread.ts';
import type { StageContext, StageEnd } from '../stage.ts';
import { GALLERY_VERSION, type GalleryOptions } from './options.ts';
import { evenTicks } from './ticks.ts';

/** What lies before and after is left out: hands come and go there. */
const FROM = 0.02;
const TO = 0.98;
/** One recording's pictures are decoded while another's colours are chosen. */
const SIDE_BY_SIDE = 2;

export async function runGallery(context: StageContext<GalleryOptions>): Promise<StageEnd> {
  const { options, root, decode, media, signal, progress, log } = context;
  const { force, calibration, projection, ...shown } = options;
  const fileFor = eachItsOwn((episode) => galleryFile(context, episode));
  const threads: PictureThread[] = [];
  const gifs: Record<string, unknown>[] = [];
  const folder = await calibrationFolder(calibration);
  try {
    const counts = await forEachEpisode(context, SIDE_BY_SIDE, async (episode, opened, lane) => {
      const panelOptions = { overlay: projection, asLive: options.asLive, ...folder };
      const source = await PanelSource.of(opened, panelOptions, { decode, media, signal });
      try {
        const file = fileFor(episode);
        const from = [opened.fingerprint ?? opened.revision, digestOfChoices(opened, source.calibration)];
        const making = { file, stage: 'gallery', from, options: { ...shown, projection, version: GALLERY_VERSION } };
        if (!force && (await standsFresh(root, making))) return 'fresh';
        if (source.ticks === 0)
          throw new Fault('UNUSABLE', `${episode.path} has no ticks, so there is nothing to show.`);
        threads[lane] ??= new PictureThread(context.workerDir);
        const thread = threads[lane] as PictureThread;
        await source.begin(thread);
        // As in the preview: a tick looks the same in both.
        await source.reference(thread, 0);
        const ticks = evenTicks(source.ticks, options.frames, FROM, TO);
        const gif = await gifOfTicks(source, thread, {
          ...{ ticks, maxKib: options.maxKib, colors: options.colors },
          delaysCs: delaysCs(
            ticks.map((_, at) => at / options.fps),
            1 / options.fps,
          ),
          remedy: 'show fewer moments with --frames, or allow more with --max-kib',
          onFrame: (done, of) => progress({ message: `${episode.path}, picture ${done} of ${of}` }),
        });
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
