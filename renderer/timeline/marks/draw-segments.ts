import type { Scene } from '../draw-lanes.ts';
import { xOfTime } from '../zoom.ts';
import type { Segment } from './segments.ts';

const TONES = { failures: 'bad', recoveries: 'good', taskMarks: 'accent' } as const;

/** Marks in the strip of the whole recording: where something was marked, each kind at a height of its own. */
export function drawSegmentsSmall(scene: Scene, segments: readonly Segment[], heightPx: number): void {
  const { context, palette, window, widthPx, model } = scene;
  const xOf = (tick: number) => xOfTime(window, widthPx, model.times[tick] ?? 0);
  for (const { map, first, last, event, by } of segments) {
    context.fillStyle = by === null ? palette[TONES[map]] : palette.muted;
    const x = xOf(first);
    context.globalAlpha = 0.35;
    context.fillRect(x, ROW_PX[map], Math.max(1, xOf(last) - x), 3);
    context.globalAlpha = 1;
    if (event !== null) context.fillRect(xOf(event) - 1, 1, 2, heightPx - 2);
  }
}

const ROW_PX = { failures: 2, recoveries: 6, taskMarks: 9 } as const;
