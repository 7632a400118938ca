/**
 * A decoded frame that several hold at once: the cache, ticks that wait, the tick on screen. It is closed when the last
 * one lets go; a frame that nobody closes keeps its memory until a garbage collection.
 */
export class Picture {
  private holders = 1;
  private total: PictureTotal | undefined;

  constructor(
    /** Use it only while holding. */
    readonly image: VideoFrame | ImageBitmap,
    /** As displayed, after rotation and aspect. */
    readonly width: number,
    readonly height: number,
    readonly bytes: number,
  ) {}

  /** False once the last holder has let go: there is nothing to draw then. */
  get isOpen(): boolean {
    return this.holders > 0;
  }

  hold(): this {
    if (this.holders === 0) throw new Error('A picture was held after it had been closed.');
    this.holders += 1;
    return this;
  }

  letGo(): void {
    this.holders -= 1;
    if (this.holders !== 0) return;
    this.image.close();
    if (this.total) this.total.bytes -= this.bytes;
  }

  /** From now on until it is closed; once a picture. */
  countIn(total: PictureTotal): void {
    this.total = total;
    total.bytes += this.bytes;
  }
}

/** Bytes of all pictures that are open, each counted once however many hold it. */
export interface PictureTotal {
  bytes: number;
}
