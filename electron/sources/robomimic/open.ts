import { blankEpisode, type Episode, type Problem, type Series, type Track } from '../../../shared/episode/episode.ts';
import { nominalClock } from '../common/clocks.ts';
import { inWords, pictureProblems, pictureStream, sideOf } from '../common/hdf5-pictures.ts';
import { columnNames, commonestRows, plainSeries, StepReader } from '../common/hdf5-steps.ts';
import { identityOf, unreadableEpisode } from '../common/identity.ts';
import { posesOf, type StepRows } from '../common/step-rows.ts';
import { type Hdf5Tree, type OpenedEpisode, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { type DemoFile, picturesOf, propertiesOf, readDemoFile, samplesOf, taskOf } from './demos.ts';
import { placeOf } from './place.ts';

export const STEPS = 'steps';
/** robosuite and PyBullet, which robomimic records, store the scalar last. */
const USUAL_ORDER = 'xyzw';
const OWN = ['actions', 'actions_abs', 'rewards', 'dones', 'states'];
const MAX_TEXT = 20_000;

/** Opens one demonstration, `file.inner`. Never throws for a broken file: see `problems`. */
export async function openRobomimic(file: OpenFile, ports: SourcePorts): Promise<OpenedEpisode> {
  const place = placeOf(file.inner ? `${file.pathBelowRoot}::${file.inner}` : file.pathBelowRoot);
  const broken = (code: string, message: string) =>
    unreadableEpisode(file, 'robomimic', place, [{ severity: 'error', code, message }]);
  let all: DemoFile;
  let tree: Hdf5Tree;
  try {
    all = await readDemoFile(file, ports);
    if (!all.demos.includes(file.inner)) {
      return broken('no-such-recording', `${file.name} holds no demonstration ${file.inner || 'without a name'}.`);
    }
    tree = await ports.hdf5.inspect(file.path, { group: groupOf(file) });
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return broken(error.code, error.message);
  }
  const group = groupOf(file);
  const isRead = (name: string) => name.startsWith(`${group}/obs/`) || OWN.some((own) => name === `${group}/${own}`);
  const pictures = picturesOf(tree, file.inner);
  const numeric = Object.keys(tree.datasets)
    .filter((name) => isRead(name) && !pictures.includes(name))
    .sort((a, b) => rank(a) - rank(b));
  const steps = commonestRows(tree, [...numeric, ...pictures]);
  const reader = new StepReader(file, ports.hdf5, tree, steps);
  const rows = new Map<string, StepRows>();
  for (const dataset of numeric) {
    const read = await reader.read(dataset);
    if (read) rows.set(dataset, read);
  }
  const streams = pictures.map((dataset) => {
    const name = inWords(dataset.slice(dataset.lastIndexOf('/') + 1).replace(/_(image|rgb)$/, ''));
    const about = tree.datasets[dataset];
    if (!about) throw new Error(`${dataset} is one of the tree's.`);
    return pictureStream(dataset, about, { name, clock: STEPS, order: 'rgb' });
  });
  const order = file.stated.quaternionOrder ?? USUAL_ORDER;
  const { tracks, poses } = tracksOf(rows, group, steps, order);
  const series = [...rows].map(([dataset, { columns }]) => seriesOf(dataset, group, columns, steps, order));
  const { rate } = all;
  const clock = nominalClock(STEPS, `Steps at ${Number(rate.hz.toFixed(3))} Hz (${rate.where})`, steps, rate.hz);
  const told = new Set(tree.problems.map(({ stream }) => stream));
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, 'robomimic', { ...place, ...taskOf(all.environment) }),
    masterClock: STEPS,
    clocks: [clock.clock],
    streams,
    series,
    tracks,
    metadata: metadataOf(file, all, tree, reader.tooWide),
    properties: { ...propertiesOf(all, file.inner), ...returnOf(rows.get(`${group}/rewards`)) },
    asks: tracks.length > 0 ? ['rate', 'quaternion-order'] : ['rate'],
    assumed: {
      rateHz: rate.isAssumed ? rate.hz : null,
      quaternionOrder: tracks.length > 0 && file.stated.quaternionOrder === undefined ? USUAL_ORDER : null,
    },
    problems: [
      ...countProblems(file, tree, steps, all),
      ...all.problems,
      ...tree.problems,
      ...pictureProblems(file, streams, steps).filter(
        ({ code, stream }) => code !== 'stream-unreadable' || !told.has(stream),
      ),
      ...reader.problems,
    ],
  };
  return {
    episode,
    clocks: new Map([[STEPS, clock.times]]),
    poses,
    values: new Map([...rows].map(([dataset, { values }]) => [dataset, values])),
    locations: new Map(pictures.map((dataset) => [dataset, { kind: 'hdf5', file: file.path, dataset }])),
  };
}

function groupOf(file: OpenFile): string {
  return `data/${file.inner}`;
}

