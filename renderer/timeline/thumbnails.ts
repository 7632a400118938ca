import type { Episode, Stream } from '../../shared/episode/episode.ts';
import type { Player, ShownSample } from '../playback/player.ts';
import { shownTickOf } from '../playback/shown-tick.ts';
import { type ReceivedTick, TickClient } from '../playback/tick-client.ts';
import type { VideoStreams } from '../playback/video/video-streams.ts';
import { newView } from '../playback/view-name.ts';

/** Hovering this long asks for the picture: a pointer that only crosses costs nothing, and play comes first. */
const REST_MS = 45;
const REST_WHILE_PLAYING_MS = 200;

/** The camera that shows most: the middle one, else the first that works. */
export function previewStreamOf(episode: Pick<Episode, 'streams'>): Stream | undefined {
  const cameras = episode.streams.filter((stream) => stream.kind === 'color' && !stream.fault);
  return cameras.find((stream) => stream.position === 'middle') ?? cameras[0];
}

/**
 * Small pictures of one stream for the pointer: a view of their own, so that they never hold up the panes, one request at a
 * time, always for the tick wanted last.
 */
export function createThumbnails(player: Player, stream: Stream, canvas: HTMLCanvasElement, widthPx: number) {
  const episode = player.episode.id;
  const client = new TickClient((address, init) => fetch(address, init));
  const view = newView('hover');
  const heightPx = Math.round((widthPx * stream.height) / stream.width);
  let wanted: number | null = null;
  let painted: number | null = null;
  let sequence = 0;
  let isAsking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDisposed = false;

  async function ask(): Promise<void> {
    if (isAsking || isDisposed || wanted === null || wanted === painted) return;
    isAsking = true;
    const tick = wanted;
    try {
      const received = await client.fetch({
        episode,
        tick,
        streams: [{ stream: stream.id, maxWidth: widthPx, maxHeight: heightPx }],
        view,
        sequence: ++sequence,
        direction: 0,
      });
      if (received && !isDisposed) {
        const isPainted = await paint(received);
        painted = isPainted ? tick : null;
        canvas.toggleAttribute('data-waiting', wanted !== tick || !isPainted);
      }
      if (received) client.release(received);
    } catch {
      // No picture: time and tick are told all the same, and the panes say what is wrong.
      painted = tick;
    } finally {
      isAsking = false;
    }
    if (wanted !== tick) void ask();
  }

  /** False when the pointer went on before there was a picture. */
  function paint(received: ReceivedTick): Promise<boolean> {
    const isWanted = () => !isDisposed && wanted === received.header.tick;
    return paintThumbnail(canvas, received, stream.id, { widthPx, heightPx, videos: player.videos, isWanted });
  }

  return {
    /** Null when the pointer has left. */
    want(tick: number | null): void {
      wanted = tick;
      clearTimeout(timer);
      if (tick === null) return;
      canvas.toggleAttribute('data-waiting', tick !== painted);
      timer = setTimeout(() => void ask(), player.state().playing ? REST_WHILE_PLAYING_MS : REST_MS);
    },
    dispose(): void {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}

/** Paints what was received of a stream at that size; false where it was not wanted any more before there was a picture. */
export async function paintThumbnail(
  canvas: HTMLCanvasElement,
  received: ReceivedTick,
  stream: string,
  {
    widthPx,
    heightPx,
    videos,
    isWanted,
  }: { widthPx: number; heightPx: number; videos: Pick<VideoStreams, 'peek'> | undefined; isWanted(): boolean },
): Promise<boolean> {
  const sample = shownTickOf(received).samples.get(stream);
  const frame = sample?.state === 'shown' ? sample.videoFrame : undefined;
  if (frame === undefined || !videos) {
    paintPixels(canvas, sample);
    return true;
  }
  const picture = await videos.peek({ stream, revision: received.header.revision, frame, isWanted });
  if (!picture) return false;
  if (canvas.width !== widthPx || canvas.height !== heightPx)
    Object.assign(canvas, { width: widthPx, height: heightPx });
  canvas.getContext('2d')?.drawImage(picture.image, 0, 0, widthPx, heightPx);
  picture.letGo();
  return true;
}

function paintPixels(canvas: HTMLCanvasElement, sample: ShownSample | undefined): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  if (!sample?.pixels || !(sample.pixels instanceof Uint8Array)) {
    context.clearRect(0, 0, canvas.width, canvas.height);
    return;
  }
  const { width, height } = sample;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.putImageData(new ImageData(toRgba(sample.pixels, sample), width, height), 0, 0);
}

/** One or three bytes a pixel in the order named, to four. */
export function toRgba(
  pixels: Uint8Array,
  { width, height, channels, order }: Pick<ShownSample, 'width' | 'height' | 'channels' | 'order'>,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const [red, green, blue] = channels < 3 ? [0, 0, 0] : order === 'bgr' ? [2, 1, 0] : [0, 1, 2];
  for (let pixel = 0, from = 0, to = 0; pixel < width * height; pixel++, from += channels, to += 4) {
    rgba[to] = pixels[from + red] as number;
    rgba[to + 1] = pixels[from + green] as number;
    rgba[to + 2] = pixels[from + blue] as number;
    rgba[to + 3] = 255;
  }
  return rgba;
}
