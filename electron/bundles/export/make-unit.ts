import { exportedTracks, exportedStreams as streamsToExport } from '../../../shared/bundles/exported.ts';
import type { Grid } from '../../../shared/bundles/grid.ts';
import type { PlannedUnit } from '../../../shared/bundles/plan.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { ContactSignals } from '../../../shared/detect/signals.ts';
import type { Stream } from '../../../shared/episode/episode.ts';
import type { Layer } from '../../../shared/review/review.ts';
import type { Rate } from '../../curation/preview/rate.ts';
import { Fault } from '../../fault.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { type FeatureStats, numberStats } from '../lerobot/stats.ts';
import { type Missing, missingPictures, pictureIndices, poseRows } from '../unit-samples.ts';
import { makeVideo, type UnitVideo, type VideoParts } from './make-video.ts';
import type { Encoding } from './shared-encodings.ts';
import { featureName, interventions, type NamedNumbers, unitNumbers } from './unit-numbers.ts';

/** What one gel felt, a value a frame; NaN where its picture cannot be read. */
export interface UnitContact {
  readonly side: 'left' | 'right';
  readonly intensity: Float32Array;
  readonly area: Float32Array;
  readonly mixed: Float32Array;
}

/** A unit with everything of it at hand: videos as files, numbers in memory. */
export interface MadeUnit {
  readonly unit: PlannedUnit;
  readonly grid: Grid;
  readonly rate: Rate;
  readonly labels: Layer | null;
  /** What was to be done, in words; and what the library calls it. */
  readonly task: string;
  readonly taskName: string;
  readonly numbers: readonly NamedNumbers[];
  readonly numberStats: ReadonlyMap<string, FeatureStats>;
  readonly intervention: Uint8Array;
  /** Of every body: x y z qx qy qz qw a frame. */
  readonly poses: readonly { readonly name: string; readonly values: Float64Array }[];
  /** Of the gels that are exported. */
  readonly contacts: readonly UnitContact[];
  readonly videos: readonly UnitVideo[];
  /** Recorded time of each frame, ns from the recording's start. */
  readonly recordedNs: Float64Array;
  /** Ticks by which tactile pictures are taken later than the others, and periods after which a picture is too old to stand. */
  readonly tactileOffset: number;
  readonly holdPeriods: number;
  /** Unix seconds of the recording's start, where it says. */
  readonly startUnixSeconds: number | null;
}

export interface MakingParts extends VideoParts {
  /** Of all ticks of the recording. */
  contacts: readonly ContactSignals[];
}

/** What one unit is made of: its frames, and how its videos come about. */
export interface UnitFrames {
  readonly unit: PlannedUnit;
  readonly grid: Grid;
  readonly encoding: Encoding;
}

/**
 * Makes one unit. A moment without a picture or number is never filled: what is missing is answered, and nothing is made.
 */
export async function makeUnit(
  episode: OpenWorkstationEpisode,
  { unit, grid, encoding: { within, cuts } }: UnitFrames,
  labels: Layer | null,
  recipe: Recipe,
  rate: Rate,
  parts: MakingParts,
): Promise<MadeUnit | Missing> {
  const { opened } = episode;
  const model = opened.episode;
  const times = opened.clocks.get(model.masterClock) ?? new Float64Array(0);
  const streams = exportedStreams(episode, recipe);
  const indices = new Map(streams.map((stream) => [stream.id, pictureIndices(episode, stream, grid.ticks)]));
  for (const { id, name } of streams) {
    const [gap] = missingPictures(name, indices.get(id) as Int32Array, grid.ticks);
    if (gap) return gap;
  }
  const { numbers, missing } = unitNumbers(episode, grid);
  if (missing[0]) return missing[0];
  const videos: UnitVideo[] = [];
  for (const stream of streams) {
    const longer = within && { ...within, indices: pictureIndices(episode, stream, within.ticks) };
    const frames = { indices: indices.get(stream.id) as Int32Array, cuts, within: longer };
    videos.push(await makeVideo(episode, stream, frames, recipe, rate, parts));
  }
  return {
    ...{ unit, grid, rate, labels, numbers, videos, startUnixSeconds: model.startUnixSeconds },
    ...{ task: model.instruction ?? (model.task || model.name), taskName: model.task || model.name },
    numberStats: new Map(numbers.map(({ key, values, width }) => [key, numberStats(values, width)])),
    intervention: interventions(labels, grid.ticks),
    poses: exportedTracks(model.tracks).map((track) => ({
      name: featureName(track.name),
      values: poseRows(episode, track, grid).values,
    })),
    contacts: parts.contacts.map(({ side, intensity, area, mixed }) => {
      const at = (values: Float32Array) => Float32Array.from(grid.ticks, (tick) => values[tick] ?? Number.NaN);
      return { side, intensity: at(intensity), area: at(area), mixed: at(mixed) };
    }),
    ...{ tactileOffset: episode.tactileOffset(), holdPeriods: episode.holdPeriods() },
    recordedNs: Float64Array.from(grid.ticks, (tick) => times[tick] as number),
  };
}

/** Those the recipe takes; rejects where one that it names is not there. */
export function exportedStreams({ opened }: OpenWorkstationEpisode, { streams }: Recipe): Stream[] {
  const exported = streamsToExport(opened.episode, streams);
  if (typeof exported === 'string') throw new Fault('UNUSABLE', exported);
  return exported;
}
