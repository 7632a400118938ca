import type { StoredPacket } from './packet-store.ts';

/** Requests a decoder may hold unbegun: enough to keep it busy, few enough that a newer wish waits for little. */
const QUEUE = 8;

export interface FrameDecoderOptions {
  config: VideoDecoderConfig;
  /** `frame` as the packet's timestamp said; the receiver closes the image. */
  onFrame(frame: number, image: VideoFrame): void;
  /** The decoder gave up and is closed: frames inside it are lost. */
  onFault(): void;
}

/** One WebCodecs decoder that knows which frames are still inside it. */
export class FrameDecoder {
  private readonly decoder: VideoDecoder;
  private readonly inside = new Set<number>();
  private readonly waiting = new Set<() => void>();

  constructor(options: FrameDecoderOptions) {
    this.decoder = new VideoDecoder({
      output: (image) => {
        this.inside.delete(image.timestamp);
        options.onFrame(image.timestamp, image);
        this.wake();
      },
      error: () => {
        this.inside.clear();
        options.onFault();
        this.wake();
      },
    });
    this.decoder.configure(options.config);
    this.decoder.addEventListener('dequeue', () => this.wake());
  }

  get isOpen(): boolean {
    return this.decoder.state === 'configured';
  }

  get isBusy(): boolean {
    return this.decoder.decodeQueueSize > 0;
  }

  hasInside(frame: number): boolean {
    return this.inside.has(frame);
  }

  decode({ chunk }: StoredPacket): void {
    this.inside.add(chunk.timestamp);
    this.decoder.decode(chunk);
  }

  /** Resolves once another packet may be given. */
  async room(queue = QUEUE): Promise<void> {
    while (this.isOpen && this.decoder.decodeQueueSize >= queue) await this.change();
  }

  /** Resolves when a frame came out, a packet was taken in, or the decoder gave up. */
  change(): Promise<void> {
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  /** Everything inside comes out; the next packet must be a key. */
  async flush(): Promise<void> {
    try {
      if (this.isOpen) await this.decoder.flush();
    } catch {
      // It gave up or was closed: onFault or the closer knows.
    }
    this.wake();
  }

  close(): void {
    if (this.decoder.state !== 'closed') this.decoder.close();
    this.inside.clear();
    this.wake();
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
