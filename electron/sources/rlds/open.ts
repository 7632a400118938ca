import path from 'node:path';
import { blankEpisode, type Episode, type Problem } from '../../../shared/episode/episode.ts';
import { nominalClock } from '../common/clocks.ts';
import { identityOf, unreadableEpisode } from '../common/identity.ts';
import { type OpenedEpisode, type OpenFile, type SampleLocation, SourceFault, type SourcePorts } from '../source.ts';
import { type Dataset, type FoundRecord, findRecord, readDataset } from './dataset.ts';
import { BrokenExample, ExampleReader } from './example.ts';
import { type EpisodeFacts, type Features, readFacts } from './facts.ts';
import { endOf, marksOf } from './marks.ts';
import { FEATURES } from './names.ts';
import { type FoundSeries, STEPS, seriesOf } from './numbers.ts';
import { cameraOf, readerOf } from './pictures.ts';
import { episodeOf, placeOf } from './place.ts';
import { rateOf } from './rate.ts';
import { readStepLists, type StepLists } from './step-lists.ts';
import { recordFits } from './tfrecord.ts';
import { tracksOf } from './tracks.ts';

const LONGEST_DESCRIPTION = 2000;

/** Opens one episode, `file.inner`. Never throws for broken files: see `problems`. */
export async function openRlds(file: OpenFile, ports: SourcePorts): Promise<OpenedEpisode> {
  const place = placeOf(file.inner ? `${file.pathBelowRoot}::${file.inner}` : file.pathBelowRoot);
  let task = place.task;
  try {
    const dataset = await readDataset(ports.files, file.path);
    task = dataset.info.name;
    const wanted = episodeOf(file.inner);
    if (!wanted) throw new SourceFault('no-episode', `${file.inner || 'Nothing'} names no episode: see their list.`);
    const record = await findRecord(ports.files, dataset, wanted);
    return await openRecord({ ...file }, { ...place, task }, dataset, record, ports);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    const problem: Problem = { severity: 'error', code: error.code, message: error.message };
    return unreadableEpisode(file, 'rlds', { ...place, task }, [problem]);
  }
}

async function openRecord(
  file: OpenFile,
  place: { task: string; date: string; name: string },
  dataset: Dataset,
  { shard, place: data, number }: FoundRecord,
  { files }: SourcePorts,
): Promise<OpenedEpisode> {
  const where = `${shard.name}: record ${number}`;
  const problems: Problem[] = [];
  const tell = (code: string, what: string) => problems.push({ severity: 'error', code, message: `${where} ${what}` });
  if (!(await recordFits(files, shard.path, data))) {
    tell('bad-checksum', 'does not fit its checksum, so what is shown of it may be wrong: copy the shard again.');
  }
  const reader = new ExampleReader(files, shard.path, data);
  let features: Features;
  let lists: StepLists;
  let facts: EpisodeFacts;
  try {
    features = await reader.features();
    lists = await readStepLists(reader, features, dataset.leaves, where);
    facts = await readFacts(reader, features, dataset.leaves, shard.split);
  } catch (error) {
    if (!(error instanceof BrokenExample)) throw error;
    tell('bad-record', `cannot be read (${error.message}): copy the shard again, or write the dataset anew.`);
    return unreadableEpisode(file, 'rlds', place, problems);
  }
  const { steps } = lists;
  if (steps === 0) tell('empty', 'holds no step: remove the episode, or write it anew.');
  const rate = rateOf(file);
  const clock = nominalClock(STEPS, `Steps at ${Number(rate.hz.toFixed(3))} Hz (${rate.where})`, steps, rate.hz);
  const cameras = [];
  for (const { leaf, elements } of lists.pictures) {
    cameras.push(await cameraOf(reader, leaf, elements, steps, where));
  }
  const series = lists.numbers
    .map((numbers) => seriesOf(numbers, steps, where))
    .filter((found): found is FoundSeries => found !== null);
  // One sentence says it all of an episode without steps.
  if (steps > 0) {
    problems.push(...lists.problems, ...cameras.flatMap((camera) => camera.problems));
    problems.push(...series.flatMap((found) => found.problems));
  }
  const tracks = tracksOf(series, steps);
  const shown = cameras.filter(({ stream }) => stream.fault === null);
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, 'rlds', place),
    // Of the record: the anchor's says nothing.
    sizeBytes: data.length,
    ...facts,
    properties: { ...facts.properties, ...returnOf(series), ...endFact(lists) },
    masterClock: STEPS,
    clocks: [clock.clock],
    streams: cameras.map(({ stream }) => stream),
    series: series.map((found) => found.series),
    tracks: tracks.map(({ track }) => track),
    marks: marksOf(lists.flags, lists.instructions, clock.times),
    metadata: metadataOf(dataset, { shard, place: data, number }, lists, `${rate.hz} Hz, ${rate.where}`),
    asks: ['rate'],
    assumed: { rateHz: rate.isAssumed ? rate.hz : null, quaternionOrder: null },
    problems,
  };
  return {
    episode,
    clocks: new Map([[STEPS, clock.times]]),
    poses: new Map(tracks.map(({ track, poses }) => [track.id, poses])),
    values: new Map(series.map((found) => [found.series.id, found.values])),
    locations: new Map(shown.map(({ stream }): [string, SampleLocation] => [stream.id, { kind: 'reader' }])),
    readers: new Map(shown.map((camera) => [camera.stream.id, readerOf(files, shard, camera)])),
    files: [file.path, path.join(dataset.info.folder, FEATURES), shard.path],
  };
}

/** The sum of the rewards, as robomimic's files have it too. */
function returnOf(series: readonly FoundSeries[]): Episode['properties'] {
  const rewards = series.find(({ series: { id, components } }) => id === 'reward' && components.length === 1);
  if (!rewards) return {};
  const sum = rewards.values.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
  return { return: Number(sum.toFixed(4)) };
}

function endFact({ flags }: StepLists): Episode['properties'] {
  const end = endOf(flags);
  return end === null ? {} : { end };
}

function metadataOf(
  { info, leaves }: Dataset,
  { shard, number }: FoundRecord,
  { texts, notShown }: StepLists,
  rate: string,
): Record<string, unknown> {
  const arrays = leaves
    .filter(({ isOfStep, kind }) => isOfStep && kind !== 'text')
    .map(({ name, dtype, shape }) => [
      name,
      `${shape.map((side) => (side < 0 ? '?' : side)).join(' × ')} ${dtype}`.trim(),
    ]);
  return {
    dataset: info.name,
    ...(info.version === '' ? {} : { version: info.version }),
    ...(info.description === '' ? {} : { description: info.description.slice(0, LONGEST_DESCRIPTION) }),
    shard: shard.name,
    record: number,
    rate,
    ...texts,
    ...(notShown.size > 0 ? { not_shown: Object.fromEntries(notShown) } : {}),
    features: Object.fromEntries(arrays),
  };
}
