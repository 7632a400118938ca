/** Markers that stand alone, without a length: fill, restart, start of image, TEM. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
/** Start of frame, of whatever coding; C4, C8 and CC mean other things. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Width and height from a JPEG's header, without decoding it; null when the bytes are no JPEG that says so. */
export function jpegSizeOf(file: Uint8Array): { width: number; height: number } | null {
  const at = frameHeaderOf(file);
  if (at === undefined) return null;
  const word = (offset: number) => ((file[offset] ?? 0) << 8) | (file[offset + 1] ?? 0);
  const size = { height: word(at + 5), width: word(at + 7) };
  return size.width > 0 && size.height > 0 ? size : null;
}

/** What keeps a whole JPEG from being decoded here, by its header (ITU-T T.81, table B.1): "12 bits a sample". */
export function uncommonKindOf(file: Uint8Array): string | undefined {
  const at = frameHeaderOf(file);
  if (at === undefined) return undefined;
  const [marker, bits, channels] = [file[at + 1] as number, file[at + 4], file[at + 9]];
  if ([0xc3, 0xc7, 0xcb, 0xcf].includes(marker)) return 'lossless';
  if (marker > 0xc8) return 'arithmetic coding';
  if (marker > 0xc2) return 'hierarchical';
  if (bits !== 8) return `${bits} bits a sample`;
  return channels === undefined || channels === 1 || channels === 3 ? undefined : `${channels} channels`;
}

/** Where the marker of the frame header stands. */
function frameHeaderOf(file: Uint8Array): number | undefined {
  if (file[0] !== 0xff || file[1] !== 0xd8) return undefined;
  const word = (at: number) => ((file[at] ?? 0) << 8) | (file[at + 1] ?? 0);
  let at = 2;
  while (at + 9 <= file.length) {
    if (file[at] !== 0xff) return undefined;
    const marker = file[at + 1] as number;
    if (isFrame(marker)) return at;
    // A fill byte stands before a marker.
    if (marker === 0xff) at += 1;
    else if (isBare(marker)) at += 2;
    else if (word(at + 2) < 2) return undefined;
    else at += 2 + word(at + 2);
  }
  return undefined;
}
