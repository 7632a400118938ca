import type { Scene } from './draw-lanes.ts';
import { ALL, SOME, type Strip, stripColumns } from './strips.ts';

/** Of the lane's height: motion above, repeated pictures in a row below. */
export const STRIP_PX = 6;
const REPEATS_PX = 2;

/** Motion as columns from below, repeated pictures as a row of their own: told apart by place, not by colour alone. */
export function drawStrip(
  { context, palette, window, widthPx }: Scene,
  strip: Strip,
  top: number,
  colour: string,
): void {
  const { motion, repeats } = stripColumns(strip, window, widthPx);
  const floor = top + STRIP_PX - REPEATS_PX;
  context.fillStyle = colour;
  context.globalAlpha = 0.75;
  for (let column = 0; column < motion.length; column++) {
    const share = Math.min(1, (motion[column] as number) / strip.top);
    if (share > 0)
      context.fillRect(column, floor - share * (STRIP_PX - REPEATS_PX), 1, share * (STRIP_PX - REPEATS_PX));
  }
  context.fillStyle = palette.warning;
  for (let column = 0; column < repeats.length; column++) {
    const kind = repeats[column];
    if (kind !== SOME && kind !== ALL) continue;
    context.globalAlpha = kind === ALL ? 1 : 0.55;
    context.fillRect(column, floor, 1, REPEATS_PX);
  }
  context.globalAlpha = 1;
}
