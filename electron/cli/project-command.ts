import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type Calibration, chosenCalibration } from '../../shared/geometry/calibration.ts';
import { projectSensor } from '../../shared/geometry/projection.ts';
import { sampleAt } from '../../shared/time/sampling.ts';
import type { OpenedEpisode } from '../sources/source.ts';
import type { OpenWorkstationEpisode } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { faultOf, withEpisode } from './episode-command.ts';
import { CliFault, EXIT, formatTable, printJson } from './output.ts';

export interface ProjectOptions {
  index: number;
  calibration?: string;
  json?: boolean;
}

export interface ProjectedBody {
  body: string;
  /** Stream id and where the camera sits; the stream is null when no recorded camera is it by serial or place. */
  camera: { stream: string | null; position: 'left' | 'middle' | 'right' };
  /** Native pixels of the gel centre; null where there is nothing to draw (never tracked, or behind the camera). */
  u: number | null;
  v: number | null;
  visible: boolean;
}

/** Where the tracked sensors fall in every calibrated camera at one tick. */
export async function project(context: CliContext, file: string, options: ProjectOptions): Promise<number> {
  return withEpisode(context, file, async (episode) => {
    const { opened } = episode;
    const fault = faultOf(opened.episode);
    if (fault) throw new CliFault(fault);
    const calibration = await chooseCalibration(episode, options.calibration, file);
    const ticks = opened.clocks.get(opened.episode.masterClock) ?? new Float64Array(0);
    if (options.index >= ticks.length) {
      throw new CliFault(`${file} has ${ticks.length} ticks, counted from 0, so there is no tick ${options.index}.`);
    }
    const entries = projectAll(opened, calibration, ticks[options.index] as number);
    context.output.err(`Calibration ${calibration.id}.\n`);
    for (const problem of calibration.problems) context.output.err(`${problem}\n`);
    if (options.json) await printJson(context.output, entries);
    else await context.output.out(describe(entries));
    return EXIT.fine;
  });
}

/** Bodies by their nearest pose (a tie goes to the earlier), each in every camera. */
export function projectAll(opened: OpenedEpisode, calibration: Calibration, timeNs: number): ProjectedBody[] {
  return calibration.sensors.flatMap((sensor) => {
    const track = opened.episode.tracks.find(({ id }) => id === sensor.track);
    if (!track) return [];
    const poses = opened.poses.get(track.id) ?? new Float64Array(0);
    const index = sampleAt(opened.clocks.get(track.clock) ?? [], timeNs, track.rule);
    return calibration.cameras.map((camera) => {
      const pose = index < 0 ? undefined : poses.subarray(index * 7, index * 7 + 7);
      const center = pose && projectSensor(pose, camera, sensor, track.upAxis)?.center;
      return {
        body: track.id,
        camera: { stream: camera.stream, position: camera.position },
        u: center?.u ?? null,
        v: center?.v ?? null,
        visible: center?.visible ?? false,
      };
    });
  });
}

/** The named folder, else the one chosen for the task and date, else the dataset's calibration that fits best. */
async function chooseCalibration(
  episode: OpenWorkstationEpisode,
  wanted: string | undefined,
  file: string,
): Promise<Calibration> {
  if (wanted === undefined) {
    const choice = episode.calibrationChoice();
    const chosen = chosenCalibration(await episode.calibrations(), choice);
    if (chosen) return chosen;
    if (choice === '') {
      throw new CliFault(`No calibration is chosen for the date of ${file}: name one with --calibration.`);
    }
    throw new CliFault(
      `No calibration was found for ${file}: put its folder into "calibration" of the dataset, or name it with --calibration.`,
    );
  }
  const folder = await realpath(path.resolve(wanted)).catch(() => undefined);
  if (folder === undefined) throw new CliFault(`There is no calibration folder ${wanted}.`);
  const chosen = (await episode.calibrations(folder)).find(({ id }) => id === '.');
  if (chosen) {
    // Sentences name the folder as a place in itself, ".".
    const problems = chosen.problems.map((problem) => problem.replace(/^\.(?=[/:])/, () => folder));
    return { ...chosen, id: folder, name: path.basename(folder), problems };
  }
  throw new CliFault(`${wanted} holds no calibration: it needs files such as T_mocap_to_cam_left.json.`);
}

function describe(entries: readonly ProjectedBody[]): string {
  if (entries.length === 0) return 'No tracked body has a sensor offset in this calibration.\n';
  const pixel = (value: number | null) => value?.toFixed(3) ?? '–';
  return formatTable(
    ['body', 'camera', 'stream', 'u', 'v', 'visible'],
    entries.map(({ body, camera, u, v, visible }) => [
      body,
      camera.position,
      camera.stream ?? '–',
      pixel(u),
      pixel(v),
      visible ? 'yes' : 'no',
    ]),
    [3, 4],
  );
}
