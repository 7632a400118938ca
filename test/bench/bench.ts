// What Regrasp is measured by. Records one long episode per filter, measures, prints, and writes docs/performance.md.
// Arguments: nothing for all figures, "soak" for the soak, or names of parts (decode, curation, gzip, …), which are only printed.
import os from 'node:os';
import path from 'node:path';
import { noFfmpeg } from '../support/bit-pattern-video.ts';
import { pythonWithHdf5 } from '../support/python.ts';
import { CURATION_FILTERS, measureCuration } from './curation.ts';
import { measureLong } from './curation-long.ts';
import { measureDecode } from './decode.ts';
import { blankBrowserBytes, DrivenWindow } from './driven-window.ts';
import { type BenchFilter, recordBenchDataset } from './episodes.ts';
import { measureExport } from './export.ts';
import { measureLibrary } from './library.ts';
import { measureMedia } from './media.ts';
import { measurePictures, recordPictures } from './pictures.ts';
import { asText, type FigureTable, writeReport } from './report.ts';
import { measureReview } from './review.ts';
import { measureScrub } from './scrub.ts';
import { measureSoak } from './soak.ts';
import { recordFaulty } from './stage-run.ts';
import { recordVideoEpisode } from './video-episode.ts';

const SCRUBBED: readonly BenchFilter[] = ['blosc-bitshuffle', 'blosc', 'gzip', 'none'];

const parts = process.argv.slice(2);
const isSoak = parts[0] === 'soak';
const wants = (part: string) => parts.length === 0 || parts.includes(part);
const mainDir = path.resolve('out/main');
const script = path.resolve('out/bench/workstation-process.js');
const startedAt = Date.now();
const load = os.loadavg()[0] as number;

const curationFolder = path.resolve('.cache', 'bench-curation');
const curation = (isWanted?: (stage: string) => boolean) => measureCuration(curationFolder, mainDir, isWanted);
const picturesFolder = path.resolve('.cache', 'bench-pictures');
const pictures = () => measurePictures(picturesFolder, mainDir);
/** Rollouts of the LeRobot export that is asked. */
const FULL_ROLLOUTS = 50;
const bundlesFolder = path.resolve('.cache', 'bench-export');
const video = () => recordVideoEpisode(path.resolve('.cache', 'bench-video'));
/** `curation-long` alone is all of it; stages may be named behind it. */
const isLongWanted = (stage: string) => parts.length === 1 || parts.includes(stage);
/** Parts that need no recorded dataset of scrubbing; by themselves they are only printed. */
const ALONE: Readonly<Record<string, () => Promise<FigureTable[]>>> = {
  library: async () => [await measureLibrary(mainDir)],
  pictures,
  curation: async () => [...(await step('check, contact and detect', curation)), ...(await step('pictures', pictures))],
  check: () => curation((stage) => stage === 'check'),
  contact: () => curation((stage) => stage === 'contact'),
  detect: () => curation((stage) => stage === 'detect'),
  'curation-long': async () => [await measureLong(curationFolder, mainDir, isLongWanted)],
};
const took: [part: string, seconds: number][] = [];
const isAlone = parts.length === 1 || parts[0] === 'curation-long';
const alone = isAlone ? ALONE[parts[0] as string] : undefined;
if (alone) {
  console.log(asText(await alone(), { seconds: (Date.now() - startedAt) / 1000, load }));
  process.exit(0);
}
if (parts.length === 1 && parts[0] === 'media') {
  writeReport('media', [await measureMedia(mainDir)], { seconds: (Date.now() - startedAt) / 1000, load });
  process.exit(0);
}
if (parts.length === 1 && parts[0] === 'review') {
  writeReport('review', await measureReview(mainDir), { seconds: (Date.now() - startedAt) / 1000, load });
  process.exit(0);
}
if (parts[0] === 'export') {
  // "export full" is the fifty that are asked, "export full 3" only printed.
  const rollouts = parts[1] === 'full' ? Number(parts[2] ?? FULL_ROLLOUTS) : null;
  const tables = [await measureExport(bundlesFolder, mainDir, rollouts)];
  const run = { seconds: (Date.now() - startedAt) / 1000, load };
  if (rollouts === null || rollouts === FULL_ROLLOUTS) writeReport('bundles', tables, run);
  else console.log(asText(tables, run));
  process.exit(0);
}
const python = pythonWithHdf5();
const filters: readonly BenchFilter[] = isSoak ? ['blosc-bitshuffle'] : [...SCRUBBED, 'lzf'];
const isVideoAlone = parts.length === 1 && parts[0] === 'video';
const dataset = isVideoAlone
  ? { root: '', episodes: [] }
  : await recordBenchDataset(path.resolve('.cache', 'bench'), filters, mainDir, python);
