import type { Media } from '../../media/index.ts';

/** Frames further ahead than this are gone to anew instead of decoded through. */
const DECODE_THROUGH = 90;

/** Reads a video's frames in ascending order without starting the decoder for each; a jump starts it anew. */
export class VideoCursor {
  #frames: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  #next = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly media: Media,
    private readonly file: string,
    /** One past the last frame that will ever be asked for. */
    private readonly end: number,
    private readonly signal: AbortSignal,
  ) {}

  /** RGB of a presented frame, of the displayed size; asked for one after the other. */
  frame(index: number): Promise<{ bytes: Uint8Array; width: number; height: number }> {
    const turn = this.#last.then(() => this.#go(index));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#frames?.return();
  }

  async #go(index: number): Promise<{ bytes: Uint8Array; width: number; height: number }> {
    const { width, height, frameCount } = await this.media.probe.probe(this.file);
    if (!this.#frames || index < this.#next || index - this.#next > DECODE_THROUGH) {
      await this.#frames?.return();
      const to = Math.min(frameCount, this.end);
      this.#frames = this.media.frames(this.file, { from: index, to: Math.max(index + 1, to), signal: this.signal });
      this.#next = index;
    }
    for (;;) {
      const { value, done } = await this.#frames.next();
      if (done || !value) throw new Error(`${this.file} presented no frame ${index}.`);
      this.#next += 1;
      if (this.#next === index + 1) return { bytes: value, width, height };
    }
  }
}
