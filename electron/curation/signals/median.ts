/**
 * Median of each of `values` bytes over `count` pictures, as NumPy has it: the mean of the two in the middle where their
 * number is even. Pictures are read one by one; memory is a kilobyte a value.
 */
export function medianOf(
  count: number,
  values: number,
  read: (picture: number, into: Uint8Array) => void,
): Float32Array {
  const counts = new Uint32Array(values * 256);
  const picture = new Uint8Array(values);
  for (let at = 0; at < count; at++) {
    read(at, picture);
    for (let value = 0; value < values; value++) {
      const place = value * 256 + (picture[value] as number);
      counts[place] = (counts[place] as number) + 1;
    }
  }
  const [low, high] = [Math.floor((count - 1) / 2), Math.floor(count / 2)];
  return Float32Array.from({ length: values }, (_, value) => {
    const own = counts.subarray(value * 256, value * 256 + 256);
    return (nth(own, low) + nth(own, high)) / 2;
  });
}

/** The byte that stands at this place when all are in order. */
function nth(counts: Uint32Array, place: number): number {
  let seen = 0;
  for (let byte = 0; byte < 256; byte++) {
    seen += counts[byte] as number;
    if (seen > place) return byte;
  }
  return 255;
}

/** Mean distance over three channels (l2) and mean absolute difference over all values (l1) of planes to a picture of floats. */
export function distancesTo(planes: Uint8Array, median: Float32Array, pixels: number): { l2: number; l1: number } {
  let l2 = 0;
  let l1 = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    let squares = 0;
    for (let at = pixel; at < planes.length; at += pixels) {
      const apart = (planes[at] as number) - (median[at] as number);
      squares += apart * apart;
      l1 += Math.abs(apart);
    }
    l2 += Math.sqrt(squares);
  }
  return { l2: l2 / pixels, l1: l1 / planes.length };
}
