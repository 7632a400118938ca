import type { PixelForm } from './pixel-scale.ts';
import type { ReceivedTick } from './tick-client.ts';

export interface CachedTick {
  tick: number;
  form: PixelForm;
  received: ReceivedTick;
}

/** So near the tick on screen, one that nobody has used yet is about to be. */
const SOON_TICKS = 16;

/**
 * The last ticks, counted in bytes, longest unused out first, but for those that play has read ahead and not shown yet: of
 * large pictures only a handful finds room. The one on screen is held: its pixels stay valid.
 */
export class TickCache {
  private readonly entries = new Map<string, CachedTick>();
  private readonly unused = new Set<CachedTick>();
  private held: CachedTick | undefined;
  private heldIsCached = false;
  private total = 0;
  private ofPictures = 0;

  constructor(
    private readonly limitBytes: number,
    private readonly release: (received: ReceivedTick) => void,
  ) {}

  get(tick: number, form: PixelForm): CachedTick | undefined {
    const key = keyOf(tick, form);
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.unused.delete(entry);
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  has(tick: number, form: PixelForm): boolean {
    return this.entries.has(keyOf(tick, form));
  }

  add(entry: CachedTick): void {
    const key = keyOf(entry.tick, entry.form);
    const before = this.entries.get(key);
    if (before) this.drop(key, before);
    this.entries.set(key, entry);
    this.unused.add(entry);
    this.total += bytesOf(entry);
    this.ofPictures += pictureBytesOf(entry);
    this.makeRoom(entry, true);
    this.makeRoom(entry, false);
  }

  /** Marks the entry whose pixels are on screen; the one held before may go now. */
  hold(entry: CachedTick): void {
    const before = this.held;
    if (before === entry) return;
    if (before && !this.heldIsCached) this.release(before.received);
    this.held = entry;
    this.heldIsCached = this.entries.get(keyOf(entry.tick, entry.form)) === entry;
  }

  /** Forgets everything (streams or file changed) or one form; what is on screen stays valid until another is held. */
  clear(form?: PixelForm): void {
    for (const [key, entry] of this.entries) if (form === undefined || entry.form === form) this.drop(key, entry);
  }

  /** Nothing is on screen any more either. */
  dispose(): void {
    this.clear();
    if (this.held) this.release(this.held.received);
    this.held = undefined;
  }

  /** Pictures of videos included, which others may hold as well. */
  bytes(): number {
    return this.total;
  }

  /** What is held here alone. */
  bufferBytes(): number {
    return this.total - this.ofPictures;
  }

  count(): number {
    return this.entries.size;
  }

  private makeRoom(added: CachedTick, sparesComing: boolean): void {
    for (const [oldest, old] of this.entries) {
      if (this.total <= this.limitBytes || this.entries.size <= 2) return;
      if (old === this.held || old === added || (sparesComing && this.isComing(old))) continue;
      this.drop(oldest, old);
    }
  }

  private isComing(entry: CachedTick): boolean {
    return this.held !== undefined && this.unused.has(entry) && Math.abs(entry.tick - this.held.tick) <= SOON_TICKS;
  }

  private drop(key: string, entry: CachedTick): void {
    this.entries.delete(key);
    this.unused.delete(entry);
    this.total -= bytesOf(entry);
    this.ofPictures -= pictureBytesOf(entry);
    if (entry === this.held) this.heldIsCached = false;
    else this.release(entry.received);
  }
}

function bytesOf(entry: CachedTick): number {
  let bytes = entry.received.buffer.byteLength + pictureBytesOf(entry);
  for (const pixels of entry.received.converted?.values() ?? []) bytes += pixels.byteLength;
  return bytes;
}

function pictureBytesOf({ received }: CachedTick): number {
  let bytes = 0;
  for (const picture of received.pictures?.values() ?? []) bytes += picture.bytes;
  return bytes;
}

function keyOf(tick: number, form: PixelForm): string {
  return `${tick} ${form}`;
}
