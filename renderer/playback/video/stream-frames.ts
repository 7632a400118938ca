import { FrameCache } from './frame-cache.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { type OpenVideo, VideoFault } from './open-video.ts';
import type { Picture, PictureTotal } from './picture.ts';

export interface FrameWish {
  frame: number;
  /** Which way the person goes: frames on that side are decoded ahead. */
  direction: -1 | 0 | 1;
  /** A wish with a higher one goes first. */
  sequence: number;
  isWanted(): boolean;
  /** Asked for beside what the person is at (a preview): nothing is kept or made ready around it. */
  isAside?: boolean;
}

interface Waiting extends FrameWish {
  resolve(picture: Picture | undefined): void;
  reject(error: Error): void;
}

/** Frames to decode in one go: up to `to`, of which those from `from` on are kept. */
interface Span {
  from: number;
  to: number;
  /** Goes on after `to` instead of emptying the decoder. */
  isOpenEnded: boolean;
  isWanted(): boolean;
}

/** Packets given beyond a frame that is waited for: reordering and decoding threads hold that many back. */
const AHEAD = 5;
/** More of them are given, one by one, until the frame is out; then the decoder is emptied. */
const AHEAD_MOST = 24;
/** How long a moment must be rested on before its neighbours are decoded. */
const REST_MS = 120;
const NEIGHBOURS = 12;
/** Frames decoded in one go when going back. */
const BACK_MOST = 30;
/** A background job leaves this little in the decoder's queue, so that a wish need not wait. */
const BACKGROUND_QUEUE = 3;
const STUCK_MS = 3;

/**
 * Frames of one open video, by presented index. One decoder, one thing at a time: a wish goes on from where the decoder
 * is when that is nearer than the key before it; a jump leaves out what nothing leans on; going back decodes a run of
 * frames before it is stepped through; at rest the neighbours are made ready.
 */
export class StreamFrames {
  private readonly cache: FrameCache;
  private readonly wishes: Waiting[] = [];
  private readonly faults = new Map<number, VideoFault>();
  private decoder: FrameDecoder | undefined;
  /** Position to be given next; -1 when the decoder needs a key. */
  private next = -1;
  private isWorking = false;
  private isClosed = false;
  /** Grows when everything underway became of no use. */
  private epoch = 0;
  private focus = 0;
  private direction: -1 | 0 | 1 = 0;
  private bytesPerFrame: number;
  private restTimer: ReturnType<typeof setTimeout> | undefined;
  private isRested = false;
  /** Work in the background came to nothing here: not tried again before the next wish. */
  private isStuck = false;
  /** Frames that only the slow way brought. */
  private slowly = 0;

  constructor(
    private readonly video: OpenVideo,
    /** For sentences. */
    private readonly name: string,
    cacheBytes: number,
    private readonly openPictures: PictureTotal,
  ) {
    this.cache = new FrameCache(cacheBytes);
    const { codedWidth = 640, codedHeight = 480 } = video.config;
    this.bytesPerFrame = codedWidth * codedHeight * 1.5;
  }

  get frameCount(): number {
    return this.video.index.frameCount;
  }

  get encodedBytes(): number {
    return this.video.packets.heldBytes();
  }

  get slowFrames(): number {
    return this.slowly;
  }

  setCacheBytes(bytes: number): void {
    this.cache.setLimit(bytes);
  }

  /** Held for the caller. Undefined when the wish was given up meanwhile; rejects with VideoFault. */
  get(wish: FrameWish): Promise<Picture | undefined> {
    if (wish.frame < 0 || wish.frame >= this.frameCount) {
      return Promise.reject(
        new VideoFault('broken', `The video of ${this.name} has ${this.frameCount} frames, and ${wish.frame} is none.`),
      );
    }
    // Another state of the file was opened meanwhile: whoever still wants the frame asks that one.
    if (this.isClosed) return Promise.resolve(undefined);
    const fault = this.faults.get(wish.frame);
    if (fault) return Promise.reject(fault);
    if (!wish.isAside) this.moveTo(wish);
    const held = this.cache.get(wish.frame);
    if (held) {
      void this.work();
      return Promise.resolve(held);
    }
    return new Promise((resolve, reject) => {
      this.wishes.push({ ...wish, resolve, reject });
      void this.work();
    });
  }

  /** The frame if it is here already, held for the caller. */
  held(frame: number): Picture | undefined {
    return this.cache.get(frame);
  }

  /** Nobody looks at the stream: its decoder and frames go, what is known of the file stays. */
  sleep(): void {
    clearTimeout(this.restTimer);
    this.isRested = false;
    this.epoch += 1;
    this.giveUpDecoder();
    this.cache.clear();
    for (const wish of this.wishes.splice(0)) wish.resolve(undefined);
  }

