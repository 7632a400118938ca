// The two byte-oriented dictionary formats of recordings. Both answer false for bytes that are no such stream or that
// unpack to any other length than the one asked for, and never touch memory outside their regions and the slack behind.
import { copy, repeat } from './copy';

/** A length of this much goes on in the bytes that follow. */
const LONG: usize = 15;
const SHORTEST_MATCH: usize = 4;

/** Unpacks a raw LZ4 block. Most of it is short: those lengths are copied whole, without a loop to leave. */
export function lz4(from: usize, fromLength: usize, to: usize, toLength: usize): bool {
  const begin = to;
  const fromEnd = from + fromLength;
  const toEnd = to + toLength;
  while (from < fromEnd) {
    const token = load<u8>(from++) as usize;
    let literals = token >> 4;
    if (literals == LONG) {
      let more: usize;
      do {
        if (from >= fromEnd) return false;
        more = load<u8>(from++);
        literals += more;
      } while (more == 255);
      if (literals > fromEnd - from || literals > toEnd - to) return false;
      copy(to, from, literals);
    } else {
      if (literals > fromEnd - from || literals > toEnd - to) return false;
      v128.store(to, v128.load(from));
    }
    to += literals;
    from += literals;
    // The last sequence has literals alone.
    if (from == fromEnd) return to == toEnd;
    if (fromEnd - from < 2) return false;
    const distance = load<u16>(from) as usize;
    from += 2;
    if (distance == 0 || distance > to - begin) return false;
    let length = token & 15;
    if (length == LONG) {
      let more: usize;
      do {
        if (from >= fromEnd) return false;
        more = load<u8>(from++);
        length += more;
      } while (more == 255);
    }
    length += SHORTEST_MATCH;
    if (length > toEnd - to) return false;
    if (length <= 32 && distance >= 16) {
      v128.store(to, v128.load(to - distance));
      v128.store(to, v128.load(to - distance, 16), 16);
    } else repeat(to, distance, length);
    to += length;
  }
  return false;
}

/** Unpacks an LZF stream. */
export function lzf(from: usize, fromLength: usize, to: usize, toLength: usize): bool {
  const begin = to;
  const fromEnd = from + fromLength;
  const toEnd = to + toLength;
  while (from < fromEnd) {
    const control = load<u8>(from++) as usize;
    if (control < 32) {
      const literals = control + 1;
      if (literals > fromEnd - from || literals > toEnd - to) return false;
      copy(to, from, literals);
      to += literals;
      from += literals;
      continue;
    }
    let length = control >> 5;
    if (length == 7) {
      if (from >= fromEnd) return false;
      length += load<u8>(from++);
    }
    if (from >= fromEnd) return false;
    const distance = (((control & 31) << 8) | load<u8>(from++)) + 1;
    length += 2;
    if (distance > to - begin || length > toEnd - to) return false;
    repeat(to, distance, length);
    to += length;
  }
  return to == toEnd;
}
