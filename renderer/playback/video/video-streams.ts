import { type VideoForm, videoAddress } from '../../../shared/api/video.ts';
import type { Episode, Stream } from '../../../shared/episode/episode.ts';
import { type OpenVideo, openVideo, VideoFault } from './open-video.ts';
import type { Picture, PictureTotal } from './picture.ts';
import { type FrameWish, StreamFrames } from './stream-frames.ts';
import { type PeekWish, VideoPeek } from './video-peek.ts';

/** What is shown of a video stream: the recorded file, or a copy because nothing here plays that. */
export type VideoState =
  | { kind: 'closed' | 'opening' }
  | { kind: 'playing'; form: VideoForm }
  /** Nothing here plays the recorded file, and there is no copy yet. */
  | { kind: 'unplayable'; message: string }
  | { kind: 'fault'; message: string };

export interface VideoStreamsOptions {
  episode: Episode;
  /** For all streams together: decoded frames and encoded bytes. */
  budgetBytes: number;
  /** A copy came: what was shown as a fault can be asked for again. */
  onReady(): void;
  /** Default: the file as the workstation serves it. */
  open?(stream: Stream, form: VideoForm, revision: string, encodedBytes: number): Promise<OpenVideo>;
}

interface Entry {
  revision: string;
  opening: Promise<StreamFrames>;
  frames: StreamFrames | undefined;
}

const ENCODED_SHARE = 0.25;
const PREVIEWS_KEPT = 4;
const CLOSED: VideoState = { kind: 'closed' };

/** The video streams of one open episode. A stream's file is opened when a frame of it is first wanted. */
export class VideoStreams {
  private readonly entries = new Map<string, Entry>();
  private readonly states = new Map<string, VideoState>();
  private readonly listeners = new Set<() => void>();
  private readonly streams: ReadonlyMap<string, Stream>;
  private visible: ReadonlySet<string> = new Set();
  private readonly openPictures: PictureTotal = { bytes: 0 };
  private readonly previews = new VideoPeek((stream, revision) => this.openPreview(stream, revision));
  private isDisposed = false;

  constructor(private readonly options: VideoStreamsOptions) {
    const videos = options.episode.streams.filter(({ encoding }) => encoding === 'video');
    this.streams = new Map(videos.map((stream) => [stream.id, stream]));
  }

  state(stream: string): VideoState {
    return this.states.get(stream) ?? CLOSED;
  }