  close(): void {
    this.isClosed = true;
    this.sleep();
    this.video.close();
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    try {
      while (!this.isClosed) {
        const wish = this.nextWish();
        if (wish) await this.fulfil(wish);
        else {
          const span = this.isStuck ? undefined : this.nextSpan();
          if (!span) break;
          await this.decode(span).catch(() => this.giveUpDecoder());
          this.isStuck = span.isWanted() && !this.isComing(span.to);
        }
      }
    } finally {
      this.isWorking = false;
    }
  }

  /** The newest one; those that are served already or wanted no more are answered on the way. */
  private nextWish(): Waiting | undefined {
    let newest: Waiting | undefined;
    for (const wish of [...this.wishes]) {
      const isWanted = wish.isWanted();
      const picture = isWanted ? this.cache.get(wish.frame) : undefined;
      if (picture || !isWanted) {
        this.settle(wish);
        wish.resolve(picture);
      } else if (!newest || wish.sequence > newest.sequence) newest = wish;
    }
    return newest;
  }

  private settle(wish: Waiting): void {
    const at = this.wishes.indexOf(wish);
    if (at >= 0) this.wishes.splice(at, 1);
  }

  private async fulfil(wish: Waiting): Promise<void> {
    try {
      await this.decode(this.spanOf(wish));
    } catch {
      this.giveUpDecoder();
    }
    // Served on the way, by whatever came out of the decoder.
    if (!this.wishes.includes(wish) || !wish.isWanted() || this.isClosed || this.cache.has(wish.frame)) return;
    await this.decodeAlone(wish);
  }

  /** What the fast way did not bring: a quirk of file or decoder, or damage. */
  private async decodeAlone(wish: Waiting): Promise<void> {
    this.giveUpDecoder();
    const picture = await this.video.decodeAlone(wish.frame).catch(() => undefined);
    if (picture && !this.isClosed) {
      this.slowly += 1;
      this.keep(wish.frame, picture);
      return;
    }
    picture?.letGo();
    const fault = new VideoFault(
      'broken',
      `Frame ${wish.frame} of ${this.name} cannot be decoded: its video is damaged there; restore the file from a copy.`,
    );
    this.faults.set(wish.frame, fault);
    for (const other of this.wishes.filter(({ frame }) => frame === wish.frame)) {
      this.settle(other);
      other.reject(fault);
    }
  }

  private spanOf(wish: Waiting): Span {
    const { frame, direction } = wish;
    const isWanted = () => wish.isWanted() && this.wishes.includes(wish);
    if (direction < 0) return { from: this.backFrom(frame), to: frame, isOpenEnded: false, isWanted };
    const isOpenEnded = direction > 0 || this.canGoOnTo(frame);
    return { from: frame, to: frame, isOpenEnded, isWanted };
  }

  /** What to make ready while nobody waits. */
  private nextSpan(): Span | undefined {
    const { focus, direction } = this;
    const isWanted = () => this.focus === focus && !this.wishes.some(({ frame }) => !this.isComing(frame));
    if (direction < 0) {
      let lowest = focus;
      while (lowest > 0 && this.cache.has(lowest - 1)) lowest -= 1;
      const reach = this.backReach();
      if (lowest === 0 || focus - lowest > reach / 2) return undefined;
      // Still wanted after a few steps more in the same direction.
      const isStillBack = () => this.direction < 0 && !this.wishes.some(({ frame }) => !this.isComing(frame));
      return { from: this.backFrom(lowest - 1), to: lowest - 1, isOpenEnded: false, isWanted: isStillBack };
    }
    if (!this.isRested) return undefined;
    this.isRested = false;
    const reach = Math.min(NEIGHBOURS, Math.floor((this.cache.room(this.bytesPerFrame) - 2) / 2));
    const from = Math.max(focus - reach, 0);
    const to = Math.min(focus + reach, this.frameCount - 1);
    for (let frame = from; frame <= to; frame += 1) {
      if (!this.cache.has(frame)) return { from: frame, to, isOpenEnded: to < this.frameCount - 1, isWanted };
    }
    return undefined;
  }

  private backReach(): number {
    return Math.max(1, Math.min(BACK_MOST, Math.floor(this.cache.room(this.bytesPerFrame) * 0.6)));
  }

  /** First frame to keep when going back from one: no farther than its own group of pictures and the budget reach. */
  private backFrom(frame: number): number {
    const { index } = this.video;
    const start = index.startFor(frame);
    const first = start < 0 ? frame : index.frameAt(start);
    return Math.max(frame - this.backReach() + 1, first, 0);
  }

  private canGoOnTo(frame: number): boolean {
    const { index } = this.video;
    if (this.next < 0) return false;
    return this.isInside(frame) || (index.startFor(frame) <= this.next && this.next <= index.positionOf(frame));
  }

  private isComing(frame: number): boolean {
    return this.cache.has(frame) || this.isInside(frame);
  }

