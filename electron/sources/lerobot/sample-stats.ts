import type { SampleScene } from '../sample-tools.ts';
import { bookkeeping, CAMERAS, type FrameColumn, type SampleEpisode, WIDTH_PX } from './sample-episodes.ts';

/** Statistics of one feature as LeRobot keeps them: a list a figure, three nested lists for pictures. */
export interface SampleStats {
  [figure: string]: unknown[];
}

const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 };
const PICTURES_LOOKED_AT = 8;

/** By feature, over the given episodes. */
export function statsOf(
  scene: SampleScene,
  episodes: readonly SampleEpisode[],
  seconds: number,
): Record<string, SampleStats> {
  const stats: Record<string, SampleStats> = {};
  for (const [key, camera] of Object.entries(CAMERAS)) stats[key] = pictureStats(scene, camera, episodes, seconds);
  const columns = (episode: SampleEpisode): FrameColumn[] => [...episode.columns, ...bookkeeping(episode)];
  for (const { name } of columns(episodes[0] as SampleEpisode)) {
    const cells = episodes.flatMap((episode) => columns(episode).find((column) => column.name === name)?.cells ?? []);
    const rows = cells.map((cell) => (Array.isArray(cell) ? (cell as number[]) : [Number(cell)]));
    stats[name] = figures(rows);
  }
  return stats;
}

function figures(rows: readonly number[][]): SampleStats {
  const width = rows[0]?.length ?? 0;
  const stats: Record<string, number[]> = { min: [], max: [], mean: [], std: [], count: [rows.length] };
  for (const name of Object.keys(QUANTILES)) stats[name] = [];
  for (let column = 0; column < width; column++) {
    const sorted = Float64Array.from(rows, (row) => row[column] as number).sort();
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
    stats.min?.push(sorted[0] as number);
    stats.max?.push(sorted.at(-1) as number);
    stats.mean?.push(mean);
    stats.std?.push(Math.sqrt(variance));
    for (const [name, share] of Object.entries(QUANTILES)) {
      stats[name]?.push(sorted[Math.round(share * (sorted.length - 1))] as number);
    }
  }
  return stats;
}

/** Over a few pictures, a channel each, 0…1, in the shape (3, 1, 1). */
function pictureStats(
  scene: SampleScene,
  camera: string,
  episodes: readonly SampleEpisode[],
  seconds: number,
): SampleStats {
  const channels: number[][] = [];
  let looked = 0;
  for (const { frames, secondsOf } of episodes) {
    const amount = Math.max(1, Math.ceil(PICTURES_LOOKED_AT / episodes.length));
    for (let place = 0; place < amount; place++) {
      const at = secondsOf(Math.floor((place * frames) / amount));
      const picture = scene.picture(camera, Math.min(seconds, at), WIDTH_PX);
      looked++;
      // Every 16th pixel tells as much.
      for (let i = 0; i + 2 < picture.length; i += 48) {
        channels.push([0, 1, 2].map((channel) => (picture[i + channel] as number) / 255));
      }
    }
  }
  const { count: _, ...numbers } = figures(channels);
  const shaped = Object.entries(numbers).map(([name, each]) => [name, each.map((value) => [[value]])]);
  return { ...Object.fromEntries(shaped), count: [looked] };
}