  /** Whether the stream advances by one frame a tick. */
  isTicking(stream: string): boolean {
    return this.streams.get(stream)?.clock === this.options.episode.masterClock;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Held for the caller. Undefined when given up meanwhile; rejects with VideoFault, whose message is for the person. */
  async get(stream: string, revision: string, wish: FrameWish): Promise<Picture | undefined> {
    const frames = await this.framesOf(stream, revision);
    return this.isDisposed || !wish.isWanted() ? undefined : frames.get(wish);
  }

  /**
   * A frame beside what panes show (a preview), whether or not a pane shows the stream: what its decoder has kept, else by one
   * decoder more for all previews. As `get`.
   */
  async peek(wish: PeekWish): Promise<Picture | undefined> {
    const entry = this.entries.get(wish.stream);
    const held = entry?.revision === wish.revision ? entry.frames?.held(wish.frame) : undefined;
    return held ?? (this.isDisposed ? undefined : this.previews.get(wish));
  }

  /** Streams that panes show: the decoders of all others are closed. */
  setVisible(streams: Iterable<string>): void {
    const visible = new Set([...streams].filter((stream) => this.streams.has(stream)));
    if (visible.size === this.visible.size && [...visible].every((stream) => this.visible.has(stream))) return;
    this.visible = visible;
    for (const [stream, { frames }] of this.entries) {
      if (visible.has(stream)) frames?.setCacheBytes(this.cacheBytesEach());
      else frames?.sleep();
    }
  }

  /** Forgets what could not be opened, so that it is tried again: a copy was made, a file came back. */
  retry(stream: string): void {
    const { kind } = this.state(stream);
    if (kind !== 'unplayable' && kind !== 'fault') return;
    this.entries.delete(stream);
    this.tell(stream, CLOSED);
    this.options.onReady();
  }

  /** Decoded frames that are open, whoever holds them (cached ticks too), and encoded packets. */
  heldBytes(): number {
    let { bytes } = this.openPictures;
    for (const { frames } of this.entries.values()) bytes += frames?.encodedBytes ?? 0;
    return bytes;
  }

  /** Frames that came by the slow way, a decoder for each: none in a healthy file. */
  slowFrames(): number {
    let frames = 0;
    for (const entry of this.entries.values()) frames += entry.frames?.slowFrames ?? 0;
    return frames;
  }

  dispose(): void {
    this.isDisposed = true;
    this.previews.dispose();
    for (const stream of [...this.entries.keys()]) this.drop(stream);
    this.listeners.clear();
  }

  private framesOf(stream: string, revision: string): Promise<StreamFrames> {
    const known = this.entries.get(stream);
    if (known?.revision === revision) return known.opening;
    this.drop(stream);
    const entry: Entry = { revision, opening: this.open(stream, revision), frames: undefined };
    this.entries.set(stream, entry);
    entry.opening.then(
      (frames) => {
        entry.frames = frames;
        if (this.isDisposed || this.entries.get(stream) !== entry) frames.close();
      },
      () => undefined,
    );
    return entry.opening;
  }

  private drop(stream: string): void {
    this.entries.get(stream)?.frames?.close();
    this.entries.delete(stream);
  }

  private async open(id: string, revision: string): Promise<StreamFrames> {
    const stream = this.streams.get(id);
    if (!stream) throw new VideoFault('broken', `${this.options.episode.path} has no video ${id}.`);
    this.tell(id, { kind: 'opening' });
    try {
      const { video, form } = await this.openPlayable(stream, revision);
      this.tell(id, { kind: 'playing', form });
      return new StreamFrames(video, stream.name, this.cacheBytesEach(), this.openPictures);
    } catch (error) {
      const fault = error instanceof VideoFault ? error : new VideoFault('broken', String(error));
      this.tell(id, { kind: fault.kind === 'codec' ? 'unplayable' : 'fault', message: fault.message });
      throw fault;
    }
  }

  private async openPreview(id: string, revision: string): Promise<StreamFrames> {
    const stream = this.streams.get(id);
    if (!stream) throw new VideoFault('broken', `${this.options.episode.path} has no video ${id}.`);
    const { video } = await this.openPlayable(stream, revision);
    const pictureBytes = stream.width * stream.height * 1.5;
    return new StreamFrames(video, stream.name, pictureBytes * PREVIEWS_KEPT, this.openPictures);
  }

  /** The recorded file where it can be played, else its copy. */
  private async openPlayable(stream: Stream, revision: string): Promise<{ video: OpenVideo; form: VideoForm }> {
    let fault: unknown = unreadable(stream);
    if (fault === undefined) {
      try {
        return { video: await this.openForm(stream, 'recorded', revision), form: 'recorded' };
      } catch (error) {
        fault = error;
      }
    }
    if (!(fault instanceof VideoFault) || fault.kind !== 'codec') throw fault;
    try {
      return { video: await this.openForm(stream, 'proxy', revision), form: 'proxy' };
    } catch (error) {
      throw error instanceof VideoFault && error.kind === 'missing' ? fault : error;
    }
  }

  private openForm(stream: Stream, form: VideoForm, revision: string): Promise<OpenVideo> {
    const encodedBytes = (this.options.budgetBytes * ENCODED_SHARE) / Math.max(this.streams.size, 1);
    if (this.options.open) return this.options.open(stream, form, revision, encodedBytes);
    const address = videoAddress({ episode: this.options.episode.id, stream: stream.id, revision, form });
    const { name, width, height } = stream;
    return openVideo({ name, address, encodedBytes, ...(form === 'proxy' ? { shownSize: { width, height } } : {}) });
  }

  private cacheBytesEach(): number {
    return (this.options.budgetBytes * (1 - ENCODED_SHARE)) / Math.max(this.visible.size, 1);
  }

  private tell(stream: string, state: VideoState): void {
    if (this.isDisposed) return;
    this.states.set(stream, state);
    for (const listener of this.listeners) listener();
  }
}

/** The workstation knows already that the window cannot play the file, or must not count its frames. */
function unreadable({ name, video }: Stream): VideoFault | undefined {
  if (!video || video.codecString !== null) return undefined;
  return new VideoFault('codec', `${name} is ${video.codec} video as this window does not play it.`);
}
