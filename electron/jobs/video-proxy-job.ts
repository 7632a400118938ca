import { z } from 'zod';
import { PROXY_JOB } from '../../shared/api/video.ts';
import { Fault } from '../fault.ts';
import type { VideoFacts } from '../sources/source.ts';
import type { JobKind } from './job-kind.ts';

const optionsSchema = z.object({ episode: z.string().min(1).max(4096), stream: z.string().min(1).max(500) });
type VideoProxyOptions = z.infer<typeof optionsSchema>;

export interface VideoProxyParts {
  /** Real path of the video behind a stream of a granted recording; rejects with Fault. */
  videoOf(episode: string, stream: string): Promise<string>;
  probe(video: string): Promise<VideoFacts>;
  make(video: string, signal: AbortSignal, onFrames: (done: number) => void): Promise<string>;
}

/** "Make a copy that the window can play": the whole video as H.264, the same frames in the same order. */
export function videoProxyJobKind({ videoOf, probe, make }: VideoProxyParts): JobKind<VideoProxyOptions> {
  return {
    kind: PROXY_JOB,
    options: optionsSchema,
    title: ({ episode, stream }) => `Make a playable copy of ${lastPart(stream)} of ${lastPart(episode)}`,
    unit: 'frames',
    resumable: true,
    heavy: true,
    goesOn: true,
    sameAs: ({ episode, stream }) => `${episode}\n${stream}`,
    async run({ options, signal, progress, log }) {
      const video = await videoOf(options.episode, options.stream);
      const facts = await probe(video).catch((error: unknown) => {
        throw new Fault('UNUSABLE', error instanceof Error ? error.message : String(error));
      });
      log(`${video}: ${facts.codec} in ${facts.container}, ${facts.frameCount} frames`);
      const total = facts.frameCount;
      progress({ done: 0, total, message: `Converting ${facts.codec} to H.264` });
      await make(video, signal, (done) => progress({ done: Math.min(done, total), total }));
      return { message: `All ${total} frames are copied and can be played.` };
    },
  };
}

/** "left" of "observations/video_paths/left": what a person knows it by. */
function lastPart(id: string): string {
  return id.split(/\/|::/).at(-1) || id;
}
