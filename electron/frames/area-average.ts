/** Pixels as they lie in memory: interleaved, rows top to bottom, no padding. */
export interface Pixels {
  data: Uint8Array | Uint16Array;
  width: number;
  height: number;
  channels: number;
}

/** The size that fits into the given one with the same proportions, never larger than stored; 0 = no limit. */
export function fittedSize(
  width: number,
  height: number,
  maxWidth: number,
  maxHeight: number,
): { width: number; height: number } {
  const scale = Math.min(1, maxWidth > 0 ? maxWidth / width : 1, maxHeight > 0 ? maxHeight / height : 1);
  if (!(scale < 1)) return { width, height };
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Box-averages an image into `target` (target.width ≤ width, target.height ≤ height). Sixteen-bit images are depth:
 * zero means "no return" there, so zeros take no part in the mean and stay only where nothing else is.
 */
export function areaAverage(source: Pixels, target: Pixels): void {
  const across = spans(source.width, target.width);
  const down = spans(source.height, target.height);
  if (source.data instanceof Uint16Array) averageDepth(source, target, across, down);
  else averageColor(source, target, across, down);
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

function averageColor(source: Pixels, target: Pixels, across: Spans, down: Spans): void {
  const { data, width, channels } = source;
  const rowValues = target.width * channels;
  const sums = new Float32Array(rowValues);
  const area = (source.width / target.width) * (source.height / target.height);
  for (let y = 0; y < target.height; y++) {
    sums.fill(0);
    for (let j = 0; j < (down.count[y] as number); j++) {
      const rowWeight = down.weights[y * down.stride + j] as number;
      addRow(data, ((down.from[y] as number) + j) * width * channels, channels, rowWeight, sums, target.width, across);
    }
    const out = y * rowValues;
    for (let i = 0; i < rowValues; i++) target.data[out + i] = (sums[i] as number) / area + 0.5;
  }
}

function addRow(
  data: Uint8Array | Uint16Array,
  row: number,
  channels: number,
  rowWeight: number,
  sums: Float32Array,
  targetWidth: number,
  across: Spans,
): void {
  const { from, count, weights, stride } = across;
  for (let x = 0; x < targetWidth; x++) {
    let at = row + (from[x] as number) * channels;
    const covered = count[x] as number;
    for (let i = 0; i < covered; i++) {
      const weight = rowWeight * (weights[x * stride + i] as number);
      for (let c = 0; c < channels; c++) {
        const sum = x * channels + c;
        sums[sum] = (sums[sum] as number) + weight * (data[at++] as number);
      }
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
