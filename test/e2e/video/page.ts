import { ImageView } from '../../../renderer/panes/image-view.ts';
import { PaneStage } from '../../../renderer/panes/pane-stage.ts';
import { TactileReference } from '../../../renderer/panes/tactile-reference.ts';
import { createPlayer } from '../../../renderer/playback/engine.ts';
import type { Player } from '../../../renderer/playback/player.ts';
import type { ReceivedTick } from '../../../renderer/playback/tick-client.ts';
import type { TickHeader, TickRequest } from '../../../shared/api/tick.ts';
import { blankEpisode, type Episode, episodeSchema } from '../../../shared/episode/episode.ts';
import { seededRandom } from '../../bench/statistics.ts';

/** The player, the stage and the panes of the product in a page of their own; ticks are made here, video files are fetched. */

export interface VideoOfPage {
  id: string;
  codecString?: string | null;
  /** Default 320 × 240. */
  widthPx?: number;
  heightPx?: number;
}

export interface Painted {
  tick: number;
  /** By stream, the number read from its canvas; null where the pane shows none. */
  numbers: (number | null)[];
}

export interface VideoPage {
  open(videos: VideoOfPage[], ticks: number): void;
  close(): void;
  seek(tick: number): Promise<Painted>;
  step(ticks: number): Promise<Painted>;
  /** Plays for so long and answers everything that was painted. */
  play(ms: number, speed: number): Promise<Painted[]>;
  /** Previews of frames of one video while all play: the numbers seen in them, and what was painted meanwhile. */
  peekInPlay(stream: string, frames: number[]): Promise<{ seen: (number | null)[]; painted: Painted[] }>;
  /** A preview alone. */
  peek(stream: string, frame: number): Promise<number | null>;
  /**
   * Bursts of seeks, steps and play while the page is kept busy; after each burst the commanded tick must come to the screen.
   * Answers what was painted with a wrong picture, and how many bursts came to rest.
   */
  stress(seed: number, bursts: number): Promise<{ wrong: Painted[]; rested: number }>;
  /** The pane of this video goes. */
  hide(stream: number): void;
  texts(): string[];
  states(): string[];
  liveDecoders(): number;
  slowFrames(): number;
  retry(stream: string): void;
  readout(stream: number, x: number, y: number): string;
  /** Of the pane's canvas: its size, and red, green, blue of its last pixel. */
  lastPixel(stream: number): { size: [number, number]; rgb: number[] };
}

const BITS = 12;
const PERIOD_NS = 1e9 / 30;
let player: Player | undefined;
let stage: PaneStage | undefined;
let views: ImageView[] = [];
let streams: string[] = [];
let painted: Painted[] = [];
let decoders = 0;

// Counts decoders that are alive: the product promises no more than there are visible streams.
const Decoder = window.VideoDecoder;
window.VideoDecoder = class extends Decoder {
  constructor(init: VideoDecoderInit) {
    super({
      ...init,
      error: (error) => {
        decoders -= 1;
        init.error(error);
      },
    });
    decoders += 1;
  }
  override close(): void {
    if (this.state !== 'closed') decoders -= 1;
    super.close();
  }
};

function readNumber(host: Element): number | null {
  const canvas = host.querySelector('canvas');
  if (!canvas || host.querySelector<HTMLElement>('.empty')?.hidden === false) return null;
  return numberIn(canvas.width, canvas.height, canvas.getContext('2d') as CanvasRenderingContext2D);
}

function numberIn(width: number, height: number, context: Pick<CanvasRenderingContext2D, 'getImageData'>): number {
  let number = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const x = Math.floor((((bit % 4) + 0.5) / 4) * width);
    const y = Math.floor(((Math.floor(bit / 4) + 0.5) / 3) * height);
    if ((context.getImageData(x, y, 1, 1).data[0] as number) > 128) number += 2 ** bit;
  }
  return number;
}

function made(className: string, parent: Element): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  return parent.appendChild(element);
}

function episodeOf(videos: VideoOfPage[], ticks: number): Episode {
  const streamOf = ({ id, codecString = 'avc1', widthPx = 320, heightPx = 240 }: VideoOfPage) => ({
    ...{
      id,
      name: id,
      kind: 'color',
      position: null,
      shape: [ticks, heightPx, widthPx, 3],
      width: widthPx,
      height: heightPx,
      channels: 3,
    },
    ...{ dtype: 'uint8', encoding: 'video', video: { codec: 'h264', codecString }, order: 'rgb', count: ticks },
    ...{ clock: 'master', rule: 'latest', chunk: null, filter: '', filters: [], serial: null, fault: null },
  });
  return episodeSchema.parse({
    ...blankEpisode(),
    ...{ id: 'r1/episode', root: 'r1', path: 'episode', format: 'test', name: 'episode', task: 't', date: 'd' },
    ...{ sizeBytes: 0, modifiedMs: 0, masterClock: 'master', streams: videos.map(streamOf) },
    clocks: [
      {
        ...{ id: 'master', name: 'master', count: ticks, basis: 'nominal', firstNs: 0, lastNs: ticks * PERIOD_NS },
        ...{ medianPeriodNs: PERIOD_NS, worstGapNs: PERIOD_NS, ascending: true },
      },
    ],
  });
}

/** A tick as the workstation would answer it: tick i shows presented frame i of every video. */
async function tickOf({ episode, tick, streams: wanted, view, sequence }: TickRequest): Promise<ReceivedTick> {
  await new Promise((resolve) => setTimeout(resolve, 2));
  const header: TickHeader = {
    ...{ episode, tick, timeNs: tick * PERIOD_NS, view, sequence, totalMs: 0, decodeMs: 0, revision: 'r' },
    samples: wanted.map(({ stream }) => ({
      ...{ stream, state: 'shown', index: tick, timeNs: tick * PERIOD_NS, ageNs: 0, format: 'video', videoFrame: tick },
      ...{
        channels: 3,
        order: 'rgb',
        width: 320,
        height: 240,
        storedWidth: 320,
        storedHeight: 240,
        offset: 0,
        bytes: 0,
      },
    })),
  };
  return { header, buffer: new ArrayBuffer(64), bodyOffset: 0, transportMs: 2 };
}

