// How far one picture of a gel lies from another: both are three planes of 128 × 128 bytes. Sums run in the order in which
// NumPy sums 32-bit floats (blocks of 128 in eight lanes, blocks in pairs), so that the figures are the same to the last bit.

const PIXELS: usize = 128 * 128;
const BLOCK: usize = 128;
const BLOCKS: usize = PIXELS / BLOCK;

/** Two 32-bit sums a block: of the distances, and of those above the limit. */
const sums = memory.data(1024, 16);

/**
 * Writes three f32 to `to`: the mean distance, the share of pixels whose distance lies above `limit`, and the mean over all
 * pixels of the distances above it.
 */
export function contact(a: usize, b: usize, limit: f32, to: usize): void {
  const limits = f32x4.splat(limit);
  let above: u32 = 0;
  for (let block: usize = 0; block < BLOCKS; block++) {
    let all0 = f32x4.splat(0);
    let all1 = f32x4.splat(0);
    let some0 = f32x4.splat(0);
    let some1 = f32x4.splat(0);
    for (let at = block * BLOCK; at < (block + 1) * BLOCK; at += 8) {
      let low = i32x4.splat(0);
      let high = i32x4.splat(0);
      for (let plane: usize = 0; plane < 3 * PIXELS; plane += PIXELS) {
        const x = i16x8.extend_low_i8x16_u(v128.load64_zero(a + plane + at));
        const y = i16x8.extend_low_i8x16_u(v128.load64_zero(b + plane + at));
        const apart = i16x8.sub(x, y);
        low = i32x4.add(low, i32x4.extmul_low_i16x8_s(apart, apart));
        high = i32x4.add(high, i32x4.extmul_high_i16x8_s(apart, apart));
      }
      const near = f32x4.sqrt(f32x4.convert_i32x4_s(low));
      const far = f32x4.sqrt(f32x4.convert_i32x4_s(high));
      const isNearAbove = f32x4.gt(near, limits);
      const isFarAbove = f32x4.gt(far, limits);
      all0 = f32x4.add(all0, near);
      all1 = f32x4.add(all1, far);
      some0 = f32x4.add(some0, v128.and(near, isNearAbove));
      some1 = f32x4.add(some1, v128.and(far, isFarAbove));
      above += popcnt<u32>(i32x4.bitmask(isNearAbove)) + popcnt<u32>(i32x4.bitmask(isFarAbove));
    }
    store<f32>(sums + block * 8, eight(all0, all1));
    store<f32>(sums + block * 8, eight(some0, some1), 4);
  }
  for (let step: usize = 1; step < BLOCKS; step *= 2) {
    for (let block: usize = 0; block < BLOCKS; block += 2 * step) {
      const mine = sums + block * 8;
      const other = mine + step * 8;
      store<f32>(mine, load<f32>(mine) + load<f32>(other));
      store<f32>(mine, load<f32>(mine, 4) + load<f32>(other, 4), 4);
    }
  }
  store<f32>(to, load<f32>(sums) / (PIXELS as f32));
  store<f32>(to, (above as f32) / (PIXELS as f32), 4);
  store<f32>(to, load<f32>(sums, 4) / (PIXELS as f32), 8);
}

function eight(a: v128, b: v128): f32 {
  const low =
    f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
  const high =
    f32x4.extract_lane(b, 0) + f32x4.extract_lane(b, 1) + (f32x4.extract_lane(b, 2) + f32x4.extract_lane(b, 3));
  return low + high;
}
