import path from 'node:path';
import type { VideoProbe } from '../../sources/source.ts';
import { shown, type Tell, videoKeys } from './lerobot-faults.ts';
import type { StoredDataset, StoredEpisode, StoredFeature } from './lerobot-read.ts';

/** Where an episode's frames of a camera begin: file (below the dataset) and presented frame. */
export interface FoundVideo {
  readonly below: string;
  readonly firstFrame: number;
}

/** What LeRobot lets a frame's time be off by. */
const TOLERANCE_SECONDS = 1e-4;
const ANY = { below: '', from: 0, to: 0 };

/**
 * Every video file: of the declared size and codec, each frame of each episode at the time loaders ask for it by, and no frame
 * that belongs to none. Answers where episodes begin, by episode and camera.
 */
export async function videoFaults(
  dataset: StoredDataset,
  probe: VideoProbe,
  isCopied: boolean,
  tell: Tell,
): Promise<Map<StoredEpisode, Map<string, FoundVideo>>> {
  const { folder, episodes, features, fps } = dataset;
  const found = new Map(episodes.map((episode) => [episode, new Map<string, FoundVideo>()]));
  for (const key of videoKeys(dataset)) {
    const byFile = new Map<string, StoredEpisode[]>();
    for (const episode of episodes) {
      const { below } = episode.videos.get(key) ?? ANY;
      byFile.set(below, [...(byFile.get(below) ?? []), episode]);
    }
    for (const [below, held] of byFile) {
      const facts = await probe.probe(path.join(folder, below)).catch((error: unknown) => {
        tell(below, error instanceof Error ? error.message : String(error));
      });
      if (!facts) continue;
      const { shape, info } = features.get(key) as StoredFeature;
      if (facts.height !== shape[0] || facts.width !== shape[1] || facts.codec !== info['video.codec'])
        tell(
          below,
          `it is ${facts.codec} of ${facts.width}×${facts.height}, and meta/info.json declares ${shown(info['video.codec'])} of ${shown(shape)}.`,
        );
      const seconds = (frame: number) => ((facts.timesNs[frame] as number) + facts.firstNs) / 1e9;
      let frames = 0;
      for (const episode of held) {
        const { from } = episode.videos.get(key) ?? ANY;
        let first = Math.max(0, Math.round(from * fps));
        // Packets that lead a copy in have times of their own: the frame is looked up by when it is shown.
        if (isCopied) first = facts.timesNs.findIndex((_, at) => seconds(at) >= from - TOLERANCE_SECONDS);
        frames = Math.max(frames, first + episode.length);
        const off = Array.from({ length: episode.length }).findIndex(
          (_, row) =>
            first + row >= facts.frameCount || Math.abs(seconds(first + row) - (from + row / fps)) > TOLERANCE_SECONDS,
        );
        if (off >= 0 || first < 0) {
          const is = first + off < facts.frameCount ? `${seconds(first + off).toFixed(5)} s` : 'beyond its end';
          tell(
            below,
            `frame ${off} of episode ${episode.index} is ${is}, and loaders ask for it at ${(from + off / fps).toFixed(5)} s.`,
          );
        } else found.get(episode)?.set(key, { below, firstFrame: first });
      }
      if (facts.frameCount > frames)
        tell(below, `it holds ${facts.frameCount} frames, of which its episodes have ${frames}.`);
    }
  }
  return found;
}
