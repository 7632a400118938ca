import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreSquare, PictureKernel, SMALL_BYTES, SMALL_SIDE } from './picture-kernel.ts';

const kernel = new PictureKernel();

function placed(bytes: ArrayLike<number>) {
  const region = kernel.reserve(bytes.length);
  kernel.bytes(region).set(bytes);
  return region;
}

/** A Python with NumPy and OpenCV, or null. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy, cv2']).status === 0,
);
const NO_OPENCV = 'needs a python3 with numpy and cv2';

const SIZES = [
  [640, 480],
  [480, 640],
  [512, 512],
  [300, 256],
  [400, 384],
  [128, 140],
  [129, 130],
  [1280, 720],
  [641, 479],
] as const;

/** Random, smooth and saturated frames of every size: what OpenCV and NumPy make of them. */
const SCRIPT = `
import sys, numpy as np, cv2
folder = sys.argv[1]
rng = np.random.default_rng(3)
for w, h in ${JSON.stringify(SIZES)}:
    frames = [rng.integers(0, 256, (h, w, 3), dtype=np.uint8) for _ in range(3)]
    y, x = np.mgrid[0:h, 0:w]
    frames.append(np.stack([x % 256, y % 256, (x + y) // 5 % 256], -1).astype(np.uint8))
    frames.append((rng.integers(0, 2, (h, w, 3)) * 255).astype(np.uint8))
    side = min(w, h); left = (w - side) // 2; top = (h - side) // 2
    small = [cv2.resize(f[top:top + side, left:left + side], (128, 128), interpolation=cv2.INTER_AREA) for f in frames]
    rows = []
    for s in small:
        diff = s.astype(np.float32) - small[0].astype(np.float32)
        d = np.sqrt((diff ** 2).sum(axis=-1))
        rows.append([d.mean(), (d > 8.0).mean(), (d * (d > 8.0)).mean()])
    name = folder + '/%dx%d' % (w, h)
    np.stack(frames).tofile(name + '.frames')
    np.stack([s.transpose(2, 0, 1) for s in small]).tofile(name + '.small')
    np.array(rows, np.float32).tofile(name + '.figures')
`;

describe('PictureKernel', () => {
  it('sums differences and brightness exactly, whatever the length', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(255), fc.nat(255)), { maxLength: 200 }), (pairs) => {
        const scratch = new PictureKernel();
        const [a, b] = [scratch.reserve(pairs.length), scratch.reserve(pairs.length)];
        scratch.bytes(a).set(pairs.map(([x]) => x));
        scratch.bytes(b).set(pairs.map(([, y]) => y));
        expect(scratch.absoluteDifference(a, b)).toBe(pairs.reduce((sum, [x, y]) => sum + Math.abs(x - y), 0));
        expect(scratch.sumOf(a)).toBe(pairs.reduce((sum, [x]) => sum + x, 0));
      }),
    );
  });

  it('does not overflow on the largest difference of a large picture', () => {
    const [white, black] = [placed(new Uint8Array(4_000_003).fill(255)), placed(new Uint8Array(4_000_003))];
    expect(kernel.absoluteDifference(black, white)).toBe(4_000_003 * 255);
    expect(kernel.sumOf(white)).toBe(4_000_003 * 255);
    expect(kernel.absoluteDifference(white, white)).toBe(0);
  });

  it('takes the square in the middle', () => {
    expect(centreSquare(640, 480)).toEqual({ side: 480, left: 80, top: 0 });
    expect(centreSquare(481, 640)).toEqual({ side: 481, left: 0, top: 79 });
  });

  it.skipIf(!python)(`shrinks and compares as OpenCV and NumPy do, bit for bit (${NO_OPENCV})`, () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-kernel-'));
    try {
      writeFileSync(path.join(folder, 'make.py'), SCRIPT);
      const run = spawnSync(python as string, [path.join(folder, 'make.py'), folder], { encoding: 'utf8' });
      expect(run.stderr).toBe('');
      for (const [width, height] of SIZES) {
        const name = path.join(folder, `${width}x${height}`);
        const frames = readFileSync(`${name}.frames`);
        const small = readFileSync(`${name}.small`);
        const figures = readFileSync(`${name}.figures`);
        const count = small.length / SMALL_BYTES;
        const size = width * height * 3;
        const [from, to, first] = [kernel.reserve(size), kernel.reserve(SMALL_BYTES), kernel.reserve(SMALL_BYTES)];
        for (let at = 0; at < count; at++) {
          kernel.bytes(from).set(frames.subarray(at * size, (at + 1) * size));
          kernel.shrink(from, width, height, to);
          const made = Buffer.from(kernel.bytes(to));
          const expected = small.subarray(at * SMALL_BYTES, (at + 1) * SMALL_BYTES);
          const differing = made.findIndex((byte, index) => byte !== expected[index]);
          expect(differing, `frame ${at} of ${width} × ${height}`).toBe(-1);
          if (at === 0) kernel.bytes(first).set(made);
          const { intensity, area, mixed } = kernel.contact(to, first);
          const theirs = [0, 4, 8].map((offset) => figures.readFloatLE(at * 12 + offset));
          expect([intensity, area, mixed], `frame ${at} of ${width} × ${height}`).toEqual(theirs);
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('refuses a picture that is smaller than what it would be shrunk to', () => {
    const [from, to] = [kernel.reserve(100 * 100 * 3), kernel.reserve(SMALL_BYTES)];
    expect(() => kernel.shrink(from, 100, 100, to)).toThrow(/too small/);
    expect(SMALL_SIDE).toBe(128);
  });
});
