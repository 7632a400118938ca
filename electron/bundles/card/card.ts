import type { Quality } from '../../../shared/bundles/quality.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import { UNIT_KINDS } from '../../../shared/bundles/recipe.ts';
import type { Taxonomy } from '../../../shared/review/taxonomy.ts';
import { counted } from '../counted.ts';
import type { NamedUnit } from '../export/named-units.ts';
import { cellText, lineText, table } from './markdown.ts';

export interface CardFacts {
  readonly target: Recipe['targets'][number];
  readonly units: readonly NamedUnit[];
  readonly recipe: Recipe;
  readonly taxonomy: Taxonomy;
  readonly quality: Quality;
  /** "regrasp 0.1.0", and what encoded the videos. */
  readonly madeBy: string;
  readonly encoder: string;
  /** File below the target's folder by task, where one could be made. */
  readonly previews: ReadonlyMap<string, string>;
}

/**
 * `README.md` of a target: what a hub reads at its head, and for people what is in it, how it was labelled and what was left
 * out. Says nothing that is not counted, and no time of its own: the same bundle has the same card.
 */
export function datasetCard(facts: CardFacts): string {
  const { target, recipe, madeBy, encoder } = facts;
  const parts = [
    frontMatter(facts),
    `# ${lineText(recipe.name)}`,
    ...(recipe.description === '' ? [] : [recipe.description.trim()]),
    `${FORM[target]} Made by ${madeBy} (videos by ${encoder}) from the recipe in \`recipe.json\`; \`bundle.json\` beside it lists every unit with the recording it is of, and \`SHA256SUMS\` every file.`,
    '## What is in it',
    counters(facts),
    '## Splits',
    splits(facts),
    '## Tasks',
    tasks(facts),
    '## Outcomes and failures',
    outcomes(facts),
    failures(facts),
    '## Quality',
    ...quality(facts),
  ];
  return `${parts.join('\n\n')}\n`;
}

const MOST_REASONS = 20;

const FORM: Readonly<Record<Recipe['targets'][number], string>> = {
  regrasp: 'Deployment sessions, one folder a unit, that open in Regrasp with what people marked.',
  'lerobot-v3.0': 'A LeRobot dataset, codebase version v3.0.',
  'lerobot-v2.1': 'A LeRobot dataset, codebase version v2.1.',
};

function frontMatter({ target, units, recipe, quality }: CardFacts): string {
  const frames = framesOf(units);
  const sizes = [1e3, 1e4, 1e5, 1e6, 1e7];
  const names = ['n<1K', '1K<n<10K', '10K<n<100K', '100K<n<1M', '1M<n<10M', '10M<n<100M'];
  const tags = ['robotics', ...(target === 'regrasp' ? [] : ['LeRobot']), 'regrasp'];
  if (units.some(({ unit }) => unit.kind === 'failure')) tags.push('failure');
  if (units.some(({ unit }) => unit.kind === 'recovery')) tags.push('recovery');
  if (quality.unlabelled < quality.recordings) tags.push('human-labelled');
  return [
    '---',
    `license: ${recipe.license}`,
    'task_categories:',
    '- robotics',
    'tags:',
    ...tags.map((tag) => `- ${tag}`),
    'size_categories:',
    `- ${names[sizes.filter((size) => frames >= size).length]}`,
    'configs:',
    ...configs(target, units),
    '---',
  ].join('\n');
}

/** Which tables a viewer shows. Of a LeRobot dataset all of them: its splits are ranges of episodes, not files. */
function configs(target: CardFacts['target'], units: readonly NamedUnit[]): string[] {
  if (target !== 'regrasp') return ['- config_name: default', '  data_files: data/*/*.parquet'];
  return UNIT_KINDS.flatMap((kind) => {
    const own = units.filter(({ unit, numbers }) => unit.kind === kind && numbers.length > 0);
    if (own.length === 0) return [];
    const file = kind === 'recovery' ? 'recovery_joints.parquet' : 'joints.parquet';
    const names = [...new Set(own.map(({ unit }) => unit.split))];
    return [
      `- config_name: ${own[0]?.folder.split('/')[0]}`,
      '  data_files:',
      ...names.flatMap((split) => [
        `  - split: ${split}`,
        '    path:',
        ...own.filter(({ unit }) => unit.split === split).map(({ folder }) => `    - ${folder}/${file}`),
      ]),
    ];
  });
}

function counters({ units }: CardFacts): string {
  const seconds = (of: readonly NamedUnit[]) =>
    of.reduce((sum, { grid, rate }) => sum + (grid.ticks.length * rate.denominator) / rate.numerator, 0);
  const rows = UNIT_KINDS.flatMap((kind) => {
    const own = units.filter(({ unit }) => unit.kind === kind);
    return own.length === 0 ? [] : [[kind, `${own.length}`, `${framesOf(own)}`, seconds(own).toFixed(1)]];
  });
  rows.push(['all', `${units.length}`, `${framesOf(units)}`, seconds(units).toFixed(1)]);
  const { rate, videos, numbers } = units[0] as NamedUnit;
  const cameras = videos.map(({ name, width, height }) => `\`${name}\` (${width}×${height})`).join(', ') || 'none';
  const columns = numbers.map(({ key, names }) => `\`${key}\` (${names.length})`).join(', ') || 'none';
  return [
    table(['unit', 'count', 'frames', 'seconds'], rows),
    `${rate.numerator / rate.denominator} frames a second. Videos: ${cameras}. Numbers of every frame, with how many each: ${columns}.`,
  ].join('\n\n');
}