function shown(tick: number): Promise<Painted> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Tick ${tick} was not painted: ${texts().join(' | ')}`)), 60_000);
    const look = () => {
      const last = painted.at(-1);
      if (last?.tick !== tick) return void requestAnimationFrame(look);
      clearTimeout(timer);
      resolve(last);
    };
    look();
  });
}

function texts(): string[] {
  return [...document.querySelectorAll<HTMLElement>('.empty')].map((empty) =>
    empty.hidden ? '' : (empty.textContent ?? ''),
  );
}

const page: VideoPage = {
  open(videos, ticks) {
    page.close();
    const root = made('root', document.body);
    const episode = episodeOf(videos, ticks);
    streams = videos.map(({ id }) => id);
    const times = Float64Array.from({ length: ticks }, (_, tick) => tick * PERIOD_NS);
    player = createPlayer({ episode, times, cacheBytes: 256e6, source: { fetch: tickOf, release: () => {} } });
    stage = new PaneStage(player, root);
    const reference = new TactileReference(episode, () => {});
    for (const stream of episode.streams) {
      const area = made('area', root);
      const picture = made('picture', area);
      area.style.cssText = `position:relative;width:${stream.width}px;height:${stream.height}px;float:left`;
      picture.style.position = 'absolute';
      const [index, age, zoom, note, readout, empty] = ['index', 'age', 'zoom', 'note', 'readout', 'empty'].map(
        (name) => made(name, area),
      ) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement];
      const elements = { area, picture, index, age, order: null, zoom, note, readout, empty };
      views.push(new ImageView(stage, stream, 'picture', reference, elements));
    }
    painted = [];
    player.onShown(({ header }) => {
      const numbers = [...document.querySelectorAll('.area')].map(readNumber);
      painted.push({ tick: header.tick, numbers });
    });
  },
  close() {
    for (const view of views) view.remove();
    stage?.dispose();
    player?.dispose();
    views = [];
    document.querySelector('.root')?.remove();
  },
  seek(tick) {
    player?.seek(tick);
    return shown(tick);
  },
  step(ticks) {
    player?.step(ticks);
    return shown(player?.commandedTick() ?? -1);
  },
  async play(ms, speed) {
    const from = painted.length;
    player?.setSpeed(speed);
    player?.play();
    await new Promise((resolve) => setTimeout(resolve, ms));
    player?.pause();
    return painted.slice(from);
  },
  async peekInPlay(stream, frames) {
    const from = painted.length;
    player?.setSpeed(1);
    player?.play();
    const seen: (number | null)[] = [];
    for (const frame of frames) {
      const count = painted.length;
      seen.push(await page.peek(stream, frame));
      while (painted.length === count) await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    player?.pause();
    return { seen, painted: painted.slice(from) };
  },
  async peek(stream, frame) {
    const picture = await player?.videos?.peek({ stream, revision: 'r', frame, isWanted: () => true });
    if (!picture) return null;
    const canvas = new OffscreenCanvas(320, 240);
    const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
    context.drawImage(picture.image, 0, 0);
    picture.letGo();
    return numberIn(canvas.width, canvas.height, context);
  },
  async stress(seed, bursts) {
    const random = seededRandom(seed);
    const ticks = player?.times.length ?? 0;
    const from = painted.length;
    // Most of the page's thread: frames, answers and timers come late and in lumps.
    const busy = setInterval(() => {
      for (const end = performance.now() + 25; performance.now() < end; );
    }, 30);
    const pause = () => new Promise((resolve) => setTimeout(resolve, random() * 40));
    let rested = 0;
    try {
      for (let burst = 0; burst < bursts; burst += 1) {
        for (let gestures = 1 + Math.floor(random() * 6); gestures > 0; gestures -= 1) {
          const kind = random();
          if (kind < 0.45) player?.seek(Math.floor(random() * ticks));
          else if (kind < 0.8) player?.step(random() < 0.5 ? -1 : 1);
          else {
            player?.setSpeed([1, -1, 4][Math.floor(random() * 3)] as number);
            player?.play();
            await pause();
            player?.pause();
          }
          if (random() < 0.6) await pause();
        }
        await shown(player?.commandedTick() ?? -1);
        rested += 1;
      }
    } finally {
      clearInterval(busy);
    }
    return { wrong: painted.slice(from).filter(({ tick, numbers }) => numbers.some((n) => n !== tick)), rested };
  },
  hide(stream) {
    views[stream]?.remove();
    views.splice(stream, 1);
  },
  texts,
  states: () => streams.map((stream) => JSON.stringify(player?.videos?.state(stream))),
  liveDecoders: () => decoders,
  slowFrames: () => player?.videos?.slowFrames() ?? 0,
  retry: (stream) => player?.videos?.retry(stream),
  readout(stream, x, y) {
    views[stream]?.pointAt({ x, y });
    return document.querySelectorAll('.readout')[stream]?.textContent ?? '';
  },
  lastPixel(stream) {
    const canvas = document.querySelectorAll('canvas')[stream] as HTMLCanvasElement;
    const { width, height } = canvas;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    return {
      size: [width, height],
      rgb: [...context.getImageData(width - 1, height - 1, 1, 1).data].slice(0, 3),
    };
  },
};

Object.assign(window, { videoPage: page });