const tables: FigureTable[] = [];
// Side by side, for each takes one core: they are there when they are measured.
if (parts.length === 0)
  await step('recordings of the stages and videos', () =>
    Promise.all([
      recordFaulty(curationFolder, CURATION_FILTERS, mainDir),
      recordPictures(picturesFolder, mainDir),
      noFfmpeg === undefined ? video() : null,
    ]),
  );
if (isSoak) {
  const blankBytes = await blankBrowserBytes();
  tables.push(await measureSoak(await openOn('blosc-bitshuffle'), blankBytes, dataset));
} else {
  if (wants('library')) tables.push(await step('the library', () => measureLibrary(mainDir)));
  if (wants('review')) tables.push(...(await step('reviews', () => measureReview(mainDir))));
  if (wants('curation')) {
    tables.push(...(await step('check, contact and detect', curation)));
    tables.push(...(await step('pictures', pictures)));
  }
  if (wants('decode')) tables.push(await step('decoding', () => measureDecode(dataset, mainDir, python)));
  const scrubbed = dataset.episodes.filter(({ filter }) => SCRUBBED.includes(filter) && wants(filter));
  const blankBytes = scrubbed.length > 0 || wants('video') ? await blankBrowserBytes() : 0;
  for (const episode of scrubbed) {
    const window = await openOn(episode.filter);
    const { filter, address, ticks, contiguous, spread } = episode;
    const playLeast = filter === 'gzip' ? 27 : 29.5;
    const pixels = { title: filter, streams: 'all five streams', playLeast, address, ticks, contiguous, spread };
    tables.push(await step(`scrubbing ${filter}`, () => measureScrub(window, blankBytes, pixels)));
  }
  if (wants('video')) {
    if (noFfmpeg === undefined) {
      const { root, episode } = await video();
      const window = await DrivenWindow.open(script, mainDir, root, addressOf(episode));
      tables.push(await step('scrubbing video', () => measureScrub(window, blankBytes, episode)));
    } else console.error(`Video is not measured: ${noFfmpeg}`);
  }
}
const seconds = (Date.now() - startedAt) / 1000;
if (took.length > 1)
  tables.push({
    title: 'How long each part took',
    columns: ['part', 'seconds'],
    rows: took.map(([part, each]) => [part, each.toFixed(0)]),
  });
const isWhole = isSoak || parts.length === 0;
if (isWhole) writeReport(isSoak ? 'soak' : 'figures', tables, { seconds, load });
else console.log(asText(tables, { seconds, load }));

function openOn(filter: BenchFilter): Promise<DrivenWindow> {
  const episode = dataset.episodes.find((candidate) => candidate.filter === filter);
  if (!episode) throw new Error(`No episode was recorded with ${filter}.`);
  return DrivenWindow.open(script, mainDir, dataset.root, addressOf(episode));
}

function addressOf({ address, contiguous }: { address: string; contiguous: readonly [number, number] }): string {
  return `episode=${encodeURIComponent(address)}&t=${contiguous[0]}`;
}

async function step<T>(what: string, run: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const result = await run();
  const seconds = (Date.now() - began) / 1000;
  took.push([what, seconds]);
  console.error(`Done with ${what} in ${seconds.toFixed(0)} s.`);
  return result;
}
