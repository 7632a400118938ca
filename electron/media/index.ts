import type { VideoFacts, VideoProbe } from '../sources/source.ts';
import { type DecodeRange, decodeFrames } from './decode.ts';
import { type EncodeRequest, encodeVideo } from './encode.ts';
import { type FoundEngine, findEngine } from './find-engine.ts';
import { listFrames } from './list-frames.ts';
import { createVideoProbe } from './probe.ts';
import { storedPacket } from './stored-packet.ts';
import { type TranscodeRequest, transcodeVideo } from './transcode.ts';
import type { WasmEngineOptions } from './wasm-engine.ts';

/** Everything that is done with video files, behind one port: the machine's ffmpeg or the embedded one, whichever there is. */
export interface Media {
  /** Which engine is in use, and why not the other. Looked for once, when it is first needed. */
  engine(): Promise<FoundEngine>;
  readonly probe: VideoProbe;
  encode(request: EncodeRequest): Promise<{ frames: number }>;
  /** Presented frames of a video as pixels; see decodeFrames. */
  frames(file: string, range: DecodeRange): AsyncGenerator<Uint8Array, void, undefined>;
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
  const probe = createVideoProbe({ listFrames: async (file) => listFrames(await engine(), file) });

  async function* frames(file: string, range: DecodeRange): AsyncGenerator<Uint8Array, void, undefined> {
    yield* decodeFrames(await engine(), file, await probe.probe(file), range);
  }
  return {
    engine,
    probe,
    encode: async (request) => encodeVideo(await engine(), request),
    frames,
    async frame(file, index, signal) {
      const facts = await probe.probe(file);
      for await (const rgb of frames(file, { from: index, to: index + 1, signal })) return { rgb, facts };
      throw new Error('A range of one frame came to none.');
    },
    packet: async (file, index) => storedPacket(await engine(), file, index),
    transcode: async (request) =>
      transcodeVideo(await engine(), { ...request, facts: await probe.probe(request.from) }),
    async close() {
      await finding?.then(({ engine: found }) => found.close()).catch(() => undefined);
    },
  };
}
