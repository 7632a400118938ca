import { masterClockOf } from '../../../shared/episode/episode.ts';
import { Fault } from '../../fault.ts';
import type { OutputPlace } from '../common/output-paths.ts';
import { prepareOutput } from '../common/write-output.ts';
import { PANEL_HEIGHT, PANEL_WIDTH } from '../panel/layout.ts';
import { PanelRow } from '../panel/panel-row.ts';
import type { PanelSource } from '../panel/panel-source.ts';
import type { PictureThread } from '../panel/picture-thread.ts';
import type { StageContext } from '../stage.ts';
import type { PreviewOptions } from './options.ts';
import { type Rate, rateOfPeriod } from './rate.ts';

export interface PreviewFacts {
  frames: number;
  rate: Rate;
  /** How far a frame's time in the video is from its recorded one, at worst: what an uneven clock comes to. */
  worstDriftS: number;
}

/**
 * Writes one episode's preview: frame i of the video is tick i, at the median rate of the ticks. Where the recorder's
 * clock was uneven the video's time is not the recorded one, which stands in every picture; `worstDriftS` says by how much.
 */
export async function writePreview(
  context: StageContext<PreviewOptions>,
  place: OutputPlace,
  file: string,
  source: PanelSource,
  times: Float64Array,
  rate: Rate,
  thread: PictureThread,
  onFrame: () => void,
): Promise<PreviewFacts> {
  const { options, media, signal } = context;
  await prepareOutput(place, file);
  const row = new PanelRow(source, thread, ticksUpTo(source.ticks));
  let made = 0;
  const panels = row.panels();
  async function* counted() {
    for await (const panel of panels) {
      made += 1;
      onFrame();
      yield panel;
    }
  }
  const { frames } = await media.encode({
    ...{ file, width: PANEL_WIDTH, height: PANEL_HEIGHT, rateHz: rate, format: 'rgb24', frames: counted() },
    ...{ codec: 'h264', chroma: options.chroma, quality: options.quality, preset: options.preset },
    ...{ indexFirst: true, signal, onTaken: (panel) => row.giveBack(panel) },
  });
  if (frames !== source.ticks || made !== source.ticks) {
    throw new Fault(
      'UNUSABLE',
      `${file} holds ${frames} frames and the recording ${source.ticks} ticks: delete it and try again.`,
    );
  }
  return { frames, rate, worstDriftS: worstDriftS(times, source.ticks, rate) };
}

/** The rate a recording's preview plays at; throws where its ticks have none. */
export function previewRate(episode: Parameters<typeof masterClockOf>[0]): Rate {
  const { count, medianPeriodNs } = masterClockOf(episode);
  if (count === 0) throw new Fault('UNUSABLE', `${episode.path} has no ticks, so there is nothing to show.`);
  // A single picture has no rate.
  return rateOfPeriod(medianPeriodNs) ?? { numerator: 30, denominator: 1 };
}

export function worstDriftS(times: Float64Array, ticks: number, { numerator, denominator }: Rate): number {
  let worst = 0;
  for (let tick = 0; tick < ticks; tick += 1) {
    const recordedS = ((times[tick] ?? 0) - (times[0] ?? 0)) / 1e9;
    worst = Math.max(worst, Math.abs(recordedS - (tick * denominator) / numerator));
  }
  return worst;
}

function* ticksUpTo(count: number): Generator<number> {
  for (let tick = 0; tick < count; tick += 1) yield tick;
}
