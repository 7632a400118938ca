import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Statistics that training normalises by: there for every feature, over every frame (of pictures: over some). A loader takes
 * a dataset without them and trains on other numbers, so that nobody is told.
 */
export async function statsFaults(folder: string): Promise<string[]> {
  const read = async (name: string) => JSON.parse(await readFile(path.join(folder, 'meta', name), 'utf8'));
  const { features, total_frames: frames } = (await read('info.json')) as {
    features: Record<string, { dtype: string }>;
    total_frames: number;
  };
  const stats = (await read('stats.json')) as Record<string, { count?: number[]; mean?: unknown[] } | undefined>;
  return Object.entries(features).flatMap(([key, { dtype }]) => {
    const of = stats[key];
    if (!of?.mean || !of.count) return [`meta/stats.json says nothing of ${key}.`];
    if (dtype !== 'video' && of.count[0] !== frames)
      return [`meta/stats.json counts ${of.count[0]} frames of ${key} where there are ${frames}.`];
    return [];
  });
}
