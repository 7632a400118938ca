const MAGIC = 0x184d2204;
const STORED = 0x8000_0000;

/**
 * Unpacks one LZ4 frame (linked blocks too) into exactly `length` bytes, which the caller has bounded. Throws where the
 * frame is broken or holds more or less. The frame's own checksums are not looked at: its container has one.
 */
export function unpackLz4Frame(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== MAGIC) throw new Error('no LZ4 frame');
  const flags = view.getUint8(4);
  const hasBlockChecksums = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  let at = 6 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1;
  const output = new Uint8Array(length);
  let written = 0;
  for (;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const size = word & ~STORED;
    const block = input.subarray(at, at + size);
    if (block.length < size) throw new Error('the LZ4 frame is cut short');
    if (word >= STORED) {
      if (written + size > length) throw tooLong();
      output.set(block, written);
      written += size;
    } else written = unpackBlock(block, output, written);
    at += size + (hasBlockChecksums ? 4 : 0);
  }
  if (written !== length) throw new Error(`the LZ4 frame holds ${written} bytes where ${length} are claimed`);
  return output;
}

/** Appends a block at `start`, where earlier blocks may be referred to; answers where it ends. */
function unpackBlock(block: Uint8Array, output: Uint8Array, start: number): number {
  let at = 0;
  let to = start;
  const more = (nibble: number): number => {
    if (nibble < 15) return nibble;
    let sum = nibble;
    for (let byte = 255; byte === 255; sum += byte) {
      if (at >= block.length) throw new Error('an LZ4 block is cut short');
      byte = block[at++] as number;
    }
    return sum;
  };
  while (at < block.length) {
    const token = block[at++] as number;
    const literals = more(token >> 4);
    if (at + literals > block.length) throw new Error('an LZ4 block is cut short');
    if (to + literals > output.length) throw tooLong();
    output.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence is literals alone.
    if (at >= block.length) break;
    const distance = (block[at] as number) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    const match = more(token & 15) + 4;
    if (distance === 0 || distance > to) throw new Error('an LZ4 block refers to what lies before it');
    if (to + match > output.length) throw tooLong();
    // Copies may overlap what they write, so byte by byte.
    for (const end = to + match; to < end; to++) output[to] = output[to - distance] as number;
  }
  return to;
}

function tooLong(): Error {
  return new Error('the LZ4 frame holds more than is claimed');
}
