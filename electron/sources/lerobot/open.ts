import { blankEpisode, type Episode, type Problem } from '../../../shared/episode/episode.ts';
import { nominalClock } from '../common/clocks.ts';
import {
  type ListedRecording,
  type OpenedEpisode,
  type OpenFile,
  type SampleLocation,
  type SampleReader,
  SourceFault,
  type SourcePorts,
} from '../source.ts';
import { CLOCK, type EpisodeClock, episodeClock } from './clock.ts';
import { type EpisodeRow, type EpisodeTable, inOrder, noSuchEpisode, outcomeOf, readEpisodes } from './episodes.ts';
import { openImages } from './images.ts';
import { type DatasetInfo, readInfo } from './info.ts';
import { readLanguage } from './language.ts';
import { episodeIndexOf, innerOf } from './place.ts';
import { counted, fault, problemOf, rowsOf } from './problems.ts';
import { type EpisodeRows, findRows, readNumbers } from './rows.ts';
import { readMarks, readSeries } from './series.ts';
import { readStats, shortStats } from './stats.ts';
import { readTasks } from './tasks.ts';
import { openVideo } from './videos.ts';

/** Stands in where neither the data nor info.json say a rate, and nobody stated one. */
const ASSUMED_RATE_HZ = 30;

/** One recording an episode, from `meta/` alone. Rejects with SourceFault when there is none to list. */
export async function listEpisodes(file: OpenFile, { files }: SourcePorts): Promise<ListedRecording[]> {
  const info = await readInfo(files, file.path);
  const { rows, problems: told } = await readEpisodes(files, info);
  const tasks = await readTasks(files, info.folder);
  // Of the whole dataset, and so of each of its episodes, before anybody opens one.
  const problems = [...info.problems, ...told, ...tasks.problems];
  const streams = info.features.filter(({ dtype }) => dtype === 'video' || dtype === 'image').length;
  const rateHz = info.fps ?? file.stated.rateHz ?? ASSUMED_RATE_HZ;
  return inOrder(rows).map((row) => {
    const inner = innerOf(row.index);
    const ticks = row.length ?? (row.from !== null && row.to !== null ? row.to - row.from : null);
    return {
      inner,
      name: inner,
      task: row.tasks[0] ?? '',
      date: '',
      ...(ticks === null ? {} : { ticks, durationNs: Math.round((Math.max(0, ticks - 1) / rateHz) * 1e9) }),
      streams,
      outcome: outcomeOf(row),
      instruction: instructionOf(row.tasks),
      properties: propertiesOf(info, row),
      problems,
      complete: ticks !== null,
    };
  });
}

function instructionOf(tasks: readonly string[]): string | null {
  return tasks.length > 0 ? tasks.join(' · ') : null;
}

function propertiesOf({ robotType }: DatasetInfo, { extra, tasks }: EpisodeRow): Episode['properties'] {
  return {
    ...extra,
    ...(robotType === null ? {} : { robot: robotType }),
    ...(tasks.length > 1 ? { tasks: tasks.length } : {}),
  };
}

/** Opens one episode of a dataset; without an inner name, its first. Never throws for broken files: see `problems`. */
export async function openLerobot(file: OpenFile, ports: SourcePorts): Promise<OpenedEpisode> {
  try {
    const info = await readInfo(ports.files, file.path);
    const wanted = file.inner === '' ? undefined : episodeIndexOf(file.inner);
    if (file.inner !== '' && wanted === undefined) {
      throw new SourceFault('no-episode', `${file.inner} names no episode: episodes are called episode_000012.`);
    }
    const table = await readEpisodes(ports.files, info, wanted);
    const row = wanted === undefined ? inOrder(table.rows)[0] : table.rows.find(({ index }) => index === wanted);
    if (!row) return unreadable(file, [...info.problems, ...table.problems, noSuchEpisode(wanted ?? 0)]);
    return await openEpisode(file, ports, info, table, row);
  } catch (error) {
    return unreadable(file, [problemOf(error)]);
  }
}

