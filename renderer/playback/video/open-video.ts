import {
  ALL_FORMATS,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  Logging,
  LogLevel,
  UrlSource,
  VideoSampleSink,
} from 'mediabunny';
import { FrameIndex } from './frame-index.ts';
import { h264LengthBytes } from './h264-packet.ts';
import { listPackets } from './packet-list.ts';
import { PacketStore } from './packet-store.ts';
import { Picture } from './picture.ts';

// What is unusual reaches a person in the pane, not as a line on the console.
Logging.level = LogLevel.Silent;

/** A video file opened for its frames. */
export interface OpenVideo {
  index: FrameIndex;
  packets: PacketStore;
  config: VideoDecoderConfig;
  /** What is kept of a decoded image, which is the caller's to close no more. */
  keep(image: VideoFrame): Picture;
  /** The slow and thorough way to one frame, with a decoder of its own. Undefined when it comes to nothing. */
  decodeAlone(frame: number): Promise<Picture | undefined>;
  close(): void;
}

/** Why a video cannot be shown. "codec": the file is sound, but nothing here decodes it. "missing": there is no such file (yet). */
export class VideoFault extends Error {
  constructor(
    readonly kind: 'codec' | 'missing' | 'broken',
    message: string,
  ) {
    super(message);
    this.name = 'VideoFault';
  }
}

export interface OpenVideoOptions {
  /** For sentences: the stream's name. */
  name: string;
  address: string;
  /** Bytes of the file that may be kept as they lie there. */
  encodedBytes: number;
  /** Of a copy: the size of the recorded pictures. Encoders want even sides, so a copy can be a row or column larger. */
  shownSize?: PictureSize;
  fetch?: typeof fetch;
}

export interface PictureSize {
  width: number;
  height: number;
}

/** Rejects with VideoFault. */
export async function openVideo({
  name,
  address,
  encodedBytes,
  shownSize,
  fetch: fetchFile,
}: OpenVideoOptions): Promise<OpenVideo> {
  const place = new URL(address, location.href);
  const requestInit: RequestInit = { cache: 'no-store' };
  const source = new UrlSource(place, {
    maxCacheSize: encodedBytes / 2,
    // Chromium's cache would keep the file a second time.
    requestInit,
    fetchFn: async (input, init) => {
      const response = await (fetchFile ?? fetch)(input, init);
      const { status } = response;
      if (status === 204) throw new VideoFault('missing', `There is no copy of ${name} yet.`);
      if (!response.ok) throw new VideoFault(status === 404 ? 'missing' : 'broken', await refusalOf(response, name));
      return response;
    },
    getRetryDelay: (attempts, error) => (error instanceof VideoFault || attempts >= 3 ? null : 0.2 * 2 ** attempts),
    handleUnhandledError: () => undefined,
  });
  const input = new Input({ source, formats: ALL_FORMATS });
  try {
    const fetchPart = (from: number, to: number): Promise<Response> =>
      (fetchFile ?? fetch)(place, { ...requestInit, headers: { range: `bytes=${from}-${to - 1}` } });
    return await openInput(input, { name, packetBytes: encodedBytes / 2, shownSize, fetchPart });
  } catch (error) {
    input.dispose();
    if (error instanceof VideoFault) throw error;
    throw new VideoFault('broken', `The video of ${name} cannot be read (${reasonOf(error)}): restore it from a copy.`);
  }
}

interface InputFacts {
  name: string;
  packetBytes: number;
  shownSize: PictureSize | undefined;
  fetchPart(from: number, to: number): Promise<Response>;
}

