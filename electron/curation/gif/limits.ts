/** Shares of the full size that are tried, the largest first, before colours are given up. */
export const GIF_SCALES = [1, 0.75, 0.6, 0.5, 0.4, 0.3] as const;

/** Fewer colours than these break the gels' gradients into bands. */
const FEWEST_COLORS = 128;
const COLOR_STEP = 32;

/** Sizes of the palette that are tried, from the largest to the smallest that is allowed. */
export function paletteSizes(most: number): number[] {
  const sizes = [most];
  for (let size = Math.ceil(most / COLOR_STEP) * COLOR_STEP - COLOR_STEP; size > FEWEST_COLORS; size -= COLOR_STEP) {
    sizes.push(size);
  }
  if (most > FEWEST_COLORS) sizes.push(FEWEST_COLORS);
  return sizes;
}
