import { Hdf5Writer, loadWriter } from './hdf5-writer.ts';
import { PictureMaker } from './pictures.ts';
import type { EpisodePlan } from './plan.ts';
import { CAMERA_SERIALS, CAMERAS, GEL_SERIALS, type Shrink, SIDES } from './rig.ts';
import type { EpisodeFile } from './worker-protocol.ts';

export interface RecordEpisodeOptions {
  files: readonly EpisodeFile[];
  pluginDir: string;
  plan: EpisodePlan;
  task: string;
  /** Ticks whose pictures are written; all when absent. The others read as zeros and take no room. */
  only?: readonly number[];
  /** Depth streams are there and read as zeros. */
  leaveOutDepth?: boolean;
  /** How many times smaller pictures are in each direction. Default 1. */
  shrink?: Shrink;
  /** Called now and then with the number of ticks written. */
  onTick?: (done: number) => void;
}

/** Writes one episode in the recorder's layout, into each of the files. Runs in a worker thread. */
export async function recordEpisode(options: RecordEpisodeOptions): Promise<void> {
  const { pluginDir, plan } = options;
  const library = await loadWriter(pluginDir);
  const ticks = plan.tickSeconds.length;
  const maker = new PictureMaker(options.shrink);
  const writers = options.files.map(({ path, filter }) => {
    const writer = new Hdf5Writer(library, path);
    writeNumbers(writer, plan, options.task);
    for (const index of CAMERAS.keys()) {
      writer.frames(`realsense/cam${index}/color`, ticks, maker.colorShape, 1, filter);
      writer.frames(`realsense/cam${index}/depth`, ticks, maker.depthShape, 2, filter);
    }
    for (const side of SIDES) writer.frames(`gelsight/${side}/frames`, ticks, maker.colorShape, 1, filter);
    return writer;
  });
  const wanted = options.only ?? Array.from({ length: ticks }, (_, tick) => tick);
  for (const [done, tick] of wanted.entries()) {
    for (const { stream, shape, bytes } of maker.draw(plan, tick)) {
      if (options.leaveOutDepth && shape === maker.depthShape) continue;
      for (const writer of writers) writer.frame(stream, tick, bytes, shape);
    }
    options.onTick?.(done + 1);
  }
  for (const writer of writers) writer.close();
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
