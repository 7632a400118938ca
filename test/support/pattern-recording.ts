import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createSampleTools } from './sample-tools.ts';

/**
 * A recording of the rig whose every picture says which tick it is of: twelve blocks, bright for a set bit, readable after
 * any encoding and at any size. The gels are blue at the left and red at the right edge, and brighter by a step a tick.
 */
export const PATTERN = { width: 64, height: 48, columns: 4, rows: 3 } as const;

export interface PatternOptions {
  ticks: number;
  /** Stamp of each tick in seconds from the first; default 30 a second. */
  secondsOf?: (tick: number) => number;
  /** Datasets that are left out. */
  without?: readonly string[];
  /** Body that never had a sample. */
  lostBody?: string;
}

/** Writes data/<task>/<date>/<stem>.h5 below a root and answers its path. */
export async function writePatternRecording(root: string, below: string, options: PatternOptions): Promise<string> {
  const { ticks, secondsOf = (tick) => tick / 30, without = [], lostBody } = options;
  const { width, height } = PATTERN;
  const tools = await createSampleTools();
  const file = path.join(root, below);
  mkdirSync(path.dirname(file), { recursive: true });
  const pictures = (paint: (tick: number, into: Uint8Array) => void) => {
    const data = new Uint8Array(ticks * width * height * 3);
    for (let tick = 0; tick < ticks; tick += 1) {
      paint(tick, data.subarray(tick * width * height * 3, (tick + 1) * width * height * 3));
    }
    return { shape: [ticks, height, width, 3], data, gzip: 1 };
  };
  const stamps = Float64Array.from({ length: ticks }, (_, tick) => 1_780_000_000 + secondsOf(tick));
  const datasets: Parameters<typeof tools.writeHdf5>[1]['datasets'] = {
    timestamps: { shape: [ticks], data: stamps },
  };
  for (const camera of [0, 1, 2]) datasets[`realsense/cam${camera}/color`] = pictures(paintBits);
  for (const side of ['left', 'right']) datasets[`gelsight/${side}/frames`] = pictures(paintGel);
  for (const body of ['motherboard', 'sensor_left', 'sensor_right']) {
    const count = body === lostBody ? 0 : Math.max(2, Math.ceil((secondsOf(ticks - 1) + 0.1) * 100));
    const poses = Array.from({ length: count }, (_, sample) => [0.1, 0.05, 0.15 + sample * 1e-4, 0, 0, 0, 1]).flat();
    const at = Float64Array.from({ length: count }, (_, sample) => 1_780_000_000 - 0.05 + sample / 100);
    datasets[`optitrack/${body}/timestamps`] = { shape: [count], data: at, chunk: [64] };
    datasets[`optitrack/${body}/pose`] = { shape: [count, 7], data: Float64Array.from(poses), chunk: [64, 7] };
  }
  for (const name of without) delete datasets[name];
  await tools.writeHdf5(file, {
    attributes: {
      metadata: {
        fps: 30n,
        realsense_serials: ['143322063538', '104122062574', '217222066989'],
        gelsight_serials: ['2BGLKZNT', '2BKRDTAD'],
        created_at: '2026-07-02T10:14:05',
        task: 'pattern',
      },
    },
    datasets,
  });
  return file;
}

/** The tick that a picture says; `brightnessAt` is asked at shares (0…1) of width and height. */
export function tickIn(brightnessAt: (x: number, y: number) => number): number {
  let tick = 0;
  for (let bit = 0; bit < PATTERN.columns * PATTERN.rows; bit += 1) {
    const x = ((bit % PATTERN.columns) + 0.5) / PATTERN.columns;
    const y = (Math.floor(bit / PATTERN.columns) + 0.5) / PATTERN.rows;
    if (brightnessAt(x, y) > 128) tick += 2 ** bit;
  }
  return tick;
}

function paintBits(tick: number, into: Uint8Array): void {
  const { width, height, columns, rows } = PATTERN;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const bit = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      into.fill((tick >> bit) & 1 ? 225 : 30, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
}

/** RGB: blue falls and red grows from left to right. */
function paintGel(tick: number, into: Uint8Array): void {
  const { width } = PATTERN;
  for (let pixel = 0; pixel < into.length / 3; pixel += 1) {
    const x = pixel % width;
    into.set([x * 3 + (tick % 16), 90, 200 - x * 3], pixel * 3);
  }
}
