import { stat } from 'node:fs/promises';
import { SourceFault, type VideoFacts, type VideoProbe } from '../sources/source.ts';
import { codecFacts } from './codec-names.ts';
import { bytesOf, holdsIdr } from './h264-packet.ts';
import { asSourceFault, type MediaFile, openMediaFile } from './media-file.ts';
import { type PresentedFrames, presentedFrames } from './presented-frames.ts';

/** Lists frames of what only the encoder's engine can read (AVI, raw streams). */
export type FrameLister = (file: string) => Promise<VideoFacts>;

export interface VideoProbeOptions {
  /** Absent: such files are refused with a sentence. */
  listFrames?: FrameLister;
}

/** Frames whose times are remembered, over all files: 64 MB. */
const CACHED_FRAMES = 8_000_000;
const CACHED_FILES = 512;

interface Remembered {
  print: string;
  facts: Promise<VideoFacts>;
  frames: number;
}

/** Looks into video files; remembers what it found as long as size and time of a file stay. */
export function createVideoProbe(options: VideoProbeOptions = {}): VideoProbe {
  /** Longest unused first. */
  const known = new Map<string, Remembered>();

  function remember(file: string, print: string): Promise<VideoFacts> {
    const entry: Remembered = { print, facts: probeVideo(file, options), frames: 0 };
    known.set(file, entry);
    entry.facts.then(
      ({ frameCount }) => {
        entry.frames = frameCount;
        let frames = [...known.values()].reduce((sum, each) => sum + each.frames, 0);
        for (const [oldest, each] of known) {
          if (frames <= CACHED_FRAMES && known.size <= CACHED_FILES) break;
          known.delete(oldest);
          frames -= each.frames;
        }
      },
      () => {
        if (known.get(file) === entry) known.delete(file);
      },
    );
    return entry.facts;
  }

  return {
    probe: async (file) => {
      const stats = await stat(file, { bigint: true }).catch(() => undefined);
      const print = stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs}` : '';
      const entry = known.get(file);
      known.delete(file);
      if (!entry || entry.print !== print) return remember(file, print);
      known.set(file, entry);
      return entry.facts;
    },
  };
}

async function probeVideo(file: string, { listFrames }: VideoProbeOptions): Promise<VideoFacts> {
  let media: MediaFile;
  try {
    media = await openMediaFile(file);
  } catch (error) {
    if (!(error instanceof SourceFault) || error.code !== 'not-video') throw error;
    if (listFrames) return listFrames(file);
    throw new SourceFault('not-video', `${error.message.replace(/\.$/, '')}: convert it to MP4 with ffmpeg.`);
  }
  try {
    // The reader knows the first edit alone; a file with more is listed by what plays it right.
    if ((media.iso?.edit?.count ?? 0) > 1 && listFrames) return await listFrames(file);
    return await factsOf(media);
  } catch (error) {
    throw asSourceFault(error, media.name);
  } finally {
    await media.close();
  }
}

async function factsOf(media: MediaFile): Promise<VideoFacts> {
  const { track, name } = media;
  const frames = await presentedFrames(media);
  const { seconds } = frames;
  const frameCount = seconds.length;
  if (frameCount === 0) throw new SourceFault('no-frames', `${name} holds no frame: record it again.`);
  const first = seconds[0] as number;
  const last = seconds[frameCount - 1] as number;
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  if (!(width > 0 && height > 0 && width <= 16_384 && height <= 16_384)) {
    throw new SourceFault('absurd', `${name} says its pictures are ${width}×${height} pixels: restore it from a copy.`);
  }
  const codec = await codecFacts(track);
  // The window drops what comes before time zero: where that is not what is hidden here, it must not decode the file.
  const edit = media.iso?.edit;
  const windowCounts =
    !media.iso?.isHybrid && (!edit || (edit.count === 1 && (edit.leadSeconds === 0 || frames.hiddenBefore === 0)));
  const intervals = await keyIntervals(media, frames);
  return {
    ...codec,
    ...(windowCounts ? {} : { codecString: null }),
    container: media.container,
    width,
    height,
    frameCount,
    timesNs: seconds.map((value) => Math.round((value - first) * 1e9)),
    firstNs: Math.round(first * 1e9),
    rateHz: last > first ? (frameCount - 1) / (last - first) : 0,
    worstKeyIntervalSeconds: intervals.worstSeconds,
    notes: [...notesOf(frames), ...(media.iso?.isHybrid ? [HYBRID_NOTE] : []), ...intervals.notes],
  };
}

const HYBRID_NOTE =
  'Its first frames lie in tables and the rest in fragments, of which the window reads the tables alone: it shows a copy.';

function notesOf({ hiddenBefore, hiddenAfter, lost }: PresentedFrames): string[] {
  const frames = (count: number): string => (count === 1 ? '1 frame' : `${count} frames`);
  const notes: string[] = [];
  if (hiddenBefore > 0) notes.push(`${frames(hiddenBefore)} before the start of its edit list are not shown.`);
  if (hiddenAfter > 0) notes.push(`${frames(hiddenAfter)} after the end of its edit list are not shown.`);
  if (lost > 0) notes.push(`The last fragment is cut off: ${frames(lost)} of it are left out.`);
  return notes;
}

const KEYS_TRIED = 3;
const KEYS_VERIFIED = 2000;

/**
 * From one frame that decodes alone to the next. A container also calls frames "key" that an open group of pictures
 * begins with, at which no browser's decoder starts: a few are looked into, and all of them where one of those is such.
 */
async function keyIntervals(
  media: MediaFile,
  { seconds, keys, packets }: PresentedFrames,
): Promise<{ worstSeconds: number; notes: string[] }> {
  const { track } = media;
  const last = seconds[seconds.length - 1] as number;
  const timeOf = (frame: number): number => seconds[frame] as number;
  const claimed = [...seconds.keys()].filter((frame) => keys[frame] === 1);
  const worst = (starts: readonly number[]): number => {
    let longest = (starts.length > 0 ? timeOf(starts[0] as number) : last) - timeOf(0);
    for (const [index, start] of starts.entries()) {
      const next = starts[index + 1];
      longest = Math.max(longest, (next === undefined ? last : timeOf(next)) - timeOf(start));
    }
    return longest;
  };
  if ((await track.getCodec()) !== 'avc' || claimed.length < 2) return { worstSeconds: worst(claimed), notes: [] };
  const { description } = (await track.getDecoderConfig()) ?? {};
  const isReal = async (frame: number): Promise<boolean> => {
    const data = await storedBytes(media, packets[frame] as number, timeOf(frame));
    return data !== undefined && holdsIdr(data, description ? bytesOf(description) : undefined);
  };
  const later = claimed.slice(1);
  const tried = Array.from(
    { length: KEYS_TRIED },
    (_, place) => later[Math.floor((place * later.length) / KEYS_TRIED)],
  );
  for (const frame of new Set(tried)) {
    if (await isReal(frame as number)) continue;
    const real: number[] = [];
    for (const start of claimed.slice(0, KEYS_VERIFIED)) if (await isReal(start)) real.push(start);
    const worstSeconds = worst(real);
    return {
      worstSeconds,
      notes: [
        `Its groups of pictures are open, so the window decodes up to ${worstSeconds.toFixed(1)} s to reach a frame: encode it anew with closed groups to step faster.`,
      ],
    };
  }
  return { worstSeconds: worst(claimed), notes: [] };
}

/** A packet's bytes: from its place where the tables say it, else as the library finds it by its time. */
async function storedBytes(media: MediaFile, packet: number, seconds: number): Promise<Uint8Array | undefined> {
  const place = media.iso?.samples?.placeOf(packet);
  if (place) return media.read(place.offset, place.bytes).catch(() => undefined);
  return (await media.packets.getPacket(seconds))?.data;
}
