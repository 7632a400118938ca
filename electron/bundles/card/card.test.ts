import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PlannedUnit } from '../../../shared/bundles/plan.ts';
import type { Quality } from '../../../shared/bundles/quality.ts';
import { RECIPE_SCHEMA, type Recipe, readRecipe } from '../../../shared/bundles/recipe.ts';
import { emptyHistory, layerOf } from '../../../shared/review/fold.ts';
import type { Layer } from '../../../shared/review/review.ts';
import { taxonomySchema } from '../../../shared/review/taxonomy.ts';
import type { NamedUnit } from '../export/named-units.ts';
import { type CardFacts, datasetCard } from './card.ts';
import { lineText } from './markdown.ts';

const taxonomy = taxonomySchema.parse(
  JSON.parse(readFileSync(new URL('../../../resources/taxonomy/v1.json', import.meta.url), 'utf8')),
);
const recipe = readRecipe(
  {
    ...{ schema: RECIPE_SCHEMA, name: 'Grasps | all', targets: ['regrasp'], taxonomyVersion: 1, license: 'cc-by-4.0' },
    split: { shares: { train: 0.9, test: 0.1 } },
  },
  'it',
) as Recipe;
const labels: Layer = {
  ...layerOf(emptyHistory('ana')),
  outcome: { value: 'failure' },
  failures: {
    f1: {
      ...{ event: 40, window: [20, 60], code: 'GRASP_SLIP', severity: 'low', resetability: 'immediate' },
      ...{ whatHappened: '', handOff: null },
    },
  },
};
function unit(kind: PlannedUnit['kind'], ticks: [number, number], more: Partial<NamedUnit> = {}): NamedUnit {
  const frames = ticks[1] - ticks[0] + 1;
  return {
    unit: { kind, ticks, episode: 'root/a', path: 'a.h5', split: 'train' } as unknown as PlannedUnit,
    grid: { ticks: new Int32Array(frames), fps: 30, worstErrorNs: 2.5e6, repeated: 0, skipped: 0 },
    ...{ rate: { numerator: 30, denominator: 1 }, labels, task: 'insert <the> board', taskName: 'insert' },
    numbers: [{ key: 'action', names: ['x', 'y'], values: new Float64Array(frames * 2), width: 2 }],
    videos: [{ name: 'cam0', width: 640, height: 480 }],
    ...{ id: '0001-a', folder: kind === 'recovery' ? 'recoveries/0001-a' : 'rollouts/0001-a' },
    ...more,
  } as unknown as NamedUnit;
}
const quality: Quality = {
  ...{ recordings: 1, unlooked: 0, unlabelled: 0, kept: 2, leftOutByClass: 0, undecidedLeftOut: 1, undecidedTaken: 0 },
  cut: [{ class: 'ot_loss', events: 2, ticks: 31 }],
  leftOut: [{ reason: 'ot_loss was cut', count: 1 }],
};
const card = (more: Partial<CardFacts> = {}) =>
  datasetCard({
    ...{ target: 'regrasp' as const, units: [unit('rollout', [0, 899]), unit('recovery', [50, 75])], recipe, taxonomy },
    ...{ quality, madeBy: 'regrasp 0.1.0', encoder: 'ffmpeg 7' },
    previews: new Map([['insert <the> board', 'previews/01-insert.gif']]),
    ...more,
  });

it('a card begins with what a hub reads', () => {
  const [, head] = card().split('---\n');
  expect(head?.split('\n')).toEqual([
    ...['license: cc-by-4.0', 'task_categories:', '- robotics', 'tags:', '- robotics', '- regrasp', '- recovery'],
    ...['- human-labelled', 'size_categories:', '- n<1K', 'configs:', '- config_name: rollouts', '  data_files:'],
    ...['  - split: train', '    path:', '    - rollouts/0001-a/joints.parquet', '- config_name: recoveries'],
    ...['  data_files:', '  - split: train', '    path:', '    - recoveries/0001-a/recovery_joints.parquet', ''],
  ]);
  expect(card({ target: 'lerobot-v3.0' })).toContain('- LeRobot\n');
  expect(card({ target: 'lerobot-v3.0' })).toContain('  data_files: data/*/*.parquet\n');
});

it('a card counts what is in it, and a failure that lies in two units once', () => {
  const text = card();
  expect(text).toContain('| all | 2 | 926 | 30.9 |');
  expect(text).toContain('| train | 90 % | 2 | 1 | 926 |\n| test | 10 % | 0 | 0 | 0 |');
  expect(text).toContain('| failure | 1 of 1 |');
  expect(text).toMatch(/1 failure by code \(taxonomy version 1\):\n\n.*\n.*\n\| GRASP\\_SLIP \| grasp \| .+ \| 1 \|/);
  expect(text).toContain('| ot\\_loss | 2 | 31 |');
  expect(text).toContain('Left out because nobody decided: 1 event.');
  expect(text).toContain('2.5 ms from the time it states');
  expect(card()).toBe(text);
});

it('what nobody said is told as such', () => {
  const text = card({
    units: [unit('rollout', [0, 9], { labels: null })],
    quality: { ...quality, unlabelled: 1, unlooked: 1, cut: [], leftOut: [] },
  });
  expect(text).toContain('| nobody said | 1 of 1 |');
  expect(text).toContain('Nobody labelled anything.');
  expect(text).toContain('No failure is marked in it');
  expect(text).toContain('No detector looked at 1 of 1 recording');
  expect(text).not.toContain('human-labelled');
});

it("somebody's words stay words", () => {
  expect(card()).toContain('# Grasps \\| all');
  expect(card()).toContain('| insert &lt;the\\> board | 2 |');
  expect(card()).toContain('![insert &lt;the\\> board](previews/01-insert.gif)');
  expect(lineText('![x](javascript:1)\n# a')).toBe('\\!\\[x\\](javascript:1) \\# a');
});
