import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { featureName } from '../../../shared/bundles/feature-name.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import { sentenceOf } from '../../fault.ts';
import type { VideoFacts } from '../../sources/source.ts';
import type { BundleUnit } from './bundle-files.ts';
import { expectedStreams } from './expected-unit.ts';
import { sessionFaults } from './session-unit.ts';
import type { TargetPlace } from './target-place.ts';
import { videoFrameFaults } from './unit-frames.ts';

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

/** Every video of a unit: of its cameras and no others, as long as it is, shown at its rate, and of what was recorded. */
async function videosOf(place: TargetPlace, unit: BundleUnit): Promise<number> {
  const { folder, bundle, parts, tell } = place;
  const { recipe } = bundle;
  const { workstation, source, signal, progress, areFramesLeft } = parts;
  const truth = await place.truth(unit);
  const prefix = unit.kind === 'recovery' ? 'recovery_clip_' : 'cam_';
  const own = unit.folder ?? '';
  const names = (await readdir(path.join(folder, own))).filter((name) => name.endsWith('.mp4'));
  const cameras =
    truth && expectedStreams(truth.episode, recipe).map(({ name }) => `${prefix}${featureName(name)}.mp4`);
  for (const name of names)
    if (!(cameras?.includes(name) ?? name.startsWith(prefix))) tell(path.posix.join(own, name), 'it is of no camera.');
  for (const name of cameras ?? [])
    if (!names.includes(name))
      tell(path.posix.join(own, name), 'it is not there, and its recording has such pictures.');
  let frames = 0;
  for (const name of names) {
    const below = path.posix.join(own, name);
    progress?.(below);
    try {
      const file = path.join(folder, below);
      const fault = lengthFault(await workstation.media.probe.probe(file), unit, recipe);
      if (fault) tell(below, fault);
      else if (source && truth && !areFramesLeft) {
        const camera = name.slice(prefix.length, -'.mp4'.length);
        const stored = { unit, camera, firstFrame: 0, tell: (text: string) => tell(below, text) };
        const { truth: truthOf } = place;
        frames += await videoFrameFaults(file, [stored], { recipe, media: workstation.media, source, truthOf, signal });
      }
    } catch (error) {
      signal.throwIfAborted();
      tell(below, sentenceOf(error));
    }
  }
  return frames;
}

/** A frame a frame of the unit, at the unit's rate; packets that were copied keep the times they had. */
function lengthFault(
  { frameCount, timesNs }: Pick<VideoFacts, 'frameCount' | 'timesNs'>,
  { frames, rate }: BundleUnit,
  { video }: Recipe,
): string | null {
  if (frameCount !== frames) return `it holds ${frameCount} frames, and its unit ${frames}.`;
  if (video.way === 'copy') return null;
  const wantedNs = (frame: number) => (frame * rate.denominator * 1e9) / rate.numerator;
  const off = timesNs.findIndex((ns, frame) => Math.abs(ns - wantedNs(frame)) > OFF_NS);
  if (off < 0) return null;
  const seconds = (ns: number) => (ns / 1e9).toFixed(4);
  return `frame ${off} is shown at ${seconds(timesNs[off] as number)} s, and its rate says ${seconds(wantedNs(off))} s.`;
}

/** Containers keep times in units of their own, often a millisecond. */
const OFF_NS = 1e6;
