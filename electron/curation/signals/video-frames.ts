import type { Media } from '../../media/index.ts';
import { SourceFault } from '../../sources/source.ts';

/** Frames of a video asked for in ascending order, decoded in one go: what lies between is decoded and dropped. */
export class VideoFrames {
  #running: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  /** Index of the frame that the run gives next. */
  #next = 0;
  #fault: string | undefined;

  constructor(
    private readonly media: Pick<Media, 'frames'>,
    private readonly location: { file: string; firstFrame: number },
    private readonly signal: AbortSignal,
  ) {}

  /** Frame `index` of the stream; `last` is the last one that will be asked for. A damaged video ends at the damage. */
  async frame(index: number, last: number): Promise<Uint8Array | { damaged: string }> {
    if (this.#fault !== undefined) return { damaged: this.#fault };
    if (this.#running && index < this.#next) throw new Error('Frames of a video are asked for in their order.');
    try {
      if (!this.#running) {
        const { file, firstFrame } = this.location;
        const range = { from: firstFrame + index, to: firstFrame + last + 1, signal: this.signal };
        this.#running = this.media.frames(file, range);
        this.#next = index;
      }
      for (;;) {
        const { value, done } = await this.#running.next();
        if (done || !value)
          throw new SourceFault('corrupt-chunk', `${this.location.file} ended before frame ${index}.`);
        if (this.#next++ === index) return value;
      }
    } catch (error) {
      this.signal.throwIfAborted();
      if (!(error instanceof SourceFault) || error.code !== 'corrupt-chunk') throw error;
      this.#fault = error.message;
      return { damaged: error.message };
    }
  }

  async close(): Promise<void> {
    await this.#running?.return();
  }
}
