/** Pixels as they lie in memory: interleaved, rows top to bottom, no padding. */
export interface Pixels {
  data: Uint8Array | Uint16Array;
  width: number;
  height: number;
  channels: number;
}

/**
 * The largest whole fraction (1, ½, ⅓ …) of the stored size that fits into the given one; 0 = no limit. Whole fractions
 * average four to seven times faster than sizes in between, and a reduced picture is shown only while things move.
 */
export function fittedSize(
  width: number,
  height: number,
  maxWidth: number,
  maxHeight: number,
): { width: number; height: number } {
  const factor = Math.ceil(Math.max(1, maxWidth > 0 ? width / maxWidth : 1, maxHeight > 0 ? height / maxHeight : 1));
  return { width: Math.max(1, Math.floor(width / factor)), height: Math.max(1, Math.floor(height / factor)) };
}

/**
 * Box-averages an image into `target` (target.width ≤ width, target.height ≤ height). Sixteen-bit images are depth:
 * zero means "no return" there, so zeros take no part in the mean and stay only where nothing else is.
 */
export function areaAverage(source: Pixels, target: Pixels): void {
  if (source.channels === 3 && source.data instanceof Uint8Array) {
    const reduce = isFraction(source, target, 2) ? halveColor : isFraction(source, target, 3) ? thirdColor : undefined;
    if (reduce) {
      reduce(source, target);
      return;
    }
  }
  const across = spans(source.width, target.width);
  const down = spans(source.height, target.height);
  if (source.data instanceof Uint16Array) averageDepth(source, target, across, down);
  else averageColor(source, target, across, down);
}

/**
 * Whether a whole number of stored pixels makes a target pixel. A column or row left over (640 are 3 × 213 and one) is
 * left out where nobody could see that: under half a percent of the side.
 */
function isFraction(source: Pixels, target: Pixels, factor: number): boolean {
  const isWhole = (stored: number, wanted: number) => {
    const rest = stored - factor * wanted;
    return rest >= 0 && rest * 200 <= stored;
  };
  return isWhole(source.width, target.width) && isWhole(source.height, target.height);
}

function halveColor({ data, width }: Pixels, target: Pixels): void {
  const row = width * 3;
  const out = target.data;
  let at = 0;
  for (let y = 0; y < target.height; y++) {
    let p = 2 * y * row;
    for (let x = 0; x < target.width; x++) {
      const q = p + row;
      for (let channel = 0; channel < 3; channel++) {
        const upper = (data[p + channel] as number) + (data[p + channel + 3] as number);
        const lower = (data[q + channel] as number) + (data[q + channel + 3] as number);
        out[at++] = (upper + lower + 2) >> 2;
      }
      p += 6;
    }
  }
}

function thirdColor({ data, width }: Pixels, target: Pixels): void {
  const row = width * 3;
  const out = target.data;
  let at = 0;
  for (let y = 0; y < target.height; y++) {
    let p = 3 * y * row;
    for (let x = 0; x < target.width; x++) {
      const q = p + row;
      const r = q + row;
      for (let channel = 0; channel < 3; channel++) {
        let sum = (data[p + channel] as number) + (data[p + channel + 3] as number) + (data[p + channel + 6] as number);
        sum += (data[q + channel] as number) + (data[q + channel + 3] as number) + (data[q + channel + 6] as number);
        sum += (data[r + channel] as number) + (data[r + channel + 3] as number) + (data[r + channel + 6] as number);
        // A ninth in fixed point: exact to the nearest for all sums of nine bytes.
        out[at++] = (sum * 7282 + 32_768) >> 16;
      }
      p += 9;
    }
  }
}

interface Spans {
  /** First source position and how many positions each target position covers. */
  from: Int32Array;
  count: Int32Array;
  /** Weights of those positions, `stride` per target position. */
  weights: Float32Array;
  stride: number;
}

