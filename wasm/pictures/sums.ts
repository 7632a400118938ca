// Sums over whole pictures, exact: bytes are added as integers, sixteen at a time.

/** Σ |a − b| over `length` bytes. */
export function absoluteDifference(a: usize, b: usize, length: usize): f64 {
  let sum: u64 = 0;
  let at: usize = 0;
  const whole = length & ~15;
  while (at < whole) {
    // The lanes of sixteen bits pair to 32 bits: 4 × 255 a step, far from overflowing within a run.
    const end = min(whole, at + 65536);
    let lanes = i32x4.splat(0);
    while (at < end) {
      const x = v128.load(a + at);
      const y = v128.load(b + at);
      const apart = v128.or(i8x16.sub_sat_u(x, y), i8x16.sub_sat_u(y, x));
      lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(apart)));
      at += 16;
    }
    sum += total(lanes);
  }
  for (; at < length; at++) {
    const x = load<u8>(a + at) as i32;
    const y = load<u8>(b + at) as i32;
    sum += abs(x - y) as u64;
  }
  return sum as f64;
}

/** Σ a over `length` bytes. */
export function sumOf(a: usize, length: usize): f64 {
  let sum: u64 = 0;
  let at: usize = 0;
  const whole = length & ~15;
  while (at < whole) {
    const end = min(whole, at + 65536);
    let lanes = i32x4.splat(0);
    while (at < end) {
      lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v128.load(a + at))));
      at += 16;
    }
    sum += total(lanes);
  }
  for (; at < length; at++) sum += load<u8>(a + at) as u64;
  return sum as f64;
}

function total(lanes: v128): u64 {
  const low = (i32x4.extract_lane(lanes, 0) as u64) + (i32x4.extract_lane(lanes, 1) as u64);
  return low + (i32x4.extract_lane(lanes, 2) as u64) + (i32x4.extract_lane(lanes, 3) as u64);
}
