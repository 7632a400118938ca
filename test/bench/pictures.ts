import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { evenTicks } from '../../electron/curation/gallery/ticks.ts';
import { builtPaths } from '../../electron/paths.ts';
import { recordBenchEpisode } from '../../electron/sample/index.ts';
import { GALLERY, GIF_ERROR, PREVIEW, VIDEO_ERROR } from './pictures-python.ts';
import { against, type FigureTable } from './report.ts';
import { pythonOf, pythonWith, type StageFigures, StageRuns } from './stage-run.ts';
import { median } from './statistics.ts';

const FILTERS = ['gzip', 'blosc-bitshuffle'] as const;
type Filter = (typeof FILTERS)[number];
const ROUNDS: Readonly<Record<Filter, number>> = { gzip: 2, 'blosc-bitshuffle': 1 };
const TICKS = 120;
/** The embedded encoder is measured on a part and twice as much: whether its memory grows shows in that. */
const EMBEDDED_TICKS = [60, 120] as const;

const FORCED = { force: true };

/** A figure as soon as it is there: all of them take minutes. */
function tell(rows: readonly string[][]): void {
  process.stderr.write(`${rows.at(-1)?.join(' | ')}\n`);
}

/** Stages 3 and 6 beside the usual Python, over the same recordings in turns. */
export async function measurePictures(folder: string, mainDir: string): Promise<FigureTable[]> {
  const root = await recordPictures(folder, mainDir);
  rmSync(path.join(root, '.regrasp', 'curation'), { recursive: true, force: true });
  const tables: FigureTable[] = [];
  const native = new Map<number, number>();
  await opened(root, mainDir, {}, async (runs) => {
    tables.push(await previews(runs), await galleries(runs));
    for (const ticks of EMBEDDED_TICKS) {
      native.set(ticks, ticks / (await runs.run('preview', fileOf('blosc-bitshuffle', ticks), FORCED)).seconds);
    }
  });
  await opened(root, mainDir, { REGRASP_FFMPEG: 'embedded' }, async (runs) => {
    tables.splice(1, 0, await embedded(runs, native));
  });
  return tables;
}

async function previews(runs: StageRuns): Promise<FigureTable> {
  const python = pythonWith('import h5py, hdf5plugin, numpy, cv2');
  const rows: string[][] = [];
  for (const filter of FILTERS) {
    const recording = fileOf(filter, TICKS);
    const ours: StageFigures[] = [];
    const theirs: number[] = [];
    const target = path.join(runs.work, 'theirs.mp4');
    let file = '';
    for (let round = -1; round < ROUNDS[filter]; round += 1) {
      const run = await runs.run('preview', recording, FORCED);
      const [video] = run.result.videos as { file: string; rate: { numerator: number; denominator: number } }[];
      if (!video) throw new Error(`${recording} gave no preview.`);
      file = video.file;
      const line = commandLine(`${video.rate.numerator}/${video.rate.denominator}`, target);
      const took =
        python && round >= 0
          ? pythonOf<{ seconds: number }>(python, PREVIEW, runs.at(recording), JSON.stringify(line), `${TICKS}`)
          : undefined;
      if (round < 0) continue;
      ours.push(run);
      if (took) theirs.push(took.seconds);
    }
    const rate = TICKS / median(ours.map(({ seconds }) => seconds));
    const most = against(Math.max(...ours.map(({ bytes }) => bytes)) / 2 ** 20, 1024, ' MB', 'atMost', 0);
    if (!python) {
      rows.push([filter, rate.toFixed(0), 'not here', '–', most, '–']);
      continue;
    }
    const theirRate = TICKS / median(theirs);
    const { frames, error } = pythonOf<{ frames: number; error: number }>(python, VIDEO_ERROR, file, target);
    const same = `${frames} frames each, pictures ${error.toFixed(2)} of 255 apart`;
    rows.push([
      filter,
      rate.toFixed(0),
      theirRate.toFixed(0),
      against(rate / theirRate, 1, '×', 'atLeast', 2),
      most,
      same,
    ]);
  }
  return {
    title: 'Stage 3, preview, beside h5py and OpenCV piping the same panels to the same ffmpeg',
    note: `${TICKS} ticks of three cameras and two gels of 640×480 into 1280×480, H.264 4:4:4; ${ROUNDS.gzip} rounds in turns after one of ours to warm up, with BLOSC ${ROUNDS['blosc-bitshuffle']}. Memory is that of this process with all its threads, without ffmpeg.`,
    columns: ['filter', 'Regrasp, ticks/s', 'Python, ticks/s', 'ratio of medians', 'memory', 'results'],
    rows,
  };
}

async function embedded(runs: StageRuns, native: ReadonlyMap<number, number>): Promise<FigureTable> {
  const rows: string[][] = [];
  for (const ticks of EMBEDDED_TICKS) {
    const { seconds, bytes } = await runs.run('preview', fileOf('blosc-bitshuffle', ticks), FORCED);
    const rate = ticks / seconds;
    const ratio = (rate / (native.get(ticks) as number)).toFixed(2);
    rows.push([
      `${ticks}`,
      rate.toFixed(1),
      (native.get(ticks) as number).toFixed(0),
      `${ratio}×`,
      against(bytes / 2 ** 20, 1536, ' MB', 'atMost', 0),
    ]);
    tell(rows);
  }
  return {
    title: 'Stage 3, preview, by the embedded encoder',
    note: 'Memory is that of this process with the encoder in it; frames go through it one by one, so that it does not grow with length.',
    columns: ['ticks', 'embedded, ticks/s', 'native, ticks/s', 'ratio', 'memory'],
    rows,
  };
}

