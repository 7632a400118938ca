import { Hdf5Writer, loadWriter, type SampleFilter } from './hdf5-writer.ts';
import { COLOR_SHAPE, PictureMaker } from './pictures.ts';
import type { EpisodePlan } from './plan.ts';
import { CAMERA_SERIALS, CAMERAS, GEL_SERIALS, SIDES } from './rig.ts';

export interface RecordEpisodeOptions {
  /** Written in place: the caller moves it to its final name once it is whole. */
  path: string;
  pluginDir: string;
  plan: EpisodePlan;
  task: string;
  filter: SampleFilter;
  /** Ticks whose pictures are written; all when absent. The others read as zeros and take no room. */
  only?: readonly number[];
  /** Called now and then with the number of ticks written. */
  onTick?: (done: number) => void;
}

/** Writes one episode in the recorder's layout. Runs in a worker thread. */
export async function recordEpisode(options: RecordEpisodeOptions): Promise<void> {
  const { path, pluginDir, plan, filter } = options;
  const writer = new Hdf5Writer(await loadWriter(pluginDir), path);
  const ticks = plan.tickSeconds.length;
  writeNumbers(writer, plan, options.task);
  for (const index of CAMERAS.keys()) {
    writer.frames(`realsense/cam${index}/color`, ticks, COLOR_SHAPE, 1, filter);
    writer.frames(`realsense/cam${index}/depth`, ticks, COLOR_SHAPE.slice(0, 2), 2, filter);
  }
  for (const side of SIDES) writer.frames(`gelsight/${side}/frames`, ticks, COLOR_SHAPE, 1, filter);
  const maker = new PictureMaker();
  const wanted = options.only ?? Array.from({ length: ticks }, (_, tick) => tick);
  for (const [done, tick] of wanted.entries()) {
    for (const { stream, shape, bytes } of maker.draw(plan, tick)) writer.frame(stream, tick, bytes, shape);
    options.onTick?.(done + 1);
  }
  writer.close();
}

/** Groups, attributes, clocks and poses: everything but the image streams. */
export function writeNumbers(writer: Hdf5Writer, plan: EpisodePlan, task: string): void {
  const stamped = (seconds: Float64Array) => seconds.map((at) => plan.startUnixSeconds + at);
  for (const group of ['metadata', 'realsense', 'gelsight', 'optitrack']) writer.group(group);
  for (const index of CAMERAS.keys()) writer.group(`realsense/cam${index}`);
  writer.attributes('metadata', {
    fps: { value: 30n },
    realsense_serials: { value: [...CAMERA_SERIALS] },
    gelsight_serials: { value: [...GEL_SERIALS] },
    created_at: { value: plan.createdAt },
    task: { value: task },
  });
  writer.numbers('timestamps', stamped(plan.tickSeconds), [plan.tickSeconds.length]);
  for (const side of SIDES) {
    writer.group(`gelsight/${side}`);
    writer.numbers(`gelsight/${side}/timestamps`, stamped(plan.gelSeconds[side]), [plan.gelSeconds[side].length]);
  }
  for (const { body, seconds, poses } of plan.tracks) {
    writer.group(`optitrack/${body}`);
    writer.numbers(`optitrack/${body}/timestamps`, stamped(seconds), [seconds.length]);
    writer.numbers(`optitrack/${body}/pose`, poses, [seconds.length, 7]);
  }
}
