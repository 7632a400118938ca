import { rememberMade } from '../common/made.ts';
import { videoFile } from '../common/output-paths.ts';
import { standsFresh } from '../common/write-output.ts';
import { calibrationFolder } from '../panel/calibration-folder.ts';
import { digestOfChoices } from '../panel/choices.ts';
import { eachItsOwn, forEachEpisode } from '../panel/for-each-episode.ts';
import { PanelSource } from '../panel/panel-source.ts';
import { PictureThread } from '../panel/picture-thread.ts';
import type { StageContext, StageEnd } from '../stage.ts';
import { PREVIEW_VERSION, type PreviewOptions } from './options.ts';
import { previewRate, writePreview } from './preview-episode.ts';

/** A drift that a person should know of, in seconds. */
const NOTED_DRIFT_S = 0.1;

export async function runPreview(context: StageContext<PreviewOptions>): Promise<StageEnd> {
  const { options, root, decode, media, signal, progress, log } = context;
  const { force, calibration, projection, ...shown } = options;
  const { description } = await media.engine();
  const thread = new PictureThread(context.workerDir);
  const fileFor = eachItsOwn((episode) => videoFile(context, episode));
  const videos: Record<string, unknown>[] = [];
  const folder = await calibrationFolder(calibration);
  try {
    const counts = await forEachEpisode(context, 1, async (episode, opened) => {
      const panelOptions = { overlay: projection, asLive: options.asLive, ...folder };
      const source = await PanelSource.of(opened, panelOptions, { decode, media, signal });
      try {
        const file = fileFor(episode);
        const from = [opened.fingerprint ?? opened.revision, digestOfChoices(opened, source.calibration)];
        const making = { file, stage: 'preview', from, options: { ...shown, projection, version: PREVIEW_VERSION } };
        if (!force && (await standsFresh(root, making))) return 'fresh';
        const { masterClock } = opened.opened.episode;
        const times = opened.opened.clocks.get(masterClock) ?? new Float64Array(0);
        const rate = previewRate(opened.opened.episode);
        let done = 0;
        const facts = await writePreview(context, context, file, source, times, rate, thread, () => {
          done += 1;
          if (done % 30 === 0 || done === source.ticks)
            progress({ message: `${episode.path}, tick ${done} of ${source.ticks}` });
        });
        for (const sentence of source.damaged) log(`${episode.path}: ${sentence}`);
        if (facts.worstDriftS > NOTED_DRIFT_S) log(drifting(episode.path, facts));
        await rememberMade(root, making);
        videos.push({ recording: episode.path, file, damaged: [...source.damaged], ...facts });
        return 'made';
      } finally {
        await source.close();
      }
    });
    const { made, fresh, failed } = counts;
    const parts = [`${made} ${made === 1 ? 'preview' : 'previews'} made`, `${fresh} fresh`, `${failed} failed`];
    return {
      message: `${parts.join(', ')}.`,
      result: { ...counts, engine: `${description.engine} ${description.version}`, videos },
    };
  } finally {
    await thread.close();
  }
}

function drifting(name: string, { worstDriftS, rate }: Awaited<ReturnType<typeof writePreview>>): string {
  const rateHz = (rate.numerator / rate.denominator).toFixed(2);
  return `${name}: its ticks came unevenly, so the video, at ${rateHz} frames a second, is up to ${worstDriftS.toFixed(1)} s off the recorded time; each picture says its own.`;
}
