// What Regrasp is measured by. Generates one long episode per filter, measures, prints, and writes docs/performance.md.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measureDecode } from './decode.ts';
import { blankBrowserBytes, DrivenWindow } from './driven-window.ts';
import { type BenchDataset, recordBenchDataset } from './episodes.ts';
import { type FigureTable, writeReport } from './report.ts';
import { measureScrub } from './scrub.ts';
import { measureSoak } from './soak.ts';

const mode = process.argv[2] === 'soak' ? 'soak' : 'figures';
const mainDir = path.resolve('out/main');
const script = path.resolve('out/bench/workstation-process.js');
const startedAt = Date.now();
const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-'));
process.once('SIGINT', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(130);
});

try {
  mkdirSync(folder, { recursive: true });
  const filters =
    mode === 'soak' ? (['blosc-bitshuffle'] as const) : (['blosc-bitshuffle', 'blosc', 'gzip', 'none'] as const);
  const dataset: BenchDataset = await recordBenchDataset(folder, filters, mainDir);
  const tables: FigureTable[] = [];
  const blankBytes = await blankBrowserBytes();
  if (mode === 'soak') {
    tables.push(await measureSoak(await openOn('blosc-bitshuffle'), blankBytes, dataset));
  } else {
    tables.push(await measureDecode(dataset, mainDir));
    for (const episode of dataset.episodes) {
      tables.push(await measureScrub(await openOn(episode.filter), blankBytes, episode));
    }
  }
  writeReport(mode, tables, (Date.now() - startedAt) / 1000);

  function openOn(filter: string) {
    const episode = dataset.episodes.find((candidate) => candidate.filter === filter);
    if (!episode) throw new Error(`No episode was recorded with ${filter}.`);
    const at = `episode=${encodeURIComponent(episode.address)}&t=${episode.contiguous[0]}`;
    return DrivenWindow.open(script, mainDir, dataset.root, at);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
