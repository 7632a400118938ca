import { access, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../../fault.ts';
import { readSummary } from '../clips/summary.ts';
import { digestOf, rememberMade } from '../common/made.ts';
import { datasetFigure, type OutputPlace } from '../common/output-paths.ts';
import { standsFresh, writeOutputBy } from '../common/write-output.ts';
import type { Box } from '../preflight/boxes.ts';
import { runPreflight } from '../preflight/run.ts';
import type { StageContext, StageEnd, StageEpisode } from '../stage.ts';
import { countersOf } from './counters.ts';
import { type Gathering, gatherRecording, type RecordingReport } from './gather.ts';
import { FileContent } from './html.ts';
import type { ReportOptions } from './index.ts';
import { pageOf, type Report } from './page.ts';
import { stillOf } from './still-gif.ts';

/** Grows when the same data would give another page. */
const VERSION = 2;
/** What the pipeline document calls the clips' folder. */
const CLIPS = 'freeze_check_short';

type Context = StageContext<ReportOptions>;

/** Reads what stages left and what people said, and writes one file; nothing else is altered. */
export async function runReport(context: Context): Promise<StageEnd> {
  const { date, link } = context.options;
  const episodes = context.episodes.filter((episode) => date === undefined || episode.date === date);
  if (episodes.length === 0)
    throw new Fault('NOT_FOUND', `${context.root.path} holds no recording of ${date}: name another date.`);
  const place = await placeOfOutputs(context);
  const gathering: Gathering = { context, place, clips: await clipsOf(context, place) };
  const recordings: RecordingReport[] = [];
  for (const [done, episode] of episodes.entries()) {
    context.signal.throwIfAborted();
    context.progress({ done, total: episodes.length, message: episode.path });
    recordings.push(await gatherRecording(gathering, episode));
  }
  const preflight = await preflightOf({ ...context, episodes, out: place.out });
  context.progress({ done: episodes.length, total: episodes.length, message: '' });
  const report: Report = {
    title: titleOf(context, episodes),
    root: context.root.path,
    // Only where it answers: a token that was pasted with it must not be passed on.
    link: link === undefined ? await context.servedAt() : `${new URL(link).origin}/`,
    version: context.version,
    counters: countersOf(recordings),
    ...{ recordings, preflight },
  };
  const file = datasetFigure(context, `${fileName(episodes)}.html`);
  const making = { file, stage: 'report', from: [digestOf(report)], options: { version: VERSION } };
  const isThere = await standsFresh(context.root, making);
  if (!isThere) {
    await writeOutputBy(context, file, (temporary) => writePage(temporary, report, context.signal));
    await rememberMade(context.root, making);
  }
  const { undecided, recordings: count } = report.counters;
  const events = recordings.reduce((sum, each) => sum + (each.events?.length ?? 0), 0);
  const said = `${count} ${count === 1 ? 'recording' : 'recordings'}, ${events} findings, ${undecided} undecided`;
  return {
    message: `${file} ${isThere ? 'is as it would be written' : 'is written'}: ${said}.`,
    result: { file, isFresh: isThere, counters: report.counters, preflight },
  };
}

/** With --out the folder where the other stages were told to write too; where they did not, the standard places. */
async function placeOfOutputs({ root, out }: Context): Promise<OutputPlace> {
  const isThere = (file: string) =>
    access(file).then(
      () => true,
      () => false,
    );
  const own = out !== null && (await isThere(datasetFigure({ root, out }, 'bad_frames.json')));
  return { root, out: own ? out : null };
}

async function clipsOf({ options }: Context, place: OutputPlace): Promise<Gathering['clips']> {
  const folder = place.out ?? datasetFigure(place, CLIPS);
  const rows = options.clips ? await readSummary(folder) : [];
  return {
    ...{ folder, rows },
    // Anybody may have written the summary: nothing outside of its folder is read for it.
    fileOf({ gif }) {
      const file = path.resolve(folder, gif);
      return file.startsWith(folder + path.sep) ? file : null;
    },
  };
}

/** Boxes of the rig's recordings; null where there are none, for then nothing is published that way. */
async function preflightOf(context: Context): Promise<Box[] | null> {
  const isRig = ({ format, task, date }: StageEpisode) => format === 'react' && task !== '' && date !== '';
  if (!context.episodes.some(isRig)) return null;
  // What could not be opened was told already.
  const { result } = await runPreflight({ ...context, options: {}, progress: () => {}, fail: () => {} });
  return (result as { boxes: Box[] }).boxes;
}

function titleOf({ root }: Context, episodes: readonly StageEpisode[]): string {
  const of = (values: readonly string[]) => [...new Set(values)].filter((value) => value !== '');
  const [tasks, dates] = [of(episodes.map(({ task }) => task)), of(episodes.map(({ date }) => date))];
  const few = (names: readonly string[]) => (names.length > 3 ? `${names.length}` : names.join(', '));
  if (episodes.length === 1) return episodes[0]?.path ?? '';
  return [path.basename(root.path), few(tasks), few(dates)].filter((part) => part !== '').join(' · ');
}

/** report_<task>_<date>, by what all recordings have in common; a single recording's name behind it. */
function fileName(episodes: readonly StageEpisode[]): string {
  const { task, date, stem } = episodes[0] as StageEpisode;
  const parts = ['report'];
  if (episodes.every((each) => each.task === task)) parts.push(task);
  if (episodes.every((each) => each.date === date)) parts.push(date);
  if (episodes.length === 1) parts.push(stem);
  const named = parts.filter((part) => part !== '').join('_');
  return named.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_');
}

/** Pictures go to the file one by one: the page never stands whole in memory. */
async function writePage(file: string, report: Report, signal: AbortSignal): Promise<void> {
  const handle = await open(file, 'wx', 0o666);
  try {
    let text = '';
    for (const piece of pageOf(report, new Date()).pieces) {
      signal.throwIfAborted();
      if (piece instanceof FileContent) {
        await handle.writeFile(text + (await dataUrl(piece)));
        text = '';
      } else text += piece;
    }
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

async function dataUrl({ file, kind }: FileContent): Promise<string> {
  const bytes = await readFile(file);
  const shown = kind === 'still' ? (stillOf(bytes) ?? bytes) : bytes;
  return `data:image/gif;base64,${Buffer.from(shown).toString('base64')}`;
}
