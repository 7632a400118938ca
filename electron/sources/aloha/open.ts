import { blankEpisode, type Episode, type Problem, type Stream } from '../../../shared/episode/episode.ts';
import { nominalClock } from '../common/clocks.ts';
import { inWords, pictureProblems, pictureStream } from '../common/hdf5-pictures.ts';
import { commonestRows, StepReader } from '../common/hdf5-steps.ts';
import { identityOf, unreadableEpisode } from '../common/identity.ts';
import { type Hdf5Tree, type OpenedEpisode, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { factsOf, rateOf } from './facts.ts';
import { placeOf } from './place.ts';
import { EXPECTED, type NamedRows, NUMERIC, STEPS, seriesOf } from './series.ts';

const PICTURES = /^observations\/(images|images_depth|depth)\/[^/]+$/;

/** Opens an episode. Never throws for a broken file: see `problems`. */
export async function openAloha(file: OpenFile, { hdf5 }: SourcePorts): Promise<OpenedEpisode> {
  const place = placeOf(file.pathBelowRoot);
  let tree: Hdf5Tree;
  try {
    tree = await hdf5.inspect(file.path);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unreadableEpisode(file, 'aloha', place, [{ severity: 'error', code: error.code, message: error.message }]);
  }
  const pictures = Object.keys(tree.datasets).filter((dataset) => PICTURES.test(dataset));
  const steps = commonestRows(tree, [...NUMERIC, ...pictures]);
  const streams = pictures.map((dataset) => cameraOf(tree, dataset));
  const reader = new StepReader(file, hdf5, tree, steps);
  const found: NamedRows[] = [];
  for (const dataset of NUMERIC) {
    const rows = await reader.read(dataset);
    if (rows) found.push(...seriesOf(dataset, rows, steps));
  }
  const rate = rateOf(file, tree);
  const clock = nominalClock(STEPS, `Steps at ${Number(rate.hz.toFixed(3))} Hz (${rate.where})`, steps, rate.hz);
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, 'aloha', place),
    ...factsOf(tree),
    masterClock: STEPS,
    clocks: [clock.clock],
    streams,
    series: found.map(({ series }) => series),
    metadata: metadataOf(tree, rate.where),
    asks: ['rate'],
    assumed: { rateHz: rate.isAssumed ? rate.hz : null, quaternionOrder: null },
    problems: [
      ...(steps === 0 ? [emptyProblem(file)] : missingProblems(file, tree, pictures)),
      ...tree.problems,
      ...pictureProblems(file, streams, steps).filter(({ code, stream }) => !isTold(tree, code, stream)),
      ...reader.problems,
    ],
  };
  return {
    episode,
    clocks: new Map([[STEPS, clock.times]]),
    poses: new Map(),
    values: new Map(found.map(({ series, values }) => [series.id, values])),
    locations: new Map(pictures.map((dataset) => [dataset, { kind: 'hdf5', file: file.path, dataset }])),
  };
}

/** "observations/images/cam_left_wrist" is "Left wrist camera". */
function cameraOf(tree: Hdf5Tree, dataset: string): Stream {
  const words = inWords(dataset.slice(dataset.lastIndexOf('/') + 1).replace(/^cam(era)?_/, ''));
  const isDepth = !dataset.startsWith('observations/images/');
  const name = isDepth ? `${words} depth` : /camera/i.test(words) ? words : `${words} camera`;
  const about = tree.datasets[dataset];
  if (!about) throw new Error(`${dataset} is one of the tree's.`);
  return pictureStream(dataset, about, { name, clock: STEPS, order: 'rgb' });
}

/** What cannot be shown for its storage is told by the tree already. */
function isTold(tree: Hdf5Tree, code: string, stream: string | undefined): boolean {
  return code === 'stream-unreadable' && tree.problems.some((problem) => problem.stream === stream);
}

function emptyProblem(file: OpenFile): Problem {
  const message = `${file.name} holds no step: the recorder was stopped before the first one, so record it again or leave it out.`;
  return { severity: 'error', code: 'empty', message };
}

function missingProblems(file: OpenFile, tree: Hdf5Tree, pictures: readonly string[]): Problem[] {
  const isMissing = (dataset: string) =>
    (!tree.datasets[dataset] || tree.datasets[dataset]?.isNull) &&
    !tree.problems.some(({ stream }) => stream === dataset);
  const problems = EXPECTED.filter(isMissing).map((dataset): Problem => {
    const message = `${file.name} holds no ${dataset}, which training by ACT reads: record it, or leave the episode out.`;
    return { severity: 'error', code: 'missing-series', message, stream: dataset };
  });
  if (pictures.length === 0 && isMissing('observations/images')) {
    const message = `${file.name} holds no picture below observations/images: no camera was recorded.`;
    problems.push({ severity: 'warning', code: 'missing-stream', message });
  }
  return problems;
}

function metadataOf(tree: Hdf5Tree, where: string): Record<string, unknown> {
  const judged = tree.groups.episode_annotations?.attributes;
  const shapes = Object.entries(tree.datasets).map(([name, { shape, dtype }]) => [
    name,
    `${shape.join(' × ')} ${dtype}`,
  ]);
  return {
    ...tree.groups['']?.attributes,
    ...(judged ? { episode_annotations: judged } : {}),
    rate: where,
    arrays: Object.fromEntries(shapes),
  };
}
