import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDecodePool } from '../../electron/frames/decode-pool.ts';
import { builtPaths } from '../../electron/paths.ts';
import { locationOf } from '../../electron/sources/source.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { BenchDataset } from './episodes.ts';
import { H5pyReader } from './h5py-reader.ts';
import { against, type FigureTable } from './report.ts';
import { median, percentile, seededRandom } from './statistics.ts';

const ROUNDS = 6;
const TICKS_A_ROUND = 25;
const STREAMS = [
  'realsense/cam0/color',
  'realsense/cam1/color',
  'realsense/cam2/color',
  'gelsight/left/frames',
  'gelsight/right/frames',
];

/** One tick = five stored frames. Ours and h5py take turns on the same frames, warm, in one run. */
export async function measureDecode(
  dataset: BenchDataset,
  mainDir: string,
  pythonPath: string | null,
): Promise<FigureTable> {
  const python = pythonPath === null ? undefined : new H5pyReader(pythonPath);
  const paths = builtPaths(mainDir);
  const userDataDir = mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-decode-'));
  const workstation = await openWorkstation({ door: 'none', version: 'bench', userDataDir, ...paths });
  const pool = createDecodePool({ ...paths, workers: 2 });
  const rows: string[][] = [];
  try {
    const root = await workstation.openRoot(await workstation.grant(dataset.root));
    for (const { filter, path: file, real, address } of dataset.episodes) {
      const { opened } = await workstation.openEpisode(`${root.id}/${address}`);
      const random = seededRandom(11);
      const ours: number[] = [];
      const decoding: number[] = [];
      const theirs: number[] = [];
      for (let round = -1; round < ROUNDS; round += 1) {
        const ticks = Array.from({ length: TICKS_A_ROUND }, () => real[Math.floor(random() * real.length)] as number);
        // Both sides read the same frames; who goes first takes turns, so that neither always finds them warm.
        const readOurs = async () => {
          for (const tick of ticks) {
            const start = performance.now();
            const frames = await Promise.all(
              STREAMS.map((id) => {
                const stream = opened.episode.streams.find((candidate) => candidate.id === id);
                if (!stream) throw new Error(`${file} has no stream ${id}.`);
                return pool.frame(locationOf(opened, stream), stream, tick);
              }),
            );
            if (round >= 0) {
              ours.push(performance.now() - start);
              decoding.push(frames.reduce((sum, { decodeMs }) => sum + decodeMs, 0));
            }
            // As the workstation does once a tick has left.
            for (const { bytes } of frames) pool.recycle?.(bytes);
          }
        };
        const readTheirs = async () => {
          const took = (await python?.read(file, STREAMS, ticks)) ?? [];
          if (round >= 0) theirs.push(...took);
        };
        if (round % 2 === 0) {
          await readOurs();
          await readTheirs();
        } else {
          await readTheirs();
          await readOurs();
        }
      }
      const ratio = median(ours) / median(theirs);
      const limit = filter.startsWith('blosc') ? 1.25 : 1;
      rows.push([
        filter,
        `${median(ours).toFixed(2)} / ${percentile(ours, 95).toFixed(2)}`,
        median(decoding).toFixed(2),
        python ? `${median(theirs).toFixed(2)} / ${percentile(theirs, 95).toFixed(2)}` : 'not here',
        python ? against(ratio, limit, '×', 'atMost', 2) : '–',
      ]);
    }
    if (!dataset.episodes.some(({ filter }) => filter === 'lzf')) {
      rows.push(['lzf', 'not measured: only h5py writes it, and there is none here', '', '', '']);
    }
  } finally {
    python?.close();
    await pool.close();
    await workstation.close();
    rmSync(userDataDir, { recursive: true, force: true });
  }
  return {
    title: 'Decoding a tick (five 640×480 frames), p50 / p95 in ms',
    note: `${ROUNDS * TICKS_A_ROUND} random ticks a filter; from the order for a tick to its five frames, on our two decode workers and in one h5py process (h5py reads one frame at a time whatever its threads), taking turns on the same frames, which the page cache holds. "Both workers" is the time spent decoding, summed.`,
    columns: ['filter', 'Regrasp', 'both workers, p50', 'h5py', 'ratio of medians'],
    rows,
  };
}