async function openInput(input: Input, { name, packetBytes, shownSize, fetchPart }: InputFacts): Promise<OpenVideo> {
  if (!(await input.canRead())) {
    throw new VideoFault('codec', `The video of ${name} lies in a container that browsers do not read.`);
  }
  // The first, as the workstation counts them.
  const track = (await input.getVideoTracks())[0];
  if (!track) throw new VideoFault('broken', `The file of ${name} holds no pictures: restore it from a copy.`);
  const config = await playableConfig(track);
  if (!config) {
    const codec = (await track.getCodecParameterString().catch(() => null)) ?? (await track.getCodec()) ?? 'unknown';
    throw new VideoFault('codec', `${name} is ${codec} video, which nothing here decodes.`);
  }
  const sink = new EncodedPacketSink(track);
  const index = new FrameIndex(await listPackets(input, track, sink, fetchPart));
  if (index.frameCount === 0) throw new VideoFault('broken', `The video of ${name} holds no frame: record it again.`);
  const isH264 = (await track.getCodec()) === 'avc';
  const { description } = config;
  const packets = new PacketStore({
    packets: sink,
    index,
    h264LengthBytes: isH264 ? h264LengthBytes(description && bytesOf(description)) : undefined,
    limitBytes: packetBytes,
  });
  const samples = new VideoSampleSink(track);
  const keep = await keeperFor(track, config, shownSize);
  return {
    index,
    packets,
    config,
    keep,
    decodeAlone: async (frame) => {
      const sample = await samples.getSample(index.seconds[index.positionOf(frame)] as number);
      if (!sample) return undefined;
      const isIt = sample.timestamp === index.seconds[index.positionOf(frame)];
      const image = isIt ? sample.toVideoFrame() : undefined;
      sample.close();
      return image && keep(image);
    },
    close: () => input.dispose(),
  };
}

/**
 * Software first: it starts sooner, and the frames it hands out can be kept, where a graphics processor has only a few to
 * lend. Undefined where nothing decodes the track.
 */
async function playableConfig(track: InputVideoTrack): Promise<VideoDecoderConfig | undefined> {
  const recorded = await track.getDecoderConfig().catch(() => null);
  if (!recorded) return undefined;
  for (const hardwareAcceleration of ['prefer-software', 'no-preference'] as const) {
    const config = { ...recorded, hardwareAcceleration };
    const { supported } = await VideoDecoder.isConfigSupported(config).catch(() => ({ supported: false }));
    if (supported) return config;
  }
  return undefined;
}

async function keeperFor(
  track: InputVideoTrack,
  config: VideoDecoderConfig,
  shownSize: PictureSize | undefined,
): Promise<OpenVideo['keep']> {
  const encoded = { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() };
  const isTurned = (await track.getRotation()) !== 0 || (await track.getFlip());
  const isPadded = !isTurned && shownSize !== undefined && isPaddedFrom(encoded, shownSize);
  const { width, height } = isPadded ? shownSize : encoded;
  const cropped = isPadded ? (image: VideoFrame) => topLeft(image, shownSize) : (image: VideoFrame) => image;
  if (config.hardwareAcceleration === 'prefer-software' && !isTurned) {
    return (image) => {
      const shown = cropped(image);
      return new Picture(shown, width, height, shown.format ? shown.allocationSize() : width * height * 4);
    };
  }
  const rotation = await track.getRotation();
  const isFlipped = await track.getFlip();
  return (image) => drawn(cropped(image), { width, height, rotation, isFlipped });
}

/** Whether pictures got a row or column more, or both, and nothing else. */
function isPaddedFrom(encoded: PictureSize, shown: PictureSize): boolean {
  const more = [encoded.width - shown.width, encoded.height - shown.height];
  return more.every((pixels) => pixels === 0 || pixels === 1) && more.includes(1);
}

/** Takes the caller's hold over. */
function topLeft(image: VideoFrame, { width, height }: PictureSize): VideoFrame {
  const { x, y } = image.visibleRect ?? { x: 0, y: 0 };
  const visibleRect = { x, y, width, height };
  const shown = new VideoFrame(image, { visibleRect, displayWidth: width, displayHeight: height });
  image.close();
  return shown;
}

interface Placing {
  width: number;
  height: number;
  /** Degrees, clockwise, before the flip. */
  rotation: number;
  isFlipped: boolean;
}

/** A picture of its own, so that the decoder has its frame back at once. */
function drawn(image: VideoFrame, { width, height, rotation, isFlipped }: Placing): Picture {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('This browser draws no 2D canvas; use another one.');
  const isUpright = rotation % 180 === 0;
  context.translate(width / 2, height / 2);
  if (isFlipped) context.scale(-1, 1);
  context.rotate((rotation * Math.PI) / 180);
  const [wide, high] = isUpright ? [width, height] : [height, width];
  context.drawImage(image, -wide / 2, -high / 2, wide, high);
  image.close();
  return new Picture(canvas.transferToImageBitmap(), width, height, width * height * 4);
}

async function refusalOf(response: Response, name: string): Promise<string> {
  const text = (await response.text().catch(() => '')).trim();
  if (text && text.length < 500 && !text.startsWith('<') && !text.startsWith('{')) return text;
  return `The video of ${name} cannot be had (${response.status}); open the episode again.`;
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 160) ?? '';
}
