// A square of three-channel pixels area-averaged to a smaller square, as three planes. The order of the additions, in 32-bit
// floats, is the one that OpenCV's INTER_AREA documents by its results: the same picture comes out, bit for bit.

/**
 * Of each target position: where its first source position begins (bytes; for rows: the row), how many, and their weights;
 * behind the last weight stand zeros up to the fifth.
 */
const ENTRY: usize = 12;

/**
 * For ratios that are no whole number. `across` and `down` are tables of `size` entries (u32 begin, u32 count, u32 address of
 * f32 weights); `row` and `sums` have room for `size` × 16 bytes. Planes of `size` × `size` bytes are written to `to`.
 */
export function shrink(
  from: usize,
  rowBytes: usize,
  across: usize,
  down: usize,
  size: usize,
  row: usize,
  sums: usize,
  to: usize,
): void {
  let averaged: usize = usize.MAX_VALUE;
  for (let y: usize = 0; y < size; y++) {
    const entry = down + y * ENTRY;
    const first = load<u32>(entry) as usize;
    const count = load<u32>(entry, 4) as usize;
    const weights = load<u32>(entry, 8) as usize;
    for (let j: usize = 0; j < count; j++) {
      // The row at an edge has a share in two target rows.
      if (averaged != first + j) averageRow(from + (first + j) * rowBytes, across, size, row);
      averaged = first + j;
      const weight = f32x4.splat(load<f32>(weights + j * 4));
      if (j == 0) {
        for (let at: usize = 0; at < size * 16; at += 16) {
          v128.store(sums + at, f32x4.mul(weight, v128.load(row + at)));
        }
      } else {
        for (let at: usize = 0; at < size * 16; at += 16) {
          v128.store(sums + at, f32x4.add(v128.load(sums + at), f32x4.mul(weight, v128.load(row + at))));
        }
      }
    }
    writeRow(sums, size, to + y * size);
  }
}

function averageRow(from: usize, across: usize, size: usize, row: usize): void {
  for (let x: usize = 0; x < size; x++) {
    const entry = across + x * ENTRY;
    const at = from + (load<u32>(entry) as usize);
    const count = load<u32>(entry, 4) as usize;
    const weights = load<u32>(entry, 8) as usize;
    v128.store(row + x * 16, count <= 5 ? fewPixels(at, weights) : pixels(at, weights, count));
  }
}

/**
 * Up to five pixels, which one load holds. Where there are fewer the weights behind the last are 0, and to add nothing changes
 * no bit of a sum that is not negative.
 */
function fewPixels(at: usize, weights: usize): v128 {
  const bytes = v128.load(at);
  let sum = f32x4.mul(
    f32x4.convert_i32x4_s(i8x16.swizzle(bytes, i8x16(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1))),
    v128.load32_splat(weights),
  );
  sum = f32x4.add(
    sum,
    f32x4.mul(
      f32x4.convert_i32x4_s(i8x16.swizzle(bytes, i8x16(3, -1, -1, -1, 4, -1, -1, -1, 5, -1, -1, -1, 6, -1, -1, -1))),
      v128.load32_splat(weights, 4),
    ),
  );
  sum = f32x4.add(
    sum,
    f32x4.mul(
      f32x4.convert_i32x4_s(i8x16.swizzle(bytes, i8x16(6, -1, -1, -1, 7, -1, -1, -1, 8, -1, -1, -1, 9, -1, -1, -1))),
      v128.load32_splat(weights, 8),
    ),
  );
  sum = f32x4.add(
    sum,
    f32x4.mul(
      f32x4.convert_i32x4_s(i8x16.swizzle(bytes, i8x16(9, -1, -1, -1, 10, -1, -1, -1, 11, -1, -1, -1, 12, -1, -1, -1))),
      v128.load32_splat(weights, 12),
    ),
  );
  return f32x4.add(
    sum,
    f32x4.mul(
      f32x4.convert_i32x4_s(
        i8x16.swizzle(bytes, i8x16(12, -1, -1, -1, 13, -1, -1, -1, 14, -1, -1, -1, 15, -1, -1, -1)),
      ),
      v128.load32_splat(weights, 16),
    ),
  );
}

function pixels(at: usize, weights: usize, count: usize): v128 {
  const end = weights + count * 4;
  let sum = f32x4.mul(pixelAt(at), v128.load32_splat(weights));
  for (let weight = weights + 4; weight < end; weight += 4) {
    at += 3;
    sum = f32x4.add(sum, f32x4.mul(pixelAt(at), v128.load32_splat(weight)));
  }
  return sum;
}

/** Three channels as floats; the fourth lane is the next pixel's and means nothing. */
function pixelAt(at: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))));
}

/** Rounded half to even. */
function writeRow(sums: usize, size: usize, to: usize): void {
  const plane = size * size;
  for (let x: usize = 0; x < size; x++) {
    const rounded = i32x4.trunc_sat_f32x4_s(f32x4.nearest(v128.load(sums + x * 16)));
    store<u8>(to + x, min(255, i32x4.extract_lane(rounded, 0)));
    store<u8>(to + x + plane, min(255, i32x4.extract_lane(rounded, 1)));
    store<u8>(to + x + 2 * plane, min(255, i32x4.extract_lane(rounded, 2)));
  }
}

/** For whole ratios: `factor` × `factor` pixels make one. */
export function shrinkWhole(from: usize, rowBytes: usize, factor: usize, size: usize, to: usize): void {
  const plane = size * size;
  const share: f32 = 1 / ((factor * factor) as f32);
  for (let y: usize = 0; y < size; y++) {
    for (let x: usize = 0; x < size; x++) {
      for (let channel: usize = 0; channel < 3; channel++) {
        let sum: u32 = 0;
        for (let j: usize = 0; j < factor; j++) {
          let at = from + (y * factor + j) * rowBytes + x * factor * 3 + channel;
          for (let i: usize = 0; i < factor; i++, at += 3) sum += load<u8>(at);
        }
        const value = factor == 2 ? (sum + 2) >> 2 : (nearest<f32>((sum as f32) * share) as u32);
        store<u8>(to + channel * plane + y * size + x, value);
      }
    }
  }
}
