import type { ColorHistogram, Colors } from './color-histogram.ts';
import { NearestColor } from './palette-map.ts';

/**
 * Chooses the colours of a GIF. A histogram of cells four values wide is cut into boxes where that lowers the squared
 * error most, and the boxes' means are then moved to where the pixels are that they stand for.
 */

const ROUNDS = 3;
const CHANNELS = [0, 1, 2] as const;

interface Box {
  /** Indices into Colors. */
  members: Int32Array;
  /** What a cut would save, the channel of it, and the value up to which the lower part reaches. */
  gain: number;
  channel: number;
  upTo: number;
}

/** At most `count` colours, RGB one after the other; fewer where the pictures have fewer. */
export function choosePalette(histogram: ColorHistogram, count: number): Uint8Array {
  const colors = histogram.colors();
  const boxes = [
    measured(
      colors,
      Int32Array.from({ length: colors.count }, (_, index) => index),
    ),
  ];
  while (boxes.length < count) {
    const best = boxes.reduce((a, b) => (b.gain > a.gain ? b : a));
    if (!(best.gain > 0)) break;
    const values = colors.mean[best.channel as 0 | 1 | 2];
    const lower = best.members.filter((member) => (values[member] as number) <= best.upTo);
    const upper = best.members.filter((member) => (values[member] as number) > best.upTo);
    boxes.splice(boxes.indexOf(best), 1, measured(colors, lower), measured(colors, upper));
  }
  const centres = Float64Array.from(boxes.flatMap(({ members }) => meanOf(colors, members)));
  for (let round = 0; round < ROUNDS; round += 1) settle(colors, centres);
  return Uint8Array.from(centres, (value) => Math.round(value));
}

function meanOf({ weight, mean }: Colors, members: Int32Array): number[] {
  let all = 0;
  for (const member of members) all += weight[member] as number;
  return CHANNELS.map((channel) => {
    let sum = 0;
    for (const member of members) sum += (weight[member] as number) * (mean[channel][member] as number);
    return sum / all;
  });
}

/** Finds the best cut of a box: along each channel, after each of 256 values, by how far it lowers the squared error. */
function measured({ weight, mean }: Colors, members: Int32Array): Box {
  const box: Box = { members, gain: 0, channel: 0, upTo: 0 };
  const weights = new Float64Array(256);
  const sums = new Float64Array(256);
  for (const channel of CHANNELS) {
    weights.fill(0);
    sums.fill(0);
    let allWeight = 0;
    let allSum = 0;
    for (const member of members) {
      const value = mean[channel][member] as number;
      const bin = Math.floor(value);
      const share = weight[member] as number;
      weights[bin] = (weights[bin] as number) + share;
      sums[bin] = (sums[bin] as number) + share * value;
      allWeight += share;
      allSum += share * value;
    }
    let lowerWeight = 0;
    let lowerSum = 0;
    for (let bin = 0; bin < 255; bin += 1) {
      lowerWeight += weights[bin] as number;
      lowerSum += sums[bin] as number;
      const upperWeight = allWeight - lowerWeight;
      if (lowerWeight === 0 || upperWeight <= 1e-9) continue;
      const upperSum = allSum - lowerSum;
      const gain =
        (lowerSum * lowerSum) / lowerWeight + (upperSum * upperSum) / upperWeight - (allSum * allSum) / allWeight;
      // What lies in one bin cannot be cut by it: `upTo` is the bin's end.
      if (gain > box.gain * (1 + 1e-12) && gain > 1e-6) Object.assign(box, { gain, channel, upTo: bin + 1 - 1e-9 });
    }
  }
  return box;
}

/** Moves every centre to the mean of the colours that are nearest to it. */
function settle({ count, weight, mean }: Colors, centres: Float64Array): void {
  const finder = new NearestColor(centres);
  const totals = new Float64Array(centres.length / 3);
  const sums = new Float64Array(centres.length);
  for (let at = 0; at < count; at += 1) {
    const nearest = finder.find(mean[0][at] as number, mean[1][at] as number, mean[2][at] as number);
    const share = weight[at] as number;
    totals[nearest] = (totals[nearest] as number) + share;
    for (const channel of CHANNELS) {
      sums[nearest * 3 + channel] = (sums[nearest * 3 + channel] as number) + share * (mean[channel][at] as number);
    }
  }
  for (let at = 0; at < centres.length; at += 1) {
    const total = totals[Math.floor(at / 3)] as number;
    if (total > 0) centres[at] = (sums[at] as number) / total;
  }
}
