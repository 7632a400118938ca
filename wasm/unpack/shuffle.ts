// Undoes the two rearrangements that make numbers compress: by bytes (all first bytes, then all second bytes …) and by
// bits (the lowest bit of every value's first byte, then the next bit …).

/** Bytes back to their values of `size` bytes; what is left over behind the last whole value was never moved. */
export function unshuffle(from: usize, to: usize, length: usize, size: usize): void {
  const count = length / size;
  if (size == 2) interleave(from, to, count);
  else {
    for (let byte: usize = 0; byte < size; byte++) {
      const plane = from + byte * count;
      let at = to + byte;
      for (let value: usize = 0; value < count; value++) {
        store<u8>(at, load<u8>(plane + value));
        at += size;
      }
    }
  }
  const whole = count * size;
  memory.copy(to + whole, from + whole, length - whole);
}

function interleave(from: usize, to: usize, count: usize): void {
  const high = from + count;
  let value: usize = 0;
  for (; value + 16 <= count; value += 16) {
    const a = v128.load(from + value);
    const b = v128.load(high + value);
    v128.store(to + value * 2, lowBytes(a, b));
    v128.store(to + value * 2, highBytes(a, b), 16);
  }
  for (; value < count; value++) {
    store<u8>(to + value * 2, load<u8>(from + value));
    store<u8>(to + value * 2, load<u8>(high + value), 1);
  }
}

/** Bits back to their values. `length` is a multiple of eight values; `scratch` has room for as many bytes. */
export function bitUnshuffle(from: usize, to: usize, length: usize, size: usize, scratch: usize): void {
  if (size == 1) {
    gatherBits(from, to, length / 8);
    return;
  }
  const count = length / size;
  for (let byte: usize = 0; byte < size; byte++) gatherBits(from + byte * count, scratch + byte * count, count / 8);
  unshuffle(scratch, to, length, size);
}

/** Eight rows of `stride` bytes, row k holding bit k of every byte, to the bytes themselves. */
function gatherBits(rows: usize, to: usize, stride: usize): void {
  let at: usize = 0;
  for (; at + 16 <= stride; at += 16) {
    let row = rows + at;
    const r0 = v128.load(row);
    const r1 = v128.load((row += stride));
    const r2 = v128.load((row += stride));
    const r3 = v128.load((row += stride));
    const r4 = v128.load((row += stride));
    const r5 = v128.load((row += stride));
    const r6 = v128.load((row += stride));
    const r7 = v128.load((row += stride));
    gatherHalf(lowBytes(r0, r1), lowBytes(r2, r3), lowBytes(r4, r5), lowBytes(r6, r7), to + at * 8);
    gatherHalf(highBytes(r0, r1), highBytes(r2, r3), highBytes(r4, r5), highBytes(r6, r7), to + at * 8 + 64);
  }
  for (; at < stride; at++) {
    let bits: u64 = 0;
    for (let row: usize = 0; row < 8; row++) bits |= (load<u8>(rows + row * stride + at) as u64) << ((row * 8) as u64);
    store<u64>(to + at * 8, transposed(bits));
  }
}

/** Pairs of rows, interleaved, for eight bytes of each row: to 64 bytes. */
function gatherHalf(p01: v128, p23: v128, p45: v128, p67: v128, to: usize): void {
  const low0123 = lowPairs(p01, p23);
  const low4567 = lowPairs(p45, p67);
  const high0123 = highPairs(p01, p23);
  const high4567 = highPairs(p45, p67);
  v128.store(to, transposedTwice(lowQuads(low0123, low4567)));
  v128.store(to, transposedTwice(highQuads(low0123, low4567)), 16);
  v128.store(to, transposedTwice(lowQuads(high0123, high4567)), 32);
  v128.store(to, transposedTwice(highQuads(high0123, high4567)), 48);
}

function lowBytes(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
function highBytes(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
function lowPairs(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
function highPairs(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
function lowQuads(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
}
function highQuads(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
}

/** Each half as a square of 8 × 8 bits, mirrored at its diagonal: first single bits, then pairs, then fours change places. */
function transposedTwice(bits: v128): v128 {
  bits = swapped(bits, i64x2.splat(0x00aa00aa00aa00aa), 7);
  bits = swapped(bits, i64x2.splat(0x0000cccc0000cccc), 14);
  return swapped(bits, i64x2.splat(0x00000000f0f0f0f0), 28);
}

function swapped(bits: v128, mask: v128, by: i32): v128 {
  const moved = v128.and(v128.xor(bits, v128.shr<u64>(bits, by)), mask);
  return v128.xor(v128.xor(bits, moved), v128.shl<u64>(moved, by));
}

function transposed(bits: u64): u64 {
  let moved = (bits ^ (bits >> 7)) & 0x00aa00aa00aa00aa;
  bits ^= moved ^ (moved << 7);
  moved = (bits ^ (bits >> 14)) & 0x0000cccc0000cccc;
  bits ^= moved ^ (moved << 14);
  moved = (bits ^ (bits >> 28)) & 0x00000000f0f0f0f0;
  return bits ^ moved ^ (moved << 28);
}
