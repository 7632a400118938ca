import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { type Npz, openNpz } from '../common/npz.ts';
import { frameSlack, type ProbedVideo, probeVideo } from '../common/step-video.ts';
import type { OpenFile, SourcePorts } from '../source.ts';
import { type RolloutArrays, readArrays } from './arrays.ts';
import { type Companions, findCompanions, type JsonFile } from './companions.ts';
import { type StatedByFiles, statedByFiles } from './facts.ts';
import { isTiming, LOOP_TOTAL, statisticsOf, type TimingStatistics } from './timing.ts';

/** A rollout as its files hold it, before it becomes an episode. */
export interface Rollout {
  arrays: RolloutArrays;
  companions: Companions;
  stated: StatedByFiles;
  video: ProbedVideo | null;
  videoProblem: Problem | null;
  rate: Rate;
  /** By timing array. */
  timings: ReadonlyMap<string, TimingStatistics>;
}

export interface Rate {
  hz: number;
  /** For people: "stated", "fps in timing.json", "the video's frames", "the mean loop time", "nothing: 30 is assumed". */
  where: string;
  /** "mean-loop" and "nothing" are no period that a step could overrun. */
  by: 'person' | 'file' | 'video' | 'mean-loop' | 'nothing';
}

const ASSUMED_HZ = 30;

/** Rejects with SourceFault where the trajectory itself cannot be opened. */
export async function readRollout(file: OpenFile, ports: SourcePorts): Promise<Rollout> {
  const npz: Npz = await openNpz(ports.files, file.path, file.name, file.sizeBytes);
  const arrays = await readArrays(file, npz);
  const names = [...arrays.byStep.keys()].filter(isTiming);
  const companions = await findCompanions(file, ports, names);
  const jsons = [companions.timing, ...companions.summaries].filter((json): json is JsonFile => json !== null);
  const stated = statedByFiles(arrays.scalars, jsons, file.name);
  const probed = companions.video ? await probeVideo(ports, companions.video, path.basename(companions.video)) : null;
  const video = probed && 'facts' in probed ? probed : null;
  const timings = new Map<string, TimingStatistics>();
  for (const name of names) {
    const statistics = statisticsOf(arrays.byStep.get(name)?.values ?? new Float64Array(0));
    if (statistics) timings.set(name, statistics);
  }
  const rate = rateOf(file, arrays, stated, video, timings.get(LOOP_TOTAL));
  const videoProblem = probed && !('facts' in probed) ? probed : null;
  return { arrays, companions, stated, video, videoProblem, rate, timings };
}

function rateOf(
  file: OpenFile,
  { steps }: RolloutArrays,
  { rate }: StatedByFiles,
  video: ProbedVideo | null,
  loop: TimingStatistics | undefined,
): Rate {
  if (file.stated.rateHz !== undefined)
    return { hz: file.stated.rateHz, where: 'stated for this folder', by: 'person' };
  if (rate) return { ...rate, by: 'file' };
  const frames = video?.facts;
  const isFrameAStep = frames && frames.rateHz > 0 && Math.abs(frames.frameCount - steps) <= frameSlack(steps);
  if (isFrameAStep) return { hz: frames.rateHz, where: `the frames of ${video.name}`, by: 'video' };
  if (loop && loop.mean > 0.1 && loop.mean < 100_000) {
    return { hz: 1000 / loop.mean, where: `the mean of ${LOOP_TOTAL}`, by: 'mean-loop' };
  }
  return { hz: ASSUMED_HZ, where: 'nothing in the files', by: 'nothing' };
}
