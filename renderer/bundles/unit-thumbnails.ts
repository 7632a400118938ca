import type { PlannedUnitRow } from '../../shared/api/bundles.ts';
import { api } from '../app/api.ts';
import { TickClient } from '../playback/tick-client.ts';
import { VideoStreams } from '../playback/video/video-streams.ts';
import { newView } from '../playback/view-name.ts';
import { paintThumbnail } from '../timeline/thumbnails.ts';

/** Small pictures of units for the rows in sight: one request at a time, what came into sight last first. */

type Unit = Pick<PlannedUnitRow, 'episode' | 'ticks' | 'picture'>;
interface Wish {
  unit: Unit;
  show(picture: HTMLCanvasElement): void;
}

const HEIGHT_PX = 40;
const MOST_KEPT = 400;
const VIDEO_BYTES = 16e6;

const client = new TickClient((address, init) => fetch(address, init));
const view = newView('export');
/** By recording and tick, looked at last last. */
const kept = new Map<string, HTMLCanvasElement>();
const wishes = new Set<Wish>();
let isAsking = false;
let sequence = 0;
let videos: { episode: string; streams: VideoStreams } | null = null;

/** Shows the first picture of a unit as soon as it is there; answers the way to give it up. */
export function wantThumbnail(unit: Unit, show: Wish['show']): () => void {
  const known = kept.get(keyOf(unit));
  if (known) {
    show(known);
    return () => {};
  }
  const wish = { unit, show };
  wishes.add(wish);
  void work();
  return () => wishes.delete(wish);
}

/** Lets go of decoders and pictures: nobody looks at them any more. */
export function forgetThumbnails(): void {
  wishes.clear();
  kept.clear();
  videos?.streams.dispose();
  videos = null;
}

async function work(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  try {
    for (;;) {
      const wish = [...wishes].at(-1);
      if (!wish) return;
      const picture = kept.get(keyOf(wish.unit)) ?? (await thumbnailOf(wish).catch(() => undefined));
      // Where there is none, the row says what it is all the same.
      if (picture && wishes.has(wish)) wish.show(picture);
      wishes.delete(wish);
    }
  } finally {
    isAsking = false;
  }
}

async function thumbnailOf(wish: Wish): Promise<HTMLCanvasElement | undefined> {
  const { episode, ticks, picture } = wish.unit;
  if (!picture) return undefined;
  const size = { widthPx: Math.round((HEIGHT_PX * picture.width) / picture.height), heightPx: HEIGHT_PX };
  const received = await client.fetch({
    ...{ episode, tick: ticks[0], view, sequence: ++sequence, direction: 0 },
    streams: [{ stream: picture.stream, maxWidth: size.widthPx, maxHeight: size.heightPx }],
  });
  if (!received) return undefined;
  try {
    const canvas = document.createElement('canvas');
    const decoders = picture.isVideo ? await videosOf(episode) : undefined;
    const isWanted = () => wishes.has(wish);
    if (!(await paintThumbnail(canvas, received, picture.stream, { ...size, videos: decoders, isWanted })))
      return undefined;
    keep(keyOf(wish.unit), canvas);
    return canvas;
  } finally {
    client.release(received);
  }
}

async function videosOf(episode: string): Promise<VideoStreams> {
  if (videos?.episode === episode) return videos.streams;
  const opened = await api.episodes.open({ episode });
  videos?.streams.dispose();
  const streams = new VideoStreams({ episode: opened.episode, budgetBytes: VIDEO_BYTES, onReady: () => {} });
  videos = { episode, streams };
  return streams;
}

function keep(key: string, picture: HTMLCanvasElement): void {
  kept.set(key, picture);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

function keyOf({ episode, ticks }: Unit): string {
  return `${episode} ${ticks[0]}`;
}
