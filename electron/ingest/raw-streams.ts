import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import type { TimeUnit } from '../sources/session/schema.ts';
import { isUnix, parseStamps, type Stamps } from '../sources/session/stamp-table.ts';
import type { VideoFacts, VideoProbe } from '../sources/source.ts';
import type { OwnClock } from './clock-ties.ts';
import type { RawFile, RawFolder } from './raw-folder.ts';

export interface RawCamera {
  /** "front": the session's file becomes cam_front.mp4. */
  name: string;
  file: RawFile;
  facts: VideoFacts;
  stampFile: RawFile | null;
  stamps: Stamps | null;
  clock: OwnClock;
}

/** Stamps of a video may make it last this much longer or shorter than its own times do. */
const MAX_STRETCH = 2;
const MAX_STAMP_BYTES = 256 * 2 ** 20;

/** Looks into the videos of a dump and reads their frame stamps. */
export async function readCameras(
  { cameras }: RawFolder,
  probe: VideoProbe,
  unit: TimeUnit | undefined,
): Promise<RawCamera[]> {
  const found: RawCamera[] = [];
  for (const { file, name, stamps: stampFile } of cameras) {
    const facts = await probe.probe(file.path);
    const stamps = stampFile ? await readStamps(stampFile, file, facts, unit) : null;
    const own = stamps?.seconds ?? facts.timesNs.map((ns) => ns / 1e9);
    const first = own.find(Number.isFinite);
    const clock = { name, file: file.below, own, isWall: stamps !== null && first !== undefined && isUnix(first) };
    found.push({ name, file, facts, stampFile, stamps, clock });
  }
  return found;
}

async function readStamps(
  file: RawFile,
  video: RawFile,
  facts: VideoFacts,
  unit: TimeUnit | undefined,
): Promise<Stamps> {
  if (file.bytes > MAX_STAMP_BYTES) {
    const message = `${file.below} has ${file.bytes} bytes, too many for frame stamps: keep one stamp a frame in it.`;
    throw new Fault('UNUSABLE', message);
  }
  const stamps = parseStamps(
    await readFile(file.path, 'utf8'),
    path.posix.basename(file.below),
    unit === undefined ? {} : { unit },
  );
  const { seconds } = stamps;
  if (seconds.length !== facts.frameCount) {
    throw new Fault(
      'UNUSABLE',
      `${video.below} has ${facts.frameCount} frames and ${file.below} ${seconds.length} stamps: which belong together cannot be told; correct the stamps, or take them out to use the video's own times.`,
    );
  }
  const finite = seconds.filter(Number.isFinite);
  const span = (finite.at(-1) ?? 0) - (finite[0] ?? 0);
  const shown = (facts.timesNs.at(-1) ?? 0) / 1e9;
  const stretch = span / shown;
  if (facts.frameCount > 2 && !(stretch < 100 && stretch > 0.01)) {
    throw new Fault(
      'UNUSABLE',
      `${file.below} lets ${video.below} last ${span.toPrecision(4)} s where its own times say ${shown.toPrecision(4)} s: state the unit of the stamps by --stamp-unit.`,
    );
  }
  return stamps;
}

/** A sentence where stamps and the video's own times are of different rates: the stamps are what counts. */
export function stretchNotice({ file, facts, stamps }: RawCamera): string | null {
  if (!stamps) return null;
  const span = (stamps.seconds.at(-1) ?? 0) - (stamps.seconds[0] ?? 0);
  const shown = (facts.timesNs.at(-1) ?? 0) / 1e9;
  if (!(shown > 0) || (span / shown < MAX_STRETCH && shown / span < MAX_STRETCH)) return null;
  return `${file.below} plays ${shown.toFixed(2)} s and was recorded over ${span.toFixed(2)} s by its stamps, which are used.`;
}

/** Seconds of a video, as a player shows them, by the camera's own clock. */
export function ofCamera({ facts, clock }: RawCamera, shownSeconds: number): number {
  const { timesNs } = facts;
  const last = timesNs.length - 1;
  if (!(shownSeconds >= 0 && shownSeconds <= (timesNs[last] as number) / 1e9 + 1)) {
    throw new Fault(
      'UNUSABLE',
      `${clock.file} has no moment at ${shownSeconds} s; it lasts ${((timesNs[last] as number) / 1e9).toFixed(2)} s: correct --sync-video.`,
    );
  }
  if (last < 1) return clock.own[0] as number;
  let at = 0;
  while (at < last - 1 && (timesNs[at + 1] as number) / 1e9 <= shownSeconds) at++;
  const [from, to] = [(timesNs[at] as number) / 1e9, (timesNs[at + 1] as number) / 1e9];
  const share = (shownSeconds - from) / (to - from);
  return (clock.own[at] as number) + share * ((clock.own[at + 1] as number) - (clock.own[at] as number));
}
