/**
 * The first picture of a GIF as a GIF of its own, for who wants nothing to move and for paper; undefined where it does not
 * read as a GIF with a picture in it.
 */
export function stillOf(gif: Uint8Array): Uint8Array | undefined {
  const signature = String.fromCharCode(...gif.subarray(0, 6));
  if (signature !== 'GIF89a' && signature !== 'GIF87a') return undefined;
  let at = 13 + tableBytes(gif[10]);
  while (at < gif.length) {
    const kind = gif[at];
    if (kind === EXTENSION) at = pastBlocks(gif, at + 2);
    else if (kind === PICTURE) {
      const end = pastBlocks(gif, at + 10 + tableBytes(gif[at + 9]) + 1);
      if (end > gif.length) return undefined;
      const still = new Uint8Array(end + 1);
      still.set(gif.subarray(0, end));
      still[end] = TRAILER;
      return still;
    } else return undefined;
  }
  return undefined;
}

const EXTENSION = 0x21;
const PICTURE = 0x2c;
const TRAILER = 0x3b;

/** Bytes of a colour table, by the flags that announce it. */
function tableBytes(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Behind a row of blocks, each of which begins with its length; the last has none. */
function pastBlocks(gif: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const length = gif[at];
    if (length === undefined) return gif.length + 1;
    at += length + 1;
    if (length === 0) return at;
  }
}
