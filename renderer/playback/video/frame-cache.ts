import type { Picture } from './picture.ts';

/**
 * Decoded frames of one stream around the moment a person is at, counted in bytes. The farthest goes first; what lies
 * behind the way one moves counts as twice as far.
 */
export class FrameCache {
  private readonly pictures = new Map<number, Picture>();
  private total = 0;
  private focus = 0;
  private direction: -1 | 0 | 1 = 0;

  constructor(private limitBytes: number) {}

  moveTo(frame: number, direction: -1 | 0 | 1): void {
    this.focus = frame;
    this.direction = direction;
  }

  setLimit(bytes: number): void {
    this.limitBytes = bytes;
    this.trim();
  }

  has(frame: number): boolean {
    return this.pictures.has(frame);
  }

  /** Held for the caller, who lets it go. */
  get(frame: number): Picture | undefined {
    return this.pictures.get(frame)?.hold();
  }

  /** Takes the caller's hold over. */
  add(frame: number, picture: Picture): void {
    const before = this.pictures.get(frame);
    if (before) {
      this.total -= before.bytes;
      before.letGo();
    }
    this.pictures.set(frame, picture);
    this.total += picture.bytes;
    this.trim();
  }

  /** How many frames of this size the budget holds; at least two. */
  room(bytesPerFrame: number): number {
    return Math.max(2, Math.floor(this.limitBytes / Math.max(bytesPerFrame, 1)));
  }

  bytes(): number {
    return this.total;
  }

  clear(): void {
    for (const picture of this.pictures.values()) picture.letGo();
    this.pictures.clear();
    this.total = 0;
  }

  private trim(): void {
    while (this.total > this.limitBytes && this.pictures.size > 2) {
      let farthest = -1;
      let distance = -1;
      for (const frame of this.pictures.keys()) {
        const away = this.distanceOf(frame);
        if (away > distance) [farthest, distance] = [frame, away];
      }
      const picture = this.pictures.get(farthest) as Picture;
      this.pictures.delete(farthest);
      this.total -= picture.bytes;
      picture.letGo();
    }
  }

  private distanceOf(frame: number): number {
    const away = frame - this.focus;
    return this.direction !== 0 && away * this.direction < 0 ? 2 * Math.abs(away) : Math.abs(away);
  }
}