/** Actions first, then observations, then what a simulator adds. */
function rank(dataset: string): number {
  if (dataset.includes('/obs/')) return OWN.indexOf('rewards') - 0.5;
  return OWN.indexOf(dataset.slice(dataset.lastIndexOf('/') + 1));
}

function seriesOf(dataset: string, group: string, columns: number, steps: number, order: string): Series {
  const name = dataset.slice(group.length + 1).replace(/^obs\//, '');
  const words = inWords(name);
  const isAction = /^actions/.test(name);
  const isState = dataset.startsWith(`${group}/obs/`);
  const isPosition = isState && /(^|_)pos$/.test(name) && columns === 3;
  const isRotation = isState && /(^|_)quat(_site)?$/.test(name) && columns === 4;
  const isJoints = isState && /joint_pos$/.test(name);
  const components = isPosition ? ['x', 'y', 'z'] : isRotation ? order.split('') : columnNames(words, columns);
  const unit = isPosition ? 'm' : isJoints ? 'rad' : '';
  const role = isAction ? 'action' : isState ? 'state' : 'other';
  return plainSeries({ id: dataset, name: words, group: words, role, unit, components, count: steps, clock: STEPS });
}

/** `X_pos` with `X_quat` among the observations: end effectors and objects. */
function tracksOf(rows: ReadonlyMap<string, StepRows>, group: string, steps: number, order: 'wxyz' | 'xyzw') {
  const tracks: Track[] = [];
  const poses = new Map<string, Float64Array>();
  for (const [dataset, position] of rows) {
    const body = new RegExp(`^${group}/obs/(.+)_pos$`).exec(dataset)?.[1];
    const rotation = body === undefined ? undefined : rows.get(`${group}/obs/${body}_quat`);
    if (body === undefined || position.columns !== 3 || rotation?.columns !== 4) continue;
    const base = { id: body, name: inWords(body), side: sideOf(body), count: steps, clock: STEPS };
    tracks.push({ ...base, rule: 'nearest', quaternionOrder: 'xyzw', upAxis: 'z', projected: false });
    poses.set(body, posesOf(steps, { ...position, at: 0 }, { ...rotation, at: 0 }, order));
  }
  return { tracks, poses };
}

function returnOf(rewards: StepRows | undefined): Episode['properties'] {
  if (rewards?.columns !== 1) return {};
  const sum = rewards.values.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
  return { return: Number(sum.toFixed(4)) };
}

function countProblems(file: OpenFile, tree: Hdf5Tree, steps: number, { tree: outline }: DemoFile): Problem[] {
  const problems: Problem[] = [];
  const where = `${file.name}: ${file.inner}`;
  if (steps === 0) {
    const message = `${where} holds no step: remove it from data and from the masks.`;
    return [{ severity: 'error', code: 'empty', message }];
  }
  const stated = samplesOf(outline, file.inner);
  if (stated === null) {
    const message = `${where} states no num_samples, which robomimic reads: write the attribute, ${steps}.`;
    problems.push({ severity: 'error', code: 'missing-count', message });
  } else if (stated !== steps) {
    const message = `${where} states ${stated} samples and holds ${steps}: write the attribute num_samples anew.`;
    problems.push({ severity: 'error', code: 'count-mismatch', message });
  }
  const hasActions = `${groupOf(file)}/actions` in tree.datasets;
  if (!hasActions) {
    const message = `${where} holds no actions, so nothing can be learnt from it: convert the demonstration again.`;
    problems.push({ severity: 'error', code: 'missing-series', message });
  }
  if (!(`${groupOf(file)}/obs` in tree.groups)) {
    const message = `${where} holds no obs: extract the observations from the states first, as robomimic does by dataset_states_to_obs.`;
    problems.push({ severity: 'warning', code: 'missing-series', message });
  }
  return problems;
}

function metadataOf(file: OpenFile, all: DemoFile, tree: Hdf5Tree, tooWide: string[]): Record<string, unknown> {
  const own = Object.entries(tree.groups[groupOf(file)]?.attributes ?? {}).map(([name, value]) => {
    const isLong = typeof value === 'string' && value.length > MAX_TEXT;
    return [name, isLong ? `(${value.length} characters)` : value];
  });
  const shapes = Object.entries(tree.datasets).map(([name, { shape, dtype }]) => [
    name.slice(groupOf(file).length + 1),
    `${shape.join(' × ')} ${dtype}`,
  ]);
  return {
    ...Object.fromEntries(own),
    rate: `${all.rate.hz} Hz, ${all.rate.where}`,
    ...(all.environment.args ? { env_args: all.environment.args } : {}),
    demonstrations: all.demos.length,
    masks: Object.fromEntries([...all.masks].map(([key, demos]) => [key, demos.length])),
    ...(tooWide.length > 0 ? { not_plotted: tooWide } : {}),
    arrays: Object.fromEntries(shapes),
  };
}
