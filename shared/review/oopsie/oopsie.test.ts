import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../markers.ts';
import type { Layer } from '../review.ts';
import { taxonomySchema } from '../taxonomy.ts';
import { fromOopsie } from './from-oopsie.ts';
import { type PublishRequest, planPublishing, publishFault, saysAnything } from './publish-plan.ts';
import { annotatorGroup, type OopsieContext, type OopsieFound, REVIEW } from './words.ts';

const taxonomy = taxonomySchema.parse(
  JSON.parse(readFileSync(new URL('../../../resources/taxonomy/v1.json', import.meta.url), 'utf8')),
);
const STEPS = 200;
const context: OopsieContext = { taxonomy, timesNs: Float64Array.from({ length: STEPS }, (_, step) => step * 5e7) };
const NOBODY: OopsieFound = { group: null, segments: null, children: {}, recorded: null, instruction: 'stack it' };

const blank: Layer = {
  annotator: 'mara',
  outcome: null,
  description: null,
  notes: {},
  properties: {},
  failures: {},
  recoveries: {},
  taskMarks: {},
  verdicts: {},
  findings: {},
  flags: {},
  submission: null,
  said: {},
  taxonomyVersion: 1,
  lastAt: '2026-07-11T09:00:00.000Z',
};
const slip: Failure = {
  event: 90,
  window: [40, 130],
  code: 'GRASP_SLIP',
  severity: 'low',
  resetability: 'immediate',
  whatHappened: 'The block slides out.',
  handOff: 100,
};
const estop: Failure = {
  ...slip,
  event: 150,
  window: [140, 160],
  code: 'TERM_ESTOP',
  severity: 'medium',
  handOff: null,
};
const reviewed: Layer = {
  ...blank,
  outcome: { value: 'failure', reason: 'dropped twice' },
  description: { text: 'It slips — zweimal. 🤖' },
  notes: { n2: { text: 'dark', ticks: [20, 40] }, n1: { text: 'Lights were off.' } },
  properties: { checkpoint: 'ckpt-17', temperature: 21.5, dimmed: true },
  failures: { f1: slip, f2: estop },
  recoveries: {
    r1: {
      failure: 'f1',
      ticks: [101, 130],
      controlMode: 'teleoperation',
      howRecovered: 'By hand.',
      outcome: 'recovered',
    },
  },
  taskMarks: { t1: { label: 'approach', ticks: [0, 39] } },
  verdicts: { v: { kind: 'keep' } as never },
};

const request = (layer: Layer | null, found: OopsieFound = NOBODY): PublishRequest => ({
  ...{ group: 'mara', layer, found, instruction: null },
});

/** The file after the plan, as its reader finds it. */
function written(found: OopsieFound, { attributes, removed }: ReturnType<typeof planPublishing>): OopsieFound {
  const own = 'episode_annotations/mara';
  const groups: Record<string, Record<string, unknown>> = {};
  if (found.group) groups[own] = { ...found.group };
  if (found.segments) groups[`${own}/segments`] = { ...found.segments };
  for (const [child, values] of Object.entries(found.children)) groups[`${own}/segments/${child}`] = { ...values };
  for (const gone of removed) {
    for (const group of Object.keys(groups)) if (group === gone || group.startsWith(`${gone}/`)) delete groups[group];
  }
  for (const [group, values] of Object.entries(attributes)) {
    groups[group] ??= {};
    for (const [name, value] of Object.entries(values)) {
      if (value === null) delete groups[group][name];
      else groups[group][name] = Object.values(value)[0];
    }
  }
  const group = groups[own] ?? null;
  const tree = JSON.parse(String(group?.taxonomy ?? '{}'));
  const children = Object.fromEntries(
    Object.entries(groups).flatMap(([path, values]) =>
      path.startsWith(`${own}/segments/`) ? [[path.split('/').at(-1) as string, values]] : [],
    ),
  );
  const recorded = {
    ...{ outcome: tree.outcome ?? null, categories: tree.failure_category ?? null, severity: tree.severity ?? null },
  };
  return { ...found, group, segments: groups[`${own}/segments`] ?? null, children, recorded: group && recorded };
}

const publish = (layer: Layer, found: OopsieFound = NOBODY) =>
  written(found, planPublishing(request(layer, found), context));
const saidOf = ({ outcome, description, notes, properties, failures, recoveries, taskMarks }: Layer) => ({
  ...{ outcome, description, notes, properties, failures, recoveries, taskMarks },
});

