import path from 'node:path';
import { Fault } from '../fault.ts';
import { writeWholeBy } from '../settings/atomic-write.ts';
import type { VideoFacts } from '../sources/source.ts';
import { refuseUndecodable } from './codec-support.ts';
import { passthrough } from './decode.ts';
import { asFault, countFrames, ENCODED_COLOUR, encoderThreads } from './encode.ts';
import type { FoundEngine } from './find-engine.ts';

export interface TranscodeRequest {
  from: string;
  facts: VideoFacts;
  /** An .mp4 that appears once it is whole and its frames are counted. */
  to: string;
  signal?: AbortSignal;
  onFrames?(done: number): void;
}

/**
 * A whole video as H.264 that every window plays: each presented frame once, in its order, without frames that refer
 * forward; closed groups of 15, so that stepping is quick. Times follow from the index and the mean rate. An odd
 * side gets its last row or column a second time, which the window leaves out again. Rejects with Fault where the count is not the original's.
 */
export async function transcodeVideo(found: FoundEngine, request: TranscodeRequest): Promise<void> {
  const { from, to, facts, signal, onFrames } = request;
  const name = path.basename(from);
  refuseUndecodable(found, name, facts.codec);
  const rate = facts.rateHz >= 1 && facts.rateHz <= 240 ? Math.round(facts.rateHz) : 30;
  await writeWholeBy(to, async (temporary) => {
    try {
      await found.engine.run({
        input: { kind: 'file', path: from },
        outputArguments: [
          ...['-map', '0:v:0', '-vf', `${evenSized(facts)},settb=1/${rate},setpts=N`],
          ...passthrough(found.description.version),
          ...['-enc_time_base', `1:${rate}`, '-c:v', 'libx264', '-preset', 'superfast', '-crf', '18', '-bf', '0'],
          ...['-g', '15', '-keyint_min', '15', '-sc_threshold', '0', '-flags', '+cgop', ...ENCODED_COLOUR],
          ...encoderThreads(found),
          ...['-bitexact', '-f', 'mp4'],
        ],
        output: { kind: 'file', path: temporary },
        signal,
        onFrames,
      });
    } catch (error) {
      throw asFault(error, `${name} could not be converted`);
    }
    const frames = await countFrames(temporary);
    if (frames !== facts.frameCount) {
      throw new Fault(
        'UNUSABLE',
        `${name} was converted into ${frames} frames where it has ${facts.frameCount}, so the copy was not kept: the file is damaged in part; restore it from a copy.`,
      );
    }
  });
}

/** Colour is stored at half the size: a column that is black beside it would take colour from the last one. */
function evenSized({ width, height }: VideoFacts): string {
  const [right, bottom] = [width % 2, height % 2];
  const scaled = `scale=${width}:${height}`;
  if (right + bottom === 0) return scaled;
  const borders = `fillborders=left=0:right=${right}:top=0:bottom=${bottom}:mode=smear`;
  return `${scaled},format=gbrp,pad=${width + right}:${height + bottom},${borders}`;
}
