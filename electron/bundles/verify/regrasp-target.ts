import path from 'node:path';
import { sentenceOf } from '../../fault.ts';
import { featureName } from '../feature-name.ts';
import type { BundleUnit } from './bundle-files.ts';
import { expectedStreams } from './expected-unit.ts';
import { sessionFaults } from './session-unit.ts';
import type { TargetPlace } from './target-place.ts';
import { type StoredFrames, videoFrameFaults } from './unit-frames.ts';

/** Judges every unit's folder. Answers how many frames were compared with the recordings. */
export async function regraspTarget(place: TargetPlace): Promise<number> {
  const { folder, bundle, parts, tell } = place;
  let frames = 0;
  for (const unit of bundle.units) {
    parts.signal.throwIfAborted();
    const below = unit.folder ?? '';
    try {
      const own = path.join(folder, below);
      const told = await sessionFaults(own, unit, bundle, await place.truth(unit));
      for (const { path: file, text } of told) tell(path.posix.join(below, file), text);
      frames += await videosOf(place, unit);
    } catch (error) {
      parts.signal.throwIfAborted();
      tell(below, sentenceOf(error));
    }
  }
  return frames;
}

async function videosOf(
  { folder, bundle, truth: truthOf, parts, tell }: TargetPlace,
  unit: BundleUnit,
): Promise<number> {
  const { workstation, source, signal, progress } = parts;
  const { recipe } = bundle;
  const truth = await truthOf(unit);
  if (!source || !truth) return 0;
  let frames = 0;
  for (const stream of expectedStreams(truth.episode, recipe)) {
    const name = `${unit.kind === 'recovery' ? 'recovery_clip' : 'cam'}_${featureName(stream.name)}.mp4`;
    const below = path.posix.join(unit.folder ?? '', name);
    progress?.(below);
    const file = path.join(folder, below);
    try {
      const { frameCount, timesNs } = await workstation.media.probe.probe(file);
      if (frameCount !== unit.frames) {
        tell(below, `it holds ${frameCount} frames, and its unit ${unit.frames}.`);
        continue;
      }
      const periodNs = (unit.rate.denominator * 1e9) / unit.rate.numerator;
      // Copied packets keep the times they had.
      const off =
        recipe.video.way === 'copy' ? -1 : timesNs.findIndex((ns, frame) => Math.abs(ns - frame * periodNs) > 1e6);
      if (off >= 0)
        tell(
          below,
          `frame ${off} is shown at ${((timesNs[off] as number) / 1e9).toFixed(4)} s, and its rate says ${((off * periodNs) / 1e9).toFixed(4)} s.`,
        );
      const units: StoredFrames[] = [
        { unit, camera: featureName(stream.name), firstFrame: 0, tell: (text) => tell(below, text) },
      ];
      frames += await videoFrameFaults(file, units, { recipe, media: workstation.media, source, truthOf, signal });
    } catch (error) {
      signal.throwIfAborted();
      tell(below, sentenceOf(error));
    }
  }
  return frames;
}
