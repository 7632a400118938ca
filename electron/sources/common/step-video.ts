import type { Problem, Stream } from '../../../shared/episode/episode.ts';
import { type SampleLocation, SourceFault, type SourcePorts, type VideoFacts } from '../source.ts';
import { type BuiltClock, describeClock } from './clocks.ts';

/** A video beside numbers that were recorded step by step, without stamps that would tie the two. */
export interface ProbedVideo {
  /** Name for sentences. */
  name: string;
  realPath: string;
  facts: VideoFacts;
}

/** Looks into a video inside the root. A fault's sentence names the file and what to do. */
export async function probeVideo(ports: SourcePorts, path: string, name: string): Promise<ProbedVideo | Problem> {
  try {
    const file = await ports.files.facts(path);
    if (!file) throw new SourceFault('missing-video', `${name} is not there: put it back beside its data.`);
    return { name, realPath: file.path, facts: await ports.video.probe(file.path) };
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    const message = error.message.includes(name) ? error.message : `${name}: ${error.message}`;
    return { severity: 'error', code: error.code, message };
  }
}

/** Frames a video may have more or fewer than there are steps. */
export function frameSlack(steps: number): number {
  return Math.max(5, 0.1 * steps);
}

/** Seconds a video may be longer or shorter than its steps. */
export const DURATION_SLACK_SECONDS = 0.5;

export interface PlacedVideo {
  stream: Stream;
  location: SampleLocation;
  /** The video's own clock, where its frames are not the steps. */
  clock: BuiltClock | null;
  /** How frames lie to steps, where that is worth a sentence. */
  problem: Problem | null;
}

export interface VideoAbout extends Pick<Stream, 'id' | 'name' | 'kind' | 'position'> {
  stepClock: string;
  steps: number;
  rateHz: number;
}

/**
 * Lays a video beside steps: frame i is step i as long as the counts differ by no more than the slack. Where they differ
 * more but the lengths agree, the frames were written at another rate and stand at the video's own times. Else frame i is
 * step i all the same, with a problem.
 */
export function placeVideo({ name, realPath, facts }: ProbedVideo, about: VideoAbout): PlacedVideo {
  const { steps, rateHz, stepClock, ...words } = about;
  const { frameCount, rateHz: frameRateHz } = facts;
  const differs = Math.abs(frameCount - steps) > frameSlack(steps);
  const videoSeconds = frameRateHz > 0 ? frameCount / frameRateHz : 0;
  const stepSeconds = steps / rateHz;
  const sameLength = videoSeconds > 0 && Math.abs(videoSeconds - stepSeconds) <= DURATION_SLACK_SECONDS;
  const ownTimes = differs && sameLength;
  const clockId = `${about.id}/frames`;
  const clock = ownTimes
    ? {
        clock: describeClock(clockId, `${about.name}: its own frames`, facts.timesNs, 'nominal', true),
        times: facts.timesNs,
        problems: [],
      }
    : null;
  const count = ownTimes ? frameCount : Math.min(frameCount, steps);
  const stream: Stream = {
    ...words,
    shape: [count, facts.height, facts.width, 3],
    width: facts.width,
    height: facts.height,
    channels: 3,
    dtype: 'uint8',
    encoding: 'video',
    video: streamVideo(facts),
    order: 'rgb',
    count,
    clock: ownTimes ? clockId : stepClock,
    rule: 'latest',
    chunk: null,
    filter: `${codecName(facts.codec)} in ${facts.container}`,
    filters: [],
    serial: null,
    fault: frameCount === 0 ? `${name} holds no frame that can be shown.` : null,
  };
  return {
    stream,
    location: { kind: 'video', file: realPath, firstFrame: 0 },
    clock,
    problem: differs ? mismatch() : null,
  };

  function mismatch(): Problem {
    const allowed = Math.floor(frameSlack(steps));
    const counts = `${name} has ${frameCount} frames for ${steps} steps, ${Math.abs(frameCount - steps)} apart where ${allowed} are allowed`;
    const then = ownTimes
      ? `it runs at ${frameRateHz.toFixed(2)} frames a second, so its frames stand at the video's own times`
      : `frames are shown by position as far as both go: look whether the video belongs to this recording`;
    return { severity: 'error', code: 'count-mismatch', message: `${counts}; ${then}.`, stream: about.id };
  }
}

/** A stream of a video that is not there or cannot be read. */
export function faultyVideo(about: VideoAbout, fault: string): Stream {
  const { steps: _, rateHz: __, stepClock, ...words } = about;
  return {
    ...words,
    shape: [0],
    width: 0,
    height: 0,
    channels: 3,
    dtype: 'uint8',
    encoding: 'video',
    video: null,
    order: 'rgb',
    count: 0,
    clock: stepClock,
    rule: 'latest',
    chunk: null,
    filter: 'video',
    filters: [],
    serial: null,
    fault,
  };
}

const CODEC_NAMES: Record<string, string> = {
  h264: 'H.264',
  hevc: 'H.265',
  av1: 'AV1',
  vp8: 'VP8',
  vp9: 'VP9',
  mpeg4: 'MPEG-4 Part 2',
};

function codecName(codec: string): string {
  return CODEC_NAMES[codec] ?? codec;
}

/** What a stream tells of its video. */
export function streamVideo({ codec, codecString, notes }: VideoFacts): NonNullable<Stream['video']> {
  return { codec, codecString, notes: [...notes] };
}
