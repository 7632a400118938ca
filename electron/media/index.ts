import type { VideoFacts, VideoProbe } from '../sources/source.ts';
import type { DecodeRange } from './decode.ts';
import type { EncodeRequest } from './encode.ts';
import { type FoundEngine, findEngine } from './find-engine.ts';
import type { PickedFrame } from './pick-frames.ts';
import type { TranscodeRequest } from './transcode.ts';
import type { WasmEngineOptions } from './wasm-engine.ts';

/**
 * Everything that is done with video files, behind one port: the machine's ffmpeg or the embedded one, whichever there is.
 * What does it is loaded when it is first needed: most recordings have no video.
 */
export interface Media {
  /** Which engine is in use, and why not the other. Looked for once, when it is first needed. */
  engine(): Promise<FoundEngine>;
  readonly probe: VideoProbe;
  encode(request: EncodeRequest): Promise<{ frames: number }>;
  /** Presented frames of a video as pixels; see decodeFrames. */
  frames(file: string, range: DecodeRange): AsyncGenerator<Uint8Array, void, undefined>;
  /** A few presented frames, wherever they lie, ascending, by one run; see pickFrames. */
  pick(file: string, indices: Iterable<number>, signal?: AbortSignal): AsyncGenerator<PickedFrame, void, undefined>;
  /** One presented frame as pixels of the displayed size, with that size. */
  frame(file: string, index: number, signal?: AbortSignal): Promise<{ rgb: Uint8Array; facts: VideoFacts }>;
  /** The packet of a presented frame as it is stored, for telling recordings apart. */
  packet(file: string, index: number): Promise<Uint8Array>;
  transcode(request: Omit<TranscodeRequest, 'facts'>): Promise<void>;
  close(): Promise<void>;
}

export interface MediaOptions extends WasmEngineOptions {
  /** Default: this process's. */
  environment?: NodeJS.ProcessEnv;
}

export function createMedia({ environment, ...embedded }: MediaOptions): Media {
  let finding: Promise<FoundEngine> | undefined;
  const engine = (): Promise<FoundEngine> => {
    finding ??= findEngine(embedded, environment);
    // What failed for a passing reason is tried again.
    finding.catch(() => {
      finding = undefined;
    });
    return finding;
  };
  let probing: Promise<VideoProbe> | undefined;
  async function startProbe(): Promise<VideoProbe> {
    const { createVideoProbe } = await import('./probe.ts');
    return createVideoProbe({
      listFrames: async (file) => (await import('./list-frames.ts')).listFrames(await engine(), file),
    });
  }
  const probe: VideoProbe = {
    probe: async (file) => {
      probing ??= startProbe();
      return (await probing).probe(file);
    },
  };

  async function* frames(file: string, range: DecodeRange): AsyncGenerator<Uint8Array, void, undefined> {
    const { decodeFrames } = await import('./decode.ts');
    yield* decodeFrames(await engine(), file, await probe.probe(file), range);
  }
  async function* pick(file: string, indices: Iterable<number>, signal?: AbortSignal): ReturnType<Media['pick']> {
    const { pickFrames } = await import('./pick-frames.ts');
    yield* pickFrames(await engine(), file, await probe.probe(file), indices, signal);
  }
  return {
    engine,
    probe,
    pick,
    encode: async (request) => (await import('./encode.ts')).encodeVideo(await engine(), request),
    frames,
    async frame(file, index, signal) {
      const facts = await probe.probe(file);
      for await (const rgb of frames(file, { from: index, to: index + 1, signal })) return { rgb, facts };
      throw new Error('A range of one frame came to none.');
    },
    packet: async (file, index) => (await import('./stored-packet.ts')).storedPacket(await engine(), file, index),
    async transcode(request) {
      const { transcodeVideo } = await import('./transcode.ts');
      await transcodeVideo(await engine(), { ...request, facts: await probe.probe(request.from) });
    },
    async close() {
      await finding?.then(({ engine: found }) => found.close()).catch(() => undefined);
    },
  };
}
