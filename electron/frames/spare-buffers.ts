/** Buffers ready to be written again, by size, and no more of them than a few ticks hold. */
export class SpareBuffers {
  readonly #bySize = new Map<number, ArrayBuffer[]>();
  #bytes = 0;

  constructor(private readonly limitBytes: number) {}

  /** Takes a buffer nobody uses any more; one that is shared, partly used or already transferred is left alone. */
  give({ buffer, byteLength }: Uint8Array): void {
    if (!(buffer instanceof ArrayBuffer) || byteLength === 0 || buffer.byteLength !== byteLength) return;
    if (this.#bytes + byteLength > this.limitBytes) return;
    const spares = this.#bySize.get(byteLength) ?? [];
    this.#bySize.set(byteLength, spares);
    spares.push(buffer);
    this.#bytes += byteLength;
  }

  take(byteLength: number): ArrayBuffer | undefined {
    const buffer = this.#bySize.get(byteLength)?.pop();
    if (buffer) this.#bytes -= byteLength;
    return buffer;
  }
}