/** Which source positions a target position covers, with fractional weights at its two edges. */
function spans(sourceSize: number, targetSize: number): Spans {
  const ratio = sourceSize / targetSize;
  const stride = Math.ceil(ratio) + 1;
  const from = new Int32Array(targetSize);
  const count = new Int32Array(targetSize);
  const weights = new Float32Array(targetSize * stride);
  for (let at = 0; at < targetSize; at++) {
    const start = at * ratio;
    const end = Math.min(sourceSize, start + ratio);
    const first = Math.floor(start);
    from[at] = first;
    for (let position = first; position < end - 1e-9; position++) {
      const covered = Math.min(end, position + 1) - Math.max(start, position);
      if (covered > 1e-9) weights[at * stride + (count[at] as number)] = covered;
      count[at] = (count[at] as number) + 1;
    }
  }
  return { from, count, weights, stride };
}

/** Rows are summed first: that inner loop runs over plain arrays, and the columns then cost only what is left. */
function averageColor(source: Pixels, target: Pixels, across: Spans, down: Spans): void {
  const { data, width, channels } = source;
  const rowValues = width * channels;
  const sums = new Float32Array(rowValues);
  const scale = 1 / ((source.width / target.width) * (source.height / target.height));
  for (let y = 0; y < target.height; y++) {
    const rows = down.count[y] as number;
    for (let j = 0; j < rows; j++) {
      const weight = (down.weights[y * down.stride + j] as number) * scale;
      const row = ((down.from[y] as number) + j) * rowValues;
      if (j === 0) for (let i = 0; i < rowValues; i++) sums[i] = weight * (data[row + i] as number);
      else for (let i = 0; i < rowValues; i++) sums[i] = (sums[i] as number) + weight * (data[row + i] as number);
    }
    if (channels === 3) gatherThree(sums, target, y, across);
    else gatherAny(sums, target, y, across);
  }
}

function gatherThree(sums: Float32Array, { data, width }: Pixels, y: number, across: Spans): void {
  const { from, count, weights, stride } = across;
  let out = y * width * 3;
  for (let x = 0; x < width; x++) {
    let at = (from[x] as number) * 3;
    let [a, b, c] = [0.5, 0.5, 0.5];
    const last = x * stride + (count[x] as number);
    for (let tap = x * stride; tap < last; tap++) {
      const weight = weights[tap] as number;
      a += weight * (sums[at] as number);
      b += weight * (sums[at + 1] as number);
      c += weight * (sums[at + 2] as number);
      at += 3;
    }
    data[out] = a;
    data[out + 1] = b;
    data[out + 2] = c;
    out += 3;
  }
}

function gatherAny(sums: Float32Array, { data, width, channels }: Pixels, y: number, across: Spans): void {
  const { from, count, weights, stride } = across;
  for (let x = 0; x < width; x++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0.5;
      for (let i = 0; i < (count[x] as number); i++) {
        const at = ((from[x] as number) + i) * channels + channel;
        sum += (weights[x * stride + i] as number) * (sums[at] as number);
      }
      data[(y * width + x) * channels + channel] = sum;
    }
  }
}

function averageDepth(source: Pixels, target: Pixels, across: Spans, down: Spans): void {
  const { data, width, channels } = source;
  for (let y = 0; y < target.height; y++) {
    for (let value = 0; value < target.width * channels; value++) {
      const x = Math.floor(value / channels);
      let sum = 0;
      let weightSum = 0;
      for (let j = 0; j < (down.count[y] as number); j++) {
        const row = ((down.from[y] as number) + j) * width;
        const rowWeight = down.weights[y * down.stride + j] as number;
        for (let i = 0; i < (across.count[x] as number); i++) {
          const depth = data[(row + (across.from[x] as number) + i) * channels + (value % channels)] as number;
          if (depth === 0) continue;
          const weight = rowWeight * (across.weights[x * across.stride + i] as number);
          sum += weight * depth;
          weightSum += weight;
        }
      }
      target.data[y * target.width * channels + value] = weightSum > 0 ? sum / weightSum + 0.5 : 0;
    }
  }
}