async function openEpisode(
  file: OpenFile,
  ports: SourcePorts,
  info: DatasetInfo,
  table: EpisodeTable,
  row: EpisodeRow,
): Promise<OpenedEpisode> {
  const { files } = ports;
  const tasks = await readTasks(files, info.folder);
  const stats = await readStats(files, info.folder, row.index);
  const problems: Problem[] = [...info.problems, ...table.problems, ...tasks.problems, ...stats.problems];
  const rows = await findRows(files, info, table, row).catch((error: unknown) => {
    problems.push(problemOf(error));
    return null;
  });
  const rateHz = info.fps ?? file.stated.rateHz ?? ASSUMED_RATE_HZ;
  const clock = await clockOf(file, info, row, rows, rateHz, problems);
  const numbers = rows ? await readSeries(info, rows) : { series: [], values: new Map(), problems: [] };
  const marks = rows ? await readMarks(rows, clock.times, tasks.texts) : { marks: [], problems: [] };
  const language = rows ? await readLanguage(rows, clock.times) : { marks: [], problems: [] };
  problems.push(...numbers.problems, ...marks.problems, ...language.problems);
  if (rows) problems.push(...rows.problems, ...(await rowProblems(row, rows)));

  const streams: Episode['streams'] = [];
  const clocks = new Map([[CLOCK, clock.times]]);
  const described = [clock.clock];
  const locations = new Map<string, SampleLocation>();
  const readers = new Map<string, SampleReader>();
  const read = [file.path, ...table.files, ...(tasks.file ? [tasks.file] : []), ...(rows ? [rows.file.path] : [])];
  for (const feature of info.features) {
    if (feature.dtype === 'video') {
      const video = await openVideo(ports, info, table, row, feature, clock);
      streams.push(video.stream);
      problems.push(...video.problems);
      if (video.location) locations.set(feature.key, video.location);
      if (video.clock) clocks.set(video.clock.clock.id, video.clock.times);
      if (video.clock) described.push(video.clock.clock);
      if (video.file) read.push(video.file);
    } else if (feature.dtype === 'image' && rows) {
      const images = await openImages(files, info, row.index, feature, rows);
      streams.push(images.stream);
      problems.push(...images.problems);
      if (images.location) locations.set(feature.key, images.location);
      if (images.reader) readers.set(feature.key, images.reader);
    }
  }
  const texts = row.tasks.length > 0 ? row.tasks : await taskTexts(rows, tasks.texts);
  const isRateAsked = info.fps === null && clock.clock.basis === 'nominal';
  const episode: Episode = {
    ...blankEpisode(),
    ...describePlace(file, row.index, texts[0] ?? ''),
    masterClock: CLOCK,
    clocks: described,
    streams,
    series: numbers.series,
    metadata: metadataOf(info, row, shortStats(stats, row.index)),
    instruction: instructionOf(texts),
    outcome: outcomeOf(row),
    properties: propertiesOf(info, row),
    marks: [...marks.marks, ...language.marks],
    asks: isRateAsked ? ['rate'] : [],
    assumed: { rateHz: isRateAsked ? rateHz : null, quaternionOrder: null },
    problems,
  };
  return {
    episode,
    clocks,
    poses: new Map(),
    values: numbers.values,
    locations,
    readers,
    files: await realPaths(files, read),
  };
}

async function clockOf(
  file: OpenFile,
  info: DatasetInfo,
  row: EpisodeRow,
  rows: EpisodeRows | null,
  rateHz: number,
  problems: Problem[],
): Promise<EpisodeClock> {
  const length = rows ? rows.to - rows.from : (row.length ?? 0);
  const stamps = rows
    ? await readNumbers(rows, CLOCK).catch((error: unknown) => {
        problems.push(problemOf(error));
        return null;
      })
    : null;
  const where = rows?.file.name ?? file.name;
  const clock = episodeClock(where, length, stamps, rateHz, info.fps !== null);
  if (rows) problems.push(...clock.problems);
  return clock;
}