async function galleries(runs: StageRuns): Promise<FigureTable> {
  const python = pythonWith('import h5py, hdf5plugin, numpy, cv2, PIL');
  const rows: string[][] = [];
  const ticks = JSON.stringify(evenTicks(TICKS, 60, 0.02, 0.98));
  for (const filter of FILTERS) {
    const recording = fileOf(filter, TICKS);
    const ours: StageFigures[] = [];
    const theirs: { seconds: number; bytes: number; error: number }[] = [];
    let gif = { file: '', bytes: 0, scale: 1 };
    for (let round = -1; round < ROUNDS[filter]; round += 1) {
      const run = await runs.run('gallery', recording, FORCED);
      gif = (run.result.gifs as (typeof gif)[])[0] ?? gif;
      const target = path.join(runs.work, 'theirs.gif');
      const took =
        python && round >= 0
          ? pythonOf<(typeof theirs)[number]>(python, GALLERY, runs.at(recording), ticks, `${gif.scale}`, target)
          : undefined;
      if (round < 0) continue;
      ours.push(run);
      if (took) theirs.push(took);
    }
    const seconds = median(ours.map((run) => run.seconds));
    const size = (bytes: number) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
    if (!python) {
      rows.push([filter, `${seconds.toFixed(2)} s`, 'not here', '–', `${size(gif.bytes)} at ${gif.scale}`, '–']);
      continue;
    }
    const theirSeconds = median(theirs.map((run) => run.seconds));
    const judged = pythonOf<{ error: number; frames: number }>(
      python,
      GIF_ERROR,
      runs.at(recording),
      ticks,
      `${gif.scale}`,
      gif.file,
    );
    rows.push([
      ...[
        filter,
        `${seconds.toFixed(2)} s`,
        `${theirSeconds.toFixed(2)} s`,
        against(theirSeconds / seconds, 1, '×', 'atLeast', 2),
      ],
      `${size(gif.bytes)} / ${size(theirs[0]?.bytes ?? 0)} at ${gif.scale}`,
      `${judged.frames} frames; gels ${judged.error.toFixed(2)} / ${(theirs[0]?.error ?? 0).toFixed(2)} of 255 off`,
    ]);
    tell(rows);
  }
  return {
    title: 'Stage 6, gallery, beside h5py, OpenCV and Pillow at the size that ours came to',
    note: `60 of ${TICKS} ticks, 256 colours, no dithering; Python is given the size that fits and tries no other. ${ROUNDS.gzip} rounds in turns after one of ours to warm up, with BLOSC ${ROUNDS['blosc-bitshuffle']}.`,
    columns: ['filter', 'Regrasp', 'Python', 'ratio of medians', 'file, ours / theirs', 'results, ours / theirs'],
    rows,
  };
}

async function opened(
  root: string,
  mainDir: string,
  environment: Record<string, string>,
  work: (runs: StageRuns) => Promise<void>,
): Promise<void> {
  const runs = await StageRuns.open(root, mainDir, environment);
  try {
    await work(runs);
  } finally {
    await runs.close();
  }
}

/** What the preview hands to ffmpeg, said once more: the Python pipes its panels into the very same. */
function commandLine(rate: string, target: string): string[] {
  return [
    ...['ffmpeg', '-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-nostats'],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '1280x480', '-r', rate, '-i', 'pipe:0'],
    ...['-c:v', 'libx264', '-g', '30', '-keyint_min', '30', '-flags', '+cgop', '-preset', 'veryfast', '-crf', '20'],
    ...['-bf', '0', '-sc_threshold', '0', '-pix_fmt', 'yuv444p', '-sws_flags', 'bicubic+accurate_rnd+full_chroma_int'],
    ...['-color_range', 'tv', '-colorspace', 'smpte170m', '-color_primaries', 'bt709', '-color_trc', 'iec61966-2-1'],
    ...['-threads', '4', '-bitexact', '-movflags', '+faststart', '-f', 'mp4', target],
  ];
}

const fileOf = (filter: Filter, ticks: number) => `data/pictures/2026-07-02/${filter}_${ticks}.h5`;

/** Recordings of every filter, and shorter ones for the embedded encoder, kept below `folder`: drawn once. Answers the root. */
export async function recordPictures(folder: string, mainDir: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const record = async (filters: readonly Filter[], ticks: number): Promise<void> => {
    const missing = filters.filter((filter) => !existsSync(path.join(folder, fileOf(filter, ticks))));
    if (missing.length === 0) return;
    const files = missing.map((filter) => ({ path: path.join(folder, fileOf(filter, ticks)), filter }));
    const whole = { ticks, contiguous: ticks, spread: 0, leaveOutDepth: true };
    await recordBenchEpisode({ files, ...whole, ...builtPaths(mainDir) });
  };
  await record(FILTERS, TICKS);
  for (const ticks of EMBEDDED_TICKS) await record(['blosc-bitshuffle'], ticks);
  return folder;
}
