import { crc32 } from 'node:zlib';
import { masterClockOf, type Stream, type Track } from '../../../shared/episode/episode.ts';
import { DEFAULT_HOLD_PERIODS, sampleAt } from '../../../shared/time/sampling.ts';
import { sampleIndices as indicesAt } from '../../frames/sample-indices.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { centreSquare, SMALL_SIDE } from './picture-kernel.ts';

/** Nanoseconds of the master clock's ticks. */
export function tickTimes({ opened }: OpenWorkstationEpisode): Float64Array {
  return opened.clocks.get(masterClockOf(opened.episode).id) ?? new Float64Array(0);
}

/** The newest sample at each tick, whatever hold limit a person set: findings are the recording's alone. */
export function sampleIndices(episode: OpenWorkstationEpisode, stream: Stream): Int32Array {
  return indicesAt(episode, stream, tickTimes(episode).keys(), DEFAULT_HOLD_PERIODS);
}

/** Distinguishes choices of samples: with the recording's fingerprint it says which pictures were looked at. */
export function digestOfIndices(indices: Int32Array): string {
  const bytes = new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength);
  return `${indices.length}-${crc32(bytes).toString(16)}`;
}

/** Colour and tactile streams whose pictures can be read as bytes. */
export function picturedStreams({ opened }: OpenWorkstationEpisode): Stream[] {
  return opened.episode.streams.filter(
    ({ kind, fault, dtype, encoding }) =>
      kind !== 'depth' && fault === null && (encoding !== 'pixels' || dtype === 'uint8'),
  );
}

/** Gels whose contact can be told: one a side, in colour, at least as large as the small pictures. */
export function gelOf(episode: OpenWorkstationEpisode, side: 'left' | 'right'): Stream | undefined {
  return picturedStreams(episode).find(
    (stream) => stream.kind === 'tactile' && stream.position === side && hasSmall(stream),
  );
}

/** Whether small pictures of it can be made. */
export function hasSmall({ width, height, channels }: Pick<Stream, 'width' | 'height' | 'channels'>): boolean {
  return channels === 3 && centreSquare(width, height).side >= SMALL_SIDE;
}

/** Poses as shown at the ticks: (ticks × 7), a row of NaN where there is none. */
export function alignedPoses(episode: OpenWorkstationEpisode, track: Track): Float64Array {
  const { opened } = episode;
  const ticks = tickTimes(episode);
  const times = opened.clocks.get(track.clock) ?? new Float64Array(0);
  const poses = opened.poses.get(track.id) ?? new Float64Array(0);
  const aligned = new Float64Array(ticks.length * 7).fill(Number.NaN);
  for (let tick = 0; tick < ticks.length; tick++) {
    const at = sampleAt(times, ticks[tick] as number, track.rule);
    if (at >= 0 && (at + 1) * 7 <= poses.length) aligned.set(poses.subarray(at * 7, at * 7 + 7), tick * 7);
  }
  return aligned;
}

/** Lets others have the thread between two pieces of work over all ticks, which take some milliseconds each. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