  /** Ends when `to` is here, or the span is wanted no more. Throws when file or decoder fail. */
  private async decode(span: Span): Promise<void> {
    const { index, packets } = this.video;
    const target = index.positionOf(span.to);
    const { epoch } = this;
    const isCurrent = () => epoch === this.epoch && span.isWanted();
    let position = this.whereToBegin(span);
    packets.prepare(target);
    while (position <= target) {
      const packet = packets.at(position) ?? (await packets.load(position));
      if (!isCurrent()) return;
      if (this.next < 0 && packet.isFalseKey) {
        index.forgetStart(position);
        position = this.whereToBegin(span);
        continue;
      }
      const frame = index.frameAt(position);
      const isLeftOut = packet.isDisposable && position < target && (frame < span.from || this.cache.has(frame));
      if (!isLeftOut) {
        await this.decoder?.room(this.wishes.length > 0 ? undefined : BACKGROUND_QUEUE);
        if (!isCurrent()) return;
        this.running().decode(packet);
      }
      position += 1;
      this.next = position;
    }
    if (span.isOpenEnded) await this.pushOut(span);
    if (this.isInside(span.to)) await this.empty();
  }

  /** Sets `next` to -1 where decoding begins anew. */
  private whereToBegin({ from, to }: Span): number {
    const { index } = this.video;
    const target = index.positionOf(to);
    // The first frame that is still to be made: those before it are here or on their way.
    let first = from;
    while (first < to && this.isComing(first)) first += 1;
    const start = index.startFor(first);
    if (start < 0) throw new Error(`no key frame comes before frame ${first}`);
    const isAhead = this.next >= start && this.next <= index.positionOf(first);
    if (this.next >= 0 && (isAhead || (first === to && this.isInside(to)))) {
      return Math.min(this.next, target + 1);
    }
    this.next = -1;
    return start;
  }

  /** Gives what follows, which is wanted next, until `to` comes out. */
  private async pushOut(span: Span): Promise<void> {
    const { index, packets } = this.video;
    const target = index.positionOf(span.to);
    while (this.decoder && this.isInside(span.to)) {
      const ahead = this.next - target - 1;
      if (this.next >= index.packetCount || ahead >= AHEAD_MOST) return;
      if (ahead >= AHEAD) {
        // It may be decoding still, or hold the frame back: wait a little before giving more.
        const decoder = this.decoder;
        await Promise.race([decoder.change(), new Promise((resolve) => setTimeout(resolve, STUCK_MS))]);
        if (!this.isInside(span.to) || decoder.isBusy) continue;
      }
      const packet = packets.at(this.next) ?? (await packets.load(this.next));
      if (!this.decoder?.isOpen) return;
      this.decoder.decode(packet);
      this.next += 1;
      packets.prepare(this.next + 16);
    }
  }

  private async empty(): Promise<void> {
    const { decoder } = this;
    this.next = -1;
    await decoder?.flush();
  }

  private isInside(frame: number): boolean {
    return this.decoder?.hasInside(frame) ?? false;
  }

  private running(): FrameDecoder {
    if (this.decoder?.isOpen) return this.decoder;
    const decoder = new FrameDecoder({
      config: this.video.config,
      onFrame: (frame, image) => this.came(frame, image),
      // What was inside is lost; who waits for it takes the slow way.
      onFault: () => {
        if (this.decoder === decoder) this.next = -1;
      },
    });
    this.decoder = decoder;
    return decoder;
  }

  private giveUpDecoder(): void {
    this.decoder?.close();
    this.decoder = undefined;
    this.next = -1;
  }

  private came(frame: number, image: VideoFrame): void {
    const isWished = this.wishes.some((wish) => wish.frame === frame);
    const reach = this.cache.room(this.bytesPerFrame);
    if (this.isClosed || frame < 0 || (!isWished && Math.abs(frame - this.focus) > reach) || this.cache.has(frame)) {
      // Already here, too far away, or cut off by an edit list.
      image.close();
      return;
    }
    this.keep(frame, this.video.keep(image));
  }

  /** Takes the hold over and hands the picture to who waits for it. */
  private keep(frame: number, picture: Picture): void {
    if (this.isClosed) {
      picture.letGo();
      return;
    }
    this.bytesPerFrame = picture.bytes;
    picture.countIn(this.openPictures);
    for (const wish of this.wishes.filter((each) => each.frame === frame)) {
      this.settle(wish);
      wish.resolve(wish.isWanted() ? picture.hold() : undefined);
    }
    this.cache.add(frame, picture);
  }

  private moveTo({ frame, direction }: FrameWish): void {
    this.focus = frame;
    this.direction = direction;
    this.cache.moveTo(frame, direction);
    this.isStuck = false;
    clearTimeout(this.restTimer);
    this.isRested = false;
    this.restTimer = setTimeout(() => {
      this.isRested = true;
      void this.work();
    }, REST_MS);
  }
}
