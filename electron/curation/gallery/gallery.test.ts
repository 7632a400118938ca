import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePatternRecording } from '../../../test/support/pattern-recording.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { openStageBench, type StageBench } from '../../../test/support/stage-bench.ts';
import { galleryOptionsSchema } from './options.ts';
import { evenTicks } from './ticks.ts';

const SLOW_MS = 240_000;
/** Where sizes are the question: every try paints them all. */
const FEW = { frames: 8 };

describe('the moments of a gallery picture', () => {
  it('are sixty by default, rise from two to ninety-eight percent and stay within the recording', () => {
    expect(galleryOptionsSchema.parse({}).frames).toBe(60);
    expect(evenTicks(1000, 60, 0.02, 0.98)[0]).toBe(20);
    expect(evenTicks(1000, 60, 0.02, 0.98).at(-1)).toBe(980);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 200 }), (ticks, count) => {
        const all = evenTicks(ticks, count, 0.02, 0.98);
        expect(all.length).toBeLessThanOrEqual(count);
        expect(all.length).toBeGreaterThan(0);
        for (const [at, tick] of all.entries()) {
          expect(tick).toBeGreaterThan(at === 0 ? -1 : (all[at - 1] as number));
          expect(tick).toBeLessThan(ticks);
        }
      }),
    );
  });

  it.skipIf(!pythonWithHdf5())(`are those of NumPy's linspace (${NO_PYTHON})`, () => {
    const lengths = [1, 2, 59, 60, 61, 100, 593, 600, 1793, 8999, 17_839, 19_228];
    const script = `
import sys, json, numpy as np
out = []
for n in json.loads(sys.argv[1]):
    ticks = np.clip(np.linspace(0.02 * n, 0.98 * n, 60).astype(int), 0, n - 1)
    out.append([int(t) for i, t in enumerate(ticks) if i == 0 or t != ticks[i - 1]])
print(json.dumps(out))`;
    const theirs = JSON.parse(runPython(script, JSON.stringify(lengths)));
    expect(lengths.map((ticks) => evenTicks(ticks, 60, 0.02, 0.98))).toEqual(theirs);
  });
});

describe('gallery pictures', { timeout: SLOW_MS }, () => {
  let root: string;
  let bench: StageBench;
  const below = (stem: string) => `data/pattern/2026-07-02/${stem}.h5`;
  const gif = (stem: string) => path.join(root, `figures/episode_previews/pattern/2026-07-02/${stem}.gif`);

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-gallery-')));
    await writePatternRecording(root, below('episode_000'), { ticks: 40 });
    await writePatternRecording(root, below('episode_001'), { ticks: 20 });
    writeFileSync(path.join(root, below('episode_002')), 'no HDF5');
    // A picture in the middle of the second is damaged.
    await damageOne(path.join(root, below('episode_003')), path.join(root, below('episode_001')));
    bench = await openStageBench(root);
  }, SLOW_MS);
  afterAll(async () => {
    await bench?.close();
    rmSync(root, { recursive: true, force: true });
  }, SLOW_MS);

  it('are made for every recording that can be opened; one that cannot is told and stops nothing', async () => {
    const { end, failures, lines } = await bench.run('gallery', { options: FEW });
    expect(failures.map(({ item }) => item)).toEqual([below('episode_002')]);
    expect(end.result).toMatchObject({ made: 3, fresh: 0, failed: 1 });
    const gifs = (end.result as { gifs: { recording: string; frames: number; bytes: number }[] }).gifs;
    const of = (stem: string) => gifs.find(({ recording }) => recording === below(stem));
    expect(of('episode_000')).toMatchObject({ frames: 8, width: 1280, height: 480, colors: 256 });
    expect(of('episode_001')?.frames).toBe(8);
    expect(of('episode_000')?.bytes).toBe(statSync(gif('episode_000')).size);
    expect(lines.filter((line) => line.startsWith(below('episode_003'))).length).toBeGreaterThan(0);
    expect(existsSync(gif('episode_002'))).toBe(false);
    // Drawn over the pictures of one that was made before it: nothing of those is left.
    const after = readFileSync(gif('episode_003'));
    const alone = await bench.run('gallery', { only: below('episode_003'), options: { ...FEW, force: true } });
    expect(alone.end.result).toMatchObject({ made: 1, failed: 0 });
    expect(readFileSync(gif('episode_003')).equals(after)).toBe(true);
  });

  it('are left alone while they are fresh, and never larger than allowed', async () => {
    expect((await bench.run('gallery', { options: FEW })).end.result).toMatchObject({ made: 0, fresh: 3 });
    const full = statSync(gif('episode_000')).size;
    const small = Math.floor(full / 1024 / 2);
    const { end } = await bench.run('gallery', { options: { ...FEW, maxKib: small } });
    const gifs = (end.result as { gifs: { bytes: number; scale: number; colors: number }[] }).gifs;
    expect(statSync(gif('episode_000')).size).toBeLessThanOrEqual(full / 2);
    expect(gifs.some(({ scale, colors }) => scale < 1 && colors === 256)).toBe(true);
  });

  it('say what to do where nothing fits, and leave the old one', async () => {
    const before = readFileSync(gif('episode_000'));
    const { failures } = await bench.run('gallery', { options: { ...FEW, maxKib: 16 } });
    expect(failures.find(({ item }) => item === below('episode_000'))?.message).toMatch(
      /does not fit into 16 KiB .*--frames/,
    );
    expect(readFileSync(gif('episode_000')).equals(before)).toBe(true);
  });
});

/** A copy of a recording in which one chunk of a camera is noise. */
async function damageOne(to: string, from: string): Promise<void> {
  copyFileSync(from, to);
  const bytes = readFileSync(to);
  // A zlib stream of a whole picture begins so; the ninth of them is one that is shown.
  let found = 0;
  for (let at = 0; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0x78 || bytes[at + 1] !== 0x01) continue;
    found += 1;
    if (found === 9) {
      bytes.fill(0xff, at + 2, at + 40);
      break;
    }
  }
  expect(found).toBe(9);
  writeFileSync(to, bytes);
}
