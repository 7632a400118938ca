/** As many as are on their way at once: more would be memory that no budget counts. */
const KEPT = 4;

/** Buffers that ticks are read into, used again and again: allocating 4.6 MB thirty times a second is what makes play stutter. */
export class BufferPool {
  private readonly free: ArrayBuffer[] = [];

  /** A buffer with room for so many bytes and one more (a reader's last, empty read needs it); content is whatever was there. */
  take(bytes: number): ArrayBuffer {
    const at = this.free.findIndex((buffer) => buffer.byteLength > bytes && buffer.byteLength <= 2 * bytes + 65_536);
    if (at >= 0) return this.free.splice(at, 1)[0] as ArrayBuffer;
    // Rounded up, so that headers of slightly different length share buffers.
    return new ArrayBuffer(Math.ceil((bytes + 1) / 65_536) * 65_536);
  }

  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength === 0) return;
    this.free.push(buffer);
    if (this.free.length > KEPT) this.free.shift();
  }
}
