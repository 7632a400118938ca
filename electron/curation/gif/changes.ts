/**
 * Where pictures differ from those before them: pairs of pixel places (row after row), the first of a stretch and the one
 * behind its last, ascending and apart. What lies outside is the same; within, some may be the same too.
 */
export type Changes = Int32Array;

/** All pixels of a picture. */
export function everywhere(pixels: number): Changes {
  return Int32Array.of(0, pixels);
}

/** How many pixels lie within. */
export function pixelsIn(changes: Changes): number {
  let pixels = 0;
  for (let at = 0; at < changes.length; at += 2) pixels += (changes[at + 1] as number) - (changes[at] as number);
  return pixels;
}

/** Pixels are compared four at a time: as RGB those are three whole words. */
const GROUP = 4;
const GROUP_WORDS = 3;

/** Room for the stretches of a picture, used again from picture to picture. */
let found = new Int32Array(0);

/** Where two RGB pictures of one size differ, to four pixels. */
export function changesBetween(before: Uint8Array, after: Uint8Array): Changes {
  const pixels = after.length / 3;
  const groups = Math.floor(pixels / GROUP);
  if (found.length < groups + 4) found = new Int32Array(groups + 4);
  const [a, b] = [wordsOf(before), wordsOf(after)];
  let length = 0;
  let end = -1;
  for (let group = 0, at = 0; group < groups; group += 1, at += GROUP_WORDS) {
    if (a[at] === b[at] && a[at + 1] === b[at + 1] && a[at + 2] === b[at + 2]) continue;
    if (end !== group) {
      if (end >= 0) found[length++] = end * GROUP;
      found[length++] = group * GROUP;
    }
    end = group + 1;
  }
  if (end >= 0) found[length++] = end * GROUP;
  for (let pixel = groups * GROUP; pixel < pixels; pixel += 1) {
    const at = pixel * 3;
    if (before[at] === after[at] && before[at + 1] === after[at + 1] && before[at + 2] === after[at + 2]) continue;
    // The few pixels behind the last group.
    if (found[length - 1] === pixel && length > 0) found[length - 1] = pixel + 1;
    else {
      found[length++] = pixel;
      found[length++] = pixel + 1;
    }
  }
  return found.slice(0, length);
}

function wordsOf(bytes: Uint8Array): Int32Array {
  const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(whole.buffer, whole.byteOffset, whole.length >> 2);
}
