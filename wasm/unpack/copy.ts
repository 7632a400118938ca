// Copies sixteen bytes at a time: up to fifteen bytes behind the end are written as well (and read behind the source's end),
// which the callers' regions have room for. What is written there is either written again or never looked at.

/** Bytes every region keeps free behind its end. */
export const SLACK: usize = 64;

/** For each distance below sixteen, which of the last bytes stands at each of the next sixteen. */
// biome-ignore format: a row a distance
const PATTERNS = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
  0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
  0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
  0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0,
]);

/** Copies to where the source does not begin within the sixteen bytes before. */
export function copy(to: usize, from: usize, length: usize): void {
  const end = to + length;
  while (to < end) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
}

/** Writes the bytes that stand `distance` (at least 1) before `to` again, as often as `length` asks. */
export function repeat(to: usize, distance: usize, length: usize): void {
  if (distance >= 16) {
    copy(to, to - distance, length);
    return;
  }
  const end = to + length;
  const pattern = v128.swizzle(v128.load(to - distance), v128.load(PATTERNS + distance * 16));
  const step: usize = 16 - ((16 as usize) % distance);
  while (to < end) {
    v128.store(to, pattern);
    to += step;
  }
}
