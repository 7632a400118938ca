import path from 'node:path';
import type { SampleTools } from '../sample-tools.ts';
import { sampleEpisodes } from './sample-episodes.ts';
import { writeEpisodeFiles } from './sample-own-files.ts';
import { writeSharedFiles } from './sample-shared-files.ts';

/**
 * The same three episodes twice: `v3.0/` with shared files, `v2.1/` with one file an episode. The second episode fails,
 * and a person takes over; the first and third go well.
 */
export async function writeLerobotSample(directory: string, tools: SampleTools): Promise<void> {
  const told = (from: number, to: number) => (share: number) =>
    tools.onProgress?.(from + share * (to - from), 'Recording a LeRobot dataset');
  await writeSharedFiles(
    path.join(directory, 'v3.0'),
    sampleEpisodes(tools.scene, tools.seconds, 30),
    tools,
    told(0, 0.7),
  );
  await writeEpisodeFiles(
    path.join(directory, 'v2.1'),
    sampleEpisodes(tools.scene, tools.seconds, 10),
    tools,
    told(0.7, 1),
  );
}
