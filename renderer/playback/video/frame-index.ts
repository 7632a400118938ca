import type { PacketList } from './packet-list.ts';

/** Times before zero by less than this are zero: the workstation counts frames by the same rule. */
const ROUNDING_SECONDS = 0.0005;

/**
 * Which packet holds which presented frame. Frames are counted as ffmpeg presents them: by time, what lies before time
 * zero not counted. A position is a packet's place in decoding order; with B-frames the two orders differ.
 */
export class FrameIndex {
  /** By position. */
  readonly seconds: Float64Array;
  private readonly positions: Int32Array;
  private readonly frames: Int32Array;
  /** Positions that decoding can begin at, ascending. */
  private readonly keys: number[];

  constructor({ seconds, keys }: PacketList) {
    this.seconds = seconds;
    const positions = [...seconds.keys()];
    this.keys = positions.filter((position) => keys[position] === 1);
    const shown = positions.filter((position) => (seconds[position] as number) >= -ROUNDING_SECONDS);
    // Sorting is stable: frames of equal time stay in decoding order.
    shown.sort((a, b) => (seconds[a] as number) - (seconds[b] as number));
    this.positions = Int32Array.from(shown);
    this.frames = new Int32Array(seconds.length).fill(-1);
    for (const [frame, position] of shown.entries()) this.frames[position] = frame;
  }

  get frameCount(): number {
    return this.positions.length;
  }

  get packetCount(): number {
    return this.frames.length;
  }

  /** Position of a presented frame; the frame must be one that exists. */
  positionOf(frame: number): number {
    return this.positions[frame] as number;
  }

  /** Frame at a position; -1 for one that is decoded and not presented. */
  frameAt(position: number): number {
    return this.frames[position] as number;
  }

  isStart(position: number): boolean {
    return this.keys[this.keyAtOrBefore(position)] === position;
  }

  /**
   * Position to begin decoding at for a frame: the last key at or before it in both orders, because a frame that is
   * decoded after a key but shown before it still leans on the group before. -1 when there is none.
   */
  startFor(frame: number): number {
    const position = this.positionOf(frame);
    const seconds = this.seconds[position] as number;
    for (let at = this.keyAtOrBefore(position); at >= 0; at -= 1) {
      const key = this.keys[at] as number;
      if ((this.seconds[key] as number) <= seconds) return key;
    }
    return -1;
  }

  /** The container calls it a key, but no decoder starts there (open groups of pictures). */
  forgetStart(position: number): void {
    const at = this.keyAtOrBefore(position);
    if (this.keys[at] === position) this.keys.splice(at, 1);
  }

  /** Index into `keys` of the last one at or before a position; -1 for none. */
  private keyAtOrBefore(position: number): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.keys[middle] as number) <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
