import { describe, expect, it } from 'vitest';
import { blankEpisode, type Episode } from '../episode/episode.ts';
import { entryWithoutJudgements, withoutJudgements } from './blind.ts';

const at = { startNs: 0, endNs: 1e9, text: '' };
const annotation = (annotator: string, outcome: string) => ({
  ...{ annotator, source: 'human', at: null, success: null, outcome, categories: ['grasp'], severity: 'low' },
  ...{ description: `${annotator} saw it.`, notes: '', taxonomy: '', unknown: [] },
});
const plain: Episode = {
  ...blankEpisode(),
  ...{ id: 'r/a', root: 'r', path: 'a', format: 'x', name: 'a', task: '', date: '', sizeBytes: 0, modifiedMs: 0 },
  ...{ masterClock: 'm', clocks: [], metadata: { lab: 'B', robot: { arms: 2 } }, properties: { operator: 'lee' } },
  marks: [
    { id: '1', kind: 'task', name: 'lift', by: 'recorder', ...at },
    { id: '2', kind: 'overrun', name: 'Loop overrun', by: 'loop timing', ...at },
  ],
};
const judged: Episode = {
  ...plain,
  outcome: 'failure',
  annotations: [annotation('mara', 'failure'), annotation('me', 'success')],
  metadata: { ...plain.metadata, success: false, robot: { arms: 2, episode_annotations: { mara: 'slips' } } },
  properties: { ...plain.properties, failure_category: 'grasp', severity: 'low', annotators: 2, is_success: 0 },
  marks: [
    ...plain.marks,
    { id: '3', kind: 'failure', name: 'slips', by: 'monitor', ...at },
    { id: '4', kind: 'other', name: 'look here', by: 'mara', ...at },
    { id: '5', kind: 'failure', name: 'mine', by: 'me', ...at },
  ],
  problems: [
    { severity: 'warning', code: 'gap', message: 'There is a gap.' },
    { severity: 'warning', code: 'segment', message: 'Segment 0 of mara.', isJudgement: true },
    { severity: 'warning', code: 'segment', message: 'Segment 1 of mara.', isJudgement: true },
  ],
};

describe('a blind project', () => {
  it('is told nothing that others wrote into a recording of how it went, and all else', () => {
    const shown = withoutJudgements(judged, 'me');
    expect(JSON.stringify(shown)).not.toMatch(/mara|slips|"failure_category"|is_success/);
    expect(shown).toMatchObject({
      ...{ outcome: 'success', annotations: [{ annotator: 'me' }], keepsBack: true },
      ...{ metadata: { lab: 'B', robot: { arms: 2 } }, properties: { operator: 'lee' } },
    });
    expect(shown.marks.map(({ id }) => id)).toEqual(['1', '2', '5']);
    expect(shown.problems.map(({ code }) => code)).toEqual(['gap', 'kept-back']);
  });

  it('is shown a recording that judges nothing as it is', () => {
    expect(withoutJudgements(plain, 'me')).toBe(plain);
    expect(entryWithoutJudgements(plain)).toBe(plain);
  });

  it('is told no outcome in the list, not even its own', () => {
    expect(entryWithoutJudgements(judged)).toMatchObject({ outcome: null, properties: { operator: 'lee' } });
  });
});