function splits({ target, units, recipe }: CardFacts): string {
  const rows = Object.entries(recipe.split.shares).map(([name, share]) => {
    const own = units.filter(({ unit }) => unit.split === name);
    const recordings = new Set(own.map(({ unit }) => unit.episode)).size;
    return [name, `${(share * 100).toFixed(0)} %`, `${own.length}`, `${recordings}`, `${framesOf(own)}`];
  });
  const together = recipe.split.togetherBy;
  const how = `By a hash of ${together === null ? 'the recording' : `the property "${lineText(together)}"`}, so that all units of a recording are in one part and a recording that is added moves no other.`;
  const where =
    target === 'regrasp' ? '' : ' Episodes of one part follow each other; `meta/info.json` has their ranges.';
  return [table(['split', 'share asked', 'units', 'recordings', 'frames'], rows), how + where].join('\n\n');
}

function tasks({ units, previews }: CardFacts): string {
  const names = [...new Set(units.map(({ task }) => task))];
  const rows = names.map((name) => [cellText(name), `${units.filter(({ task }) => task === name).length}`]);
  const pictures = names.flatMap((name) => {
    const file = previews.get(name);
    return file === undefined ? [] : [`![${lineText(name)}](${file})`];
  });
  return [table(['task', 'units'], rows), ...pictures].join('\n\n');
}

function outcomes({ units }: CardFacts): string {
  const recordings = new Map(units.map(({ unit, labels }) => [unit.episode, labels?.outcome?.value ?? null]));
  const counts = new Map<string, number>();
  for (const value of recordings.values())
    counts.set(value ?? 'nobody said', (counts.get(value ?? 'nobody said') ?? 0) + 1);
  const rows = [...counts].sort().map(([value, count]) => [cellText(value), `${count} of ${recordings.size}`]);
  const people = [...new Set(units.flatMap(({ labels }) => labels?.annotator ?? []))].sort();
  const said =
    people.length === 0
      ? 'Nobody labelled anything.'
      : `Every label was given by a person (${counted(people.length, 'annotator')}); what a detector proposes never becomes one, and what nobody said is missing, not a failure.`;
  return [table(['outcome', 'recordings'], rows), said].join('\n\n');
}

function failures({ units, taxonomy }: CardFacts): string {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for (const { unit, labels } of units) {
    for (const [id, { code, window }] of Object.entries(labels?.failures ?? {})) {
      const isWithin = window[0] <= unit.ticks[1] && unit.ticks[0] <= window[1];
      if (!isWithin || seen.has(`${unit.episode} ${id}`)) continue;
      seen.add(`${unit.episode} ${id}`);
      counts.set(code ?? '(no code)', (counts.get(code ?? '(no code)') ?? 0) + 1);
    }
  }
  if (counts.size === 0) return `No failure is marked in it (taxonomy version ${taxonomy.version}).`;
  const rows = [...counts].sort().map(([code, count]) => {
    const known = taxonomy.codes.find((one) => one.code === code);
    return [cellText(code), known?.category ?? '', cellText(known?.definition ?? ''), `${count}`];
  });
  const title = `${counted(seen.size, 'failure')} by code (taxonomy version ${taxonomy.version}):`;
  return [title, table(['code', 'category', 'what it says', 'failures'], rows)].join('\n\n');
}

function quality({ quality: of, units }: CardFacts): string[] {
  const lines = [
    of.unlooked === 0
      ? `Detectors looked at every recording.`
      : `No detector looked at ${of.unlooked} of ${counted(of.recordings, 'recording')}: nothing of those could be cut.`,
    `A person decided to keep ${counted(of.kept, 'event')} that a detector proposed or somebody marked.`,
    ...(of.leftOutByClass > 0 ? [`${counted(of.leftOutByClass, 'event')} left out by class, as the recipe says.`] : []),
    of.undecidedLeftOut + of.undecidedTaken === 0
      ? 'Nothing is undecided.'
      : [
          ...(of.undecidedLeftOut > 0
            ? [`Left out because nobody decided: ${counted(of.undecidedLeftOut, 'event')}.`]
            : []),
          ...(of.undecidedTaken > 0
            ? [`In it although nobody decided, for the recipe takes it: ${counted(of.undecidedTaken, 'event')}.`]
            : []),
        ].join(' '),
    ...(of.unlabelled > 0
      ? [`Nobody said anything of ${of.unlabelled} of ${counted(of.recordings, 'recording')}.`]
      : []),
    `The worst frame lies ${Math.max(...units.map(({ grid }) => grid.worstErrorNs / 1e6)).toFixed(1)} ms from the time it states.`,
  ].map((line) => `- ${line}`);
  const cut =
    of.cut.length === 0
      ? 'In the recordings that it holds nothing was cut.'
      : table(
          ['cut, by class', 'events', 'ticks'],
          of.cut.map((one) => [cellText(one.class), `${one.events}`, `${one.ticks}`]),
        );
  const left =
    of.leftOut.length === 0
      ? 'Nothing that the recipe asks for is left out.'
      : table(['left out, because', 'how many'], leftOutRows(of));
  return ['No unit overlaps anything that a person cut.', lines.join('\n'), cut, left];
}

/** The most frequent first; a list of every recording's own fault would be no card. */
function leftOutRows({ leftOut }: Quality): string[][] {
  const sorted = [...leftOut].sort((a, b) => b.count - a.count);
  const more = sorted.slice(MOST_REASONS).reduce((sum, { count }) => sum + count, 0);
  const rows = sorted.slice(0, MOST_REASONS).map(({ reason, count }) => [cellText(reason), `${count}`]);
  return more > 0 ? [...rows, ['other reasons', `${more}`]] : rows;
}

function framesOf(units: readonly NamedUnit[]): number {
  return units.reduce((sum, { grid }) => sum + grid.ticks.length, 0);
}
