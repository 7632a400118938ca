// A BLOSC buffer: 16 bytes of header, the offset of every block, and in each block one or more streams with their length.
import { SLACK } from './copy';
import { lz4 } from './lz';
import { bitUnshuffle, unshuffle } from './shuffle';

/** Instead of a number of blocks: nothing this module unpacks, or damaged. */
const NOTHING: i32 = -1;

const HEADER: usize = 16;
const FORMAT: u32 = 2;
const LZ4: u32 = 1;
const SHUFFLED: u32 = 1;
const STORED: u32 = 2;
const BIT_SHUFFLED: u32 = 4;
const DELTA: u32 = 8;
const ONE_STREAM: u32 = 16;
/** Blocks of fewer values than this, or of larger values, are one stream. */
const FEWEST_VALUES: usize = 128;
const LARGEST_SPLIT: usize = 16;

/** Bytes a block unpacks to; the last one may be shorter. Of a buffer that `bloscBlocks` accepted. */
export function bloscBlockLength(from: usize): usize {
  return load<u32>(from, 8);
}

/** How many blocks the buffer has if it unpacks to exactly `length` bytes and is of a kind known here, else −1. */
export function bloscBlocks(from: usize, fromLength: usize, length: usize): i32 {
  if (fromLength < HEADER || load<u8>(from) != FORMAT) return NOTHING;
  const flags = load<u8>(from, 2) as u32;
  const size = load<u8>(from, 3) as usize;
  const blockLength = bloscBlockLength(from);
  if ((load<u32>(from, 4) as usize) != length || (load<u32>(from, 12) as usize) > fromLength) return NOTHING;
  if (size == 0 || blockLength == 0 || blockLength > length) return NOTHING;
  const blocks = (length + blockLength - 1) / blockLength;
  if (flags & STORED) return fromLength - HEADER < length ? NOTHING : (blocks as i32);
  if (flags & DELTA || flags >> 5 != LZ4 || (fromLength - HEADER) / 4 < blocks) return NOTHING;
  const last = length % blockLength;
  const isUneven = blockLength % (size * 8) != 0 || last % (size * 8) != 0;
  if (movedBy(flags, size, blockLength) == BIT_SHUFFLED && isUneven) return NOTHING;
  return blocks as i32;
}

/**
 * Unpacks block `block` of a buffer that `bloscBlocks` accepted to `to`, which has room for a block's length, `scratch` for
 * twice as much and the slack between. False when it is damaged. By blocks, so that one is copied away while it is still near.
 */
export function bloscBlock(
  from: usize,
  fromLength: usize,
  wholeLength: usize,
  block: usize,
  to: usize,
  scratch: usize,
): bool {
  const flags = load<u8>(from, 2) as u32;
  const size = load<u8>(from, 3) as usize;
  const blockLength = bloscBlockLength(from);
  const done = block * blockLength;
  const length = min(blockLength, wholeLength - done);
  if (flags & STORED) {
    memory.copy(to, from + HEADER + done, length);
    return true;
  }
  const isSplit =
    !(flags & ONE_STREAM) && size <= LARGEST_SPLIT && blockLength / size >= FEWEST_VALUES && length == blockLength;
  const streams: usize = isSplit ? size : 1;
  if (length % streams != 0) return false;
  const moved = movedBy(flags, size, blockLength);
  const begin = load<u32>(from + HEADER + block * 4) as usize;
  if (!unpackStreams(from, fromLength, begin, moved ? scratch : to, length / streams, streams)) return false;
  if (moved == SHUFFLED) unshuffle(scratch, to, length, size);
  else if (moved) bitUnshuffle(scratch, to, length, size, scratch + length + SLACK);
  return true;
}

function movedBy(flags: u32, size: usize, blockLength: usize): u32 {
  if (flags & SHUFFLED && size > 1) return SHUFFLED;
  return flags & BIT_SHUFFLED && blockLength >= size ? BIT_SHUFFLED : 0;
}

function unpackStreams(from: usize, fromLength: usize, at: usize, to: usize, length: usize, streams: usize): bool {
  for (let stream: usize = 0; stream < streams; stream++) {
    if (at > fromLength || fromLength - at < 4) return false;
    const packed = load<u32>(from + at) as usize;
    at += 4;
    if (packed > fromLength - at) return false;
    // What would not shrink is stored.
    if (packed == length) memory.copy(to, from + at, length);
    else if (!lz4(from + at, packed, to, length)) return false;
    to += length;
    at += packed;
  }
  return true;
}