/** What the rows say of themselves against the table: how many, and in which order. */
async function rowProblems(row: EpisodeRow, rows: EpisodeRows): Promise<Problem[]> {
  const { file, from, to } = rows;
  const problems: Problem[] = [];
  const held = to - from;
  if (row.length !== null && row.length !== held) {
    const message = `${file.name} holds ${counted(held, 'frame')} of episode ${row.index} where meta/ says ${row.length}: correct length, or restore the file.`;
    problems.push(fault('count-mismatch', message));
  }
  if (row.length === null) {
    problems.push(fault('no-length', `meta/ does not say how long episode ${row.index} is: write its length anew.`));
  }
  if (row.tasks.length === 0) {
    const message = `meta/ names no task for episode ${row.index}; tools that edit the dataset need tasks: write them anew.`;
    problems.push(fault('no-tasks-column', message));
  }
  try {
    const indices = await readNumbers(rows, 'index');
    const steps = indices ? outOfStep(indices.data) : [];
    if (steps.length > 0) {
      const message = `${file.name}: index does not rise by one at ${rowsOf(steps)} of episode ${row.index}: number the rows anew.`;
      problems.push(fault('index-steps', message));
    }
    const first = indices?.data[0];
    if (row.from !== null && first !== undefined && first !== row.from) {
      const message = `meta/episodes lets episode ${row.index} start at row ${row.from} (dataset_from_index), but its index starts at ${first}: correct the table.`;
      problems.push(fault('from-index', message));
    }
    if (row.from !== null && row.to !== null && row.length !== null && row.to - row.from !== row.length) {
      const message = `meta/episodes gives episode ${row.index} the length ${row.length}, but rows ${row.from} to ${row.to}: correct the table.`;
      problems.push(fault('from-index', message));
    }
    const numbers = await readNumbers(rows, 'frame_index');
    const wrong = numbers ? outOfStep(numbers.data) : [];
    if (numbers && (wrong.length > 0 || numbers.data[0] !== 0)) {
      const at = wrong.length > 0 ? rowsOf(wrong) : 'frame 0';
      const message = `${file.name}: frame_index does not count up from 0 (${at} of episode ${row.index}): sort the rows, or number them anew.`;
      problems.push(fault('frame-index', message));
    }
  } catch (error) {
    problems.push(problemOf(error));
  }
  return problems;
}

function outOfStep(values: Float64Array): number[] {
  const found: number[] = [];
  for (let row = 1; row < values.length; row++) {
    if ((values[row] as number) !== (values[row - 1] as number) + 1) found.push(row);
  }
  return found;
}

async function taskTexts(rows: EpisodeRows | null, texts: ReadonlyMap<number, string>): Promise<string[]> {
  if (!rows) return [];
  const numbers = await readNumbers(rows, 'task_index').catch(() => null);
  return [...new Set(numbers?.data ?? [])].flatMap((number) => texts.get(number) ?? []).slice(0, 20);
}

function metadataOf(info: DatasetInfo, row: EpisodeRow, stats: Record<string, string>): Episode['metadata'] {
  return {
    codebase_version: info.version,
    robot_type: info.robotType,
    fps: info.fps,
    episode_index: row.index,
    length: row.length,
    tasks: row.tasks,
    splits: info.splits,
    ...(row.data ? { data: `chunk ${row.data.chunk}, file ${row.data.file}` } : {}),
    ...row.extra,
    stats,
  };
}

async function realPaths(files: SourcePorts['files'], places: readonly string[]): Promise<string[]> {
  const real: string[] = [];
  for (const place of places) {
    const facts = await files.facts(place).catch(() => undefined);
    if (facts && !real.includes(facts.path)) real.push(facts.path);
  }
  return real;
}

function describePlace(file: OpenFile, index: number | null, task: string) {
  const below = file.inner === '' ? file.pathBelowRoot : `${file.pathBelowRoot}::${file.inner}`;
  return {
    id: `${file.rootId}/${below}`,
    root: file.rootId,
    path: below,
    format: 'lerobot',
    name: file.inner !== '' ? file.inner : index === null ? file.name : innerOf(index),
    task,
    date: '',
    sizeBytes: file.sizeBytes,
    modifiedMs: file.modifiedMs,
  };
}

function unreadable(file: OpenFile, problems: Problem[]): OpenedEpisode {
  const { clock, times } = nominalClock(CLOCK, 'Episode time', 0, ASSUMED_RATE_HZ);
  const episode: Episode = {
    ...blankEpisode(),
    ...describePlace(file, null, ''),
    masterClock: CLOCK,
    clocks: [clock],
    problems,
  };
  return { episode, clocks: new Map([[CLOCK, times]]), poses: new Map(), values: new Map(), locations: new Map() };
}