describe('a review in the words of Oopsie', () => {
  it('says what the format has words for, with the types of its own tools, and the rest beside it', () => {
    const { attributes, notes } = planPublishing(request(reviewed), context);
    expect(attributes['episode_annotations/mara']).toEqual({
      schema: { text: 'oopsie_failure_taxonomy_v2' },
      taxonomy_schema: { text: 'oopsiedata_taxonomy_schema_v2' },
      source: { text: 'human' },
      timestamp: { text: '2026-07-11T09:00:00.000Z' },
      success: { float: 0 },
      episode_description: { text: 'It slips — zweimal. 🤖' },
      additional_notes: { text: 'Lights were off.\n[1.00–2.00 s] dark' },
      taxonomy: { text: '{"outcome":"failure","failure_category":["grasp","other"],"severity":"medium"}' },
      [REVIEW]: { text: expect.stringContaining('"checkpoint":"ckpt-17"') },
    });
    expect(attributes['episode_annotations/mara/segments']).toEqual({
      schema: { text: 'oopsie_failure_segments_v0' },
      count: { whole: 2 },
    });
    expect(attributes['episode_annotations/mara/segments/000']).toEqual({
      start_timestep: { whole: 40 },
      end_timestep: { whole: 130 },
      start_seconds: { float: 2 },
      end_seconds: { float: 6.5 },
      what_happened: { text: 'The block slides out.' },
      how_to_recover: { text: 'By hand.' },
      failure_categories: { text: '["grasp"]' },
      severity: { text: 'low' },
      resetability: { text: 'immediate' },
      regrasp_id: { text: 'f1' },
      regrasp_code: { text: 'GRASP_SLIP' },
      regrasp_event_timestep: { whole: 90 },
      regrasp_hand_off_timestep: { whole: 100 },
      regrasp_recoveries: { text: expect.stringContaining('"control_mode":"teleoperation"') },
    });
    // A sudden end is a word of segments alone.
    const sudden = { failure_categories: { text: '["sudden_termination"]' } };
    expect(attributes['episode_annotations/mara/segments/001']).toMatchObject(sudden);
    expect(notes).toEqual([expect.stringContaining('verdicts on findings (1)'), expect.stringContaining('"regrasp_"')]);
  });

  it('reads back the same, whatever was said', () => {
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom('', 'a\0b', '\ud800', 'ö🤖\n"', '__proto__'));
    const id = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
    const tick = fc.integer({ min: 0, max: STEPS - 1 });
    const range = fc.tuple(tick, tick).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
    const failure = fc
      .record({
        window: range,
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        code: fc.constantFrom(null, 'GRASP_SLIP', 'TERM_TIMEOUT', 'LAB_UNKNOWN', 'OTHER'),
        severity: fc.constantFrom(null, 'low', 'catastrophic', 'awful'),
        resetability: fc.constantFrom(null, 'hard_reset'),
        whatHappened: text,
        handOff: fc.option(tick),
      })
      .map(({ at, window, ...said }) => ({
        ...said,
        window,
        event: window[0] + Math.round(at * (window[1] - window[0])),
      }));
    const layer = fc
      .record({
        outcome: fc.option(
          fc.record({
            value: fc.constantFrom('success', 'success_side_effect', 'failure', 'not_scored'),
            reason: text,
          }),
        ),
        description: fc.option(fc.record({ text })),
        notes: fc.dictionary(id, fc.oneof(fc.record({ text }), fc.record({ text, ticks: range })), { maxKeys: 3 }),
        properties: fc.dictionary(id, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 3 }),
        failures: fc.dictionary(id, failure, { maxKeys: 5 }),
      })
      .map((said) => {
        const [first] = Object.keys(said.failures);
        const recovery = { failure: first, ticks: [1, 2], controlMode: null, howRecovered: 'x', outcome: null };
        return { ...blank, ...said, recoveries: first === undefined ? {} : { r: recovery } } as Layer;
      });
    fc.assert(
      fc.property(layer, layer, (first, second) => {
        const once = publish(first);
        expect(fromOopsie(once, context)).toEqual(saidOf(first));
        // What is not said any more is gone, and what is the same is not written again.
        const twice = publish(second, once);
        expect(fromOopsie(twice, context)).toEqual(saidOf(second));
        expect(planPublishing(request(second, twice), context).changes).toEqual([]);
        const numbers = Object.keys(twice.children).sort();
        expect(numbers).toEqual(numbers.map((_, at) => String(at).padStart(3, '0')));
      }),
    );
  });

  it('keeps attributes of other tools, their segments, and what the review says nothing of', () => {
    const found: OopsieFound = {
      ...NOBODY,
      group: { source: 'human', success: 1, episode_description: 'Fine.', reviewed_by: 'kim', additional_notes: '' },
      segments: { schema: 'oopsie_failure_segments_v0', count: 1 },
      children: { '000': { start_timestep: 3, end_timestep: 9, severity: 'low', confidence: 0.5 } },
      recorded: { outcome: 'success', categories: [], severity: '' },
    };
    const { outcome, failures } = reviewed;
    const plan = planPublishing(request({ ...blank, outcome, failures } as Layer, found), context);
    expect(plan.notes[0]).toMatch(/says nothing of .*episode_description, additional_notes/);
    const after = written(found, plan);
    expect(after.group).toMatchObject({ reviewed_by: 'kim', episode_description: 'Fine.', success: 0 });
    expect(after.children['000']).toEqual(found.children['000']);
    expect(after.segments).toMatchObject({ count: 3 });
    const { failures: read } = fromOopsie(after, context);
    expect(read).toMatchObject({ f1: slip, f2: estop, 'oopsie-000': { window: [3, 9], severity: 'low', code: null } });
    // Taken over and published, it stays the segment that it is.
    const taken = publish({ ...blank, outcome, failures: read } as Layer, after);
    expect(taken.children['000']).toMatchObject({ confidence: 0.5, regrasp_id: 'oopsie-000', start_timestep: 3 });
    expect(Object.keys(taken.children)).toHaveLength(3);
  });

  it("takes another tool's later word, and keeps the rest of what was said", () => {
    const file = publish(reviewed);
    const later: OopsieFound = {
      ...file,
      group: { ...file.group, episode_description: 'Corrected elsewhere.' },
      recorded: { outcome: 'success_suboptimal', categories: ['grasp'], severity: 'low' },
      children: { '000': { ...file.children['000'], end_timestep: 120, severity: 'medium' } },
    };
    const read = fromOopsie(later, context);
    expect(read.outcome).toEqual({ value: 'success_suboptimal' });
    expect(read.description).toEqual({ text: 'Corrected elsewhere.' });
    expect(read.failures).toEqual({ f1: { ...slip, window: [40, 120], severity: 'medium' } });
    expect(read.recoveries).toEqual(reviewed.recoveries);
    expect(read.properties).toEqual(reviewed.properties);
  });

  it('says an annotation of the first version anew in the words of the second, and not before', () => {
    const found: OopsieFound = {
      ...NOBODY,
      group: {
        schema: 'oopsie_failure_taxonomy_v1',
        success: 1,
        failure_description: 'The tray was pushed.',
        taxonomy:
          '{"success_category": "Success with side-effects", "failure_category": ["Collision failure"], "lab": 7}',
      },
      recorded: { outcome: 'success_side_effect', categories: ['collision'], severity: null },
    };
    expect(planPublishing(request(null, found), context).attributes).toEqual({});
    const { group } = publish({ ...blank, notes: { n: { text: 'late' } } } as Layer, found);
    expect(group).toMatchObject({ success: 1, episode_description: 'The tray was pushed.', additional_notes: 'late' });
    expect(group).not.toHaveProperty('failure_description');
    expect(JSON.parse(String(group?.taxonomy))).toEqual({
      ...{ outcome: 'success_side_effect', failure_category: ['collision'], lab: 7 },
    });
  });

  it.each([
    ['nothing scored', { ...blank, outcome: { value: 'not_scored' } }, /not scored/],
    ['no outcome', { ...blank, notes: { n: { text: 'x' } } }, /no outcome yet/],
    [
      'a mark beyond the end',
      { ...reviewed, failures: { f1: { ...slip, window: [40, STEPS] } } },
      /beyond the recording/,
    ],
  ])('is not published with %s', (_, layer, sentence) => {
    expect(publishFault(request(layer as Layer), context)).toMatch(sentence);
    expect(publishFault(request(reviewed), context)).toBeNull();
  });

  it('is not published over what a model wrote, nor is anything taken from it', () => {
    const found: OopsieFound = { ...NOBODY, group: { source: 'model', success: 0 } };
    expect(publishFault(request(reviewed, found), context)).toMatch(/"mara" in it was written by a model/);
  });

  it.each(['', '  ', '/', 'a/b', '.', '..', 'segments', '(episode-level)', 'a\0b', 'ta\tb', '\ud800', 'x'.repeat(101)])(
    'has no group for a person called %j',
    (name) => expect(annotatorGroup(name)).toEqual({ fault: expect.stringMatching(/choose another name/) }),
  );

  it('has one group for a name, however its letters are put together', () => {
    expect(annotatorGroup(' Zoe\u0308 🤖 ')).toEqual({ name: 'Zo\u00eb 🤖' });
    expect(annotatorGroup('...')).toEqual({ name: '...' });
  });

  it('says whether there is anything to publish', () => {
    expect(saysAnything({ ...blank, verdicts: reviewed.verdicts } as Layer)).toBe(false);
    expect(saysAnything({ ...blank, taskMarks: reviewed.taskMarks } as Layer)).toBe(true);
  });
});
