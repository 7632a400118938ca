import type { Episode } from '../../shared/episode/episode.ts';
import { TickClient } from '../playback/tick-client.ts';
import { newView } from '../playback/view-name.ts';

export interface ReferenceFrame {
  /** Sample index in the stream. */
  index: number;
  width: number;
  height: number;
  pixels: Uint8Array;
}

/**
 * The frames that tactile differences are taken against: those of one tick, fetched once per stream and size
 * (ticks that come scaled are compared with a reference that is scaled the same way).
 */
export class TactileReference {
  private readonly client = new TickClient((address, init) => fetch(address, init));
  private readonly view = newView('reference');
  private readonly frames = new Map<string, ReferenceFrame | 'asked' | 'none'>();
  private readonly standIns = new Map<string, ReferenceFrame>();
  private tick = 0;
  private sequence = 0;

  constructor(
    private readonly episode: Episode,
    /** A frame that was missing is here: paint again. */
    private readonly onReady: () => void,
  ) {}

  /** Takes another tick as the reference; also forgets frames after an order or offset was changed. */
  setTick(tick: number): void {
    this.tick = tick;
    this.sequence += 1;
    this.frames.clear();
    this.standIns.clear();
  }

  /** "none" when the reference tick has no sample of that stream; undefined while it is on its way. */
  get(stream: string, width: number, height: number): ReferenceFrame | 'none' | undefined {
    const key = `${stream} ${width}x${height}`;
    const held = this.frames.get(key);
    if (held && held !== 'asked') return held;
    if (!held) {
      this.frames.set(key, 'asked');
      void this.load(key, stream, width, height);
    }
    return this.standIn(stream, key, width, height);
  }

  /** Of another size what is here, by its nearest pixels: behind a fast play the right one takes seconds. */
  private standIn(stream: string, key: string, width: number, height: number): ReferenceFrame | undefined {
    const made = this.standIns.get(key);
    if (made) return made;
    for (const [other, frame] of this.frames) {
      if (!other.startsWith(`${stream} `) || typeof frame === 'string') continue;
      const scaled = nearest(frame, width, height);
      this.standIns.set(key, scaled);
      return scaled;
    }
    return undefined;
  }

  private async load(key: string, stream: string, width: number, height: number): Promise<void> {
    const { tick, sequence } = this;
    const stored = this.episode.streams.find(({ id }) => id === stream);
    const isScaled = stored !== undefined && (stored.width !== width || stored.height !== height);
    try {
      const received = await this.client.fetch({
        episode: this.episode.id,
        tick,
        streams: [isScaled ? { stream, maxWidth: width, maxHeight: height } : { stream }],
        view: `${this.view}-${key}`,
        sequence,
        direction: 0,
      });
      if (sequence !== this.sequence) return;
      const sample = received?.header.samples[0];
      if (!received || !sample || sample.state !== 'shown') {
        this.frames.set(key, 'none');
      } else {
        const start = received.bodyOffset + sample.offset;
        this.frames.set(key, {
          index: sample.index,
          width: sample.width,
          height: sample.height,
          pixels: new Uint8Array(received.buffer.slice(start, start + sample.bytes)),
        });
      }
      if (received) this.client.release(received);
    } catch {
      // The player says what is wrong with the workstation; the next tick asks again.
      if (sequence === this.sequence) this.frames.delete(key);
      return;
    }
    this.onReady();
  }
}

/** A frame at another size, each pixel the one whose middle is nearest; as many bytes a pixel as it has. */
export function nearest(frame: ReferenceFrame, width: number, height: number): ReferenceFrame {
  const bytes = frame.pixels.length / (frame.width * frame.height);
  const pixels = new Uint8Array(width * height * bytes);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * frame.height) / height) * frame.width;
    for (let x = 0; x < width; x += 1) {
      const from = (row + Math.floor(((x + 0.5) * frame.width) / width)) * bytes;
      const to = (y * width + x) * bytes;
      for (let byte = 0; byte < bytes; byte += 1) pixels[to + byte] = frame.pixels[from + byte] as number;
    }
  }
  return { index: frame.index, width, height, pixels };
}
