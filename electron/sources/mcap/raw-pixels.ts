/** Raw pixels that are not stored as they are shown: colour filters, brightness with shared colour, metres. */

/** Where red stands in the square of four that a colour filter repeats; blue is diagonal to it. */
export type BayerPattern = 'rggb' | 'bggr' | 'grbg' | 'gbrg';

/**
 * Colours of a picture behind a colour filter, red first: what a pixel did not measure is the mean of its nearest
 * neighbours that did; at the edges what stands one further in. To the bit what OpenCV makes of it. At least 3 × 3.
 */
export function colorsOfBayer(rows: Uint8Array, pattern: BayerPattern, width: number, height: number): Uint8Array {
  const red = pattern.indexOf('r');
  const [redX, redY] = [red % 2, red >> 1];
  const colors = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const inY = Math.min(Math.max(y, 1), height - 2);
    for (let x = 0; x < width; x++) {
      const inX = Math.min(Math.max(x, 1), width - 2);
      const at = inY * width + inX;
      const own = rows[at] as number;
      const of = (offset: number) => rows[at + offset] as number;
      const beside = of(-1) + of(1);
      const above = of(-width) + of(width);
      const out = (y * width + x) * 3;
      const isRedRow = (inY & 1) === redY;
      const isRedColumn = (inX & 1) === redX;
      if (isRedRow === isRedColumn) {
        const across = (of(-width - 1) + of(-width + 1) + of(width - 1) + of(width + 1) + 2) >> 2;
        colors[out] = isRedRow ? own : across;
        colors[out + 1] = (beside + above + 2) >> 2;
        colors[out + 2] = isRedRow ? across : own;
      } else {
        colors[out] = ((isRedRow ? beside : above) + 1) >> 1;
        colors[out + 1] = own;
        colors[out + 2] = ((isRedRow ? above : beside) + 1) >> 1;
      }
    }
  }
  return colors;
}

/** Factors of ITU-R BT.601, 16 to 235 for black to white, in parts of 2 ** 20. */
const [SHIFT, BRIGHT, RED_OF_V, GREEN_OF_V, GREEN_OF_U, BLUE_OF_U] = [20, 1220542, 1673527, -852492, -409993, 2116026];
const HALF = 2 ** (SHIFT - 1);

/**
 * Colours of two pixels in four bytes, red first; `order` says which byte is which. To the bit what OpenCV makes of it.
 * The width is even.
 */
export function colorsOfYuv(rows: Uint8Array, order: 'uyvy' | 'yuyv', width: number, height: number): Uint8Array {
  const [uAt, vAt] = [order.indexOf('u'), order.indexOf('v')];
  const firstY = order.indexOf('y');
  const colors = new Uint8ClampedArray(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const pair = (pixel >> 1) * 4;
    const u = (rows[pair + uAt] as number) - 128;
    const v = (rows[pair + vAt] as number) - 128;
    const y = Math.max(0, (rows[pair + firstY + 2 * (pixel & 1)] as number) - 16) * BRIGHT + HALF;
    colors[pixel * 3] = (y + RED_OF_V * v) >> SHIFT;
    colors[pixel * 3 + 1] = (y + GREEN_OF_V * v + GREEN_OF_U * u) >> SHIFT;
    colors[pixel * 3 + 2] = (y + BLUE_OF_U * u) >> SHIFT;
  }
  return new Uint8Array(colors.buffer);
}

/** Whole millimetres of metres, the lower byte first: 0 where nothing was measured, 65535 for what is farther. */
export function millimetresOfMetres(rows: Uint8Array, isBigEndian: boolean): Uint8Array {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
  const depths = new Uint8Array(rows.length / 2);
  const out = new DataView(depths.buffer);
  for (let at = 0; at < rows.length; at += 4) {
    const metres = view.getFloat32(at, !isBigEndian);
    const millimetres =
      metres > 0 && metres < Number.POSITIVE_INFINITY ? Math.min(65535, Math.round(metres * 1000)) : 0;
    out.setUint16(at / 2, millimetres, true);
  }
  return depths;
}
