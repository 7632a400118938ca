/** The polynomial of ZIP's CRC-32, lowest bit first. */
const POLYNOMIAL = 0xedb88320;

/**
 * CRC-32 of two pieces one after the other, from that of each and the second one's length in bytes: what follows is as if the
 * first had been followed by so many zeros, which is a linear map applied by squaring.
 */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  let crc = first >>> 0;
  // One zero bit more, as the image of each bit.
  let step = Uint32Array.from({ length: 32 }, (_, bit) => (bit === 0 ? POLYNOMIAL : 1 << (bit - 1)));
  for (let power = 0; power < 3; power++) step = squared(step);
  for (let left = secondBytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) crc = applied(step, crc);
    step = squared(step);
  }
  return (crc ^ second) >>> 0;
}

function applied(map: Uint32Array, value: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) if ((value >>> bit) & 1) result ^= map[bit] as number;
  return result >>> 0;
}

function squared(map: Uint32Array): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: 32 }, (_, bit) => applied(map, map[bit] as number));
}
