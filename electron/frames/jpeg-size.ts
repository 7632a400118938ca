/** Markers that stand alone, without a length: fill, restart, start of image, TEM. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
/** Start of frame, of whatever coding; C4, C8 and CC mean other things. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Width and height from a JPEG's header, without decoding it; null when the bytes are no JPEG that says so. */
export function jpegSizeOf(file: Uint8Array): { width: number; height: number } | null {
  if (file[0] !== 0xff || file[1] !== 0xd8) return null;
  const word = (at: number) => ((file[at] ?? 0) << 8) | (file[at + 1] ?? 0);
  let at = 2;
  while (at + 9 <= file.length) {
    if (file[at] !== 0xff) return null;
    const marker = file[at + 1] as number;
    if (isFrame(marker)) {
      const size = { height: word(at + 5), width: word(at + 7) };
      return size.width > 0 && size.height > 0 ? size : null;
    }
    // A fill byte stands before a marker.
    if (marker === 0xff) at += 1;
    else if (isBare(marker)) at += 2;
    else if (word(at + 2) < 2) return null;
    else at += 2 + word(at + 2);
  }
  return null;
}
