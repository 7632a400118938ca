import { describe, expect, it } from 'vitest';
import { emptyHistory, layerOf } from '../../shared/review/fold.ts';
import { changeSchema, type Layer } from '../../shared/review/review.ts';
import {
  addNote,
  changeNote,
  clearOutcome,
  copyLast,
  deleteNote,
  describe as describeEpisode,
  giveReason,
  setOutcome,
  setProperty,
  sortedNotes,
  withGestures,
} from './gestures.ts';

const empty = layerOf(emptyHistory('ada'));

describe('gestures of a review', () => {
  it('name themselves for the undo menu and pass the contract', () => {
    const gestures = [
      setOutcome('not_scored'),
      giveReason('Camera fell'),
      clearOutcome(),
      addNote('n', { text: 'a', ticks: [1, 2] }),
      changeNote('n', { text: 'b' }),
      deleteNote('n'),
      describeEpisode(' It slipped. '),
      describeEpisode('  '),
      setProperty('site', 'B'),
      setProperty('gloves', true),
      setProperty('site', null),
    ];
    expect(gestures.map((gesture) => gesture.name)).toEqual([
      'Set outcome to not scored',
      'Say why it is not scored',
      'Clear the outcome',
      'Add a note',
      'Change a note',
      'Delete a note',
      'Describe what happened',
      'Remove the description',
      'Set site to B',
      'Set gloves to yes',
      'Remove site',
    ]);
    for (const { patch } of gestures) expect(changeSchema.array().safeParse(patch).success).toBe(true);
  });

  it('say of this recording what was said of the last: these parts, in one step', () => {
    const last = {
      ...{ recording: 'f', at: '2026-01-02', outcome: { value: 'failure' as const }, description: { text: 'Fell.' } },
      properties: { site: 'B', scene: 'table' },
    };
    const before = withGestures(empty, [setProperty('scene', 'bench'), setProperty('lamp', 2)]);
    const all = withGestures(before, [copyLast(last, ['outcome', 'description', 'properties'])]);
    expect(all).toMatchObject({ outcome: { value: 'failure' }, description: { text: 'Fell.' } });
    expect(all.properties).toEqual({ site: 'B', scene: 'table', lamp: 2 });
    expect(withGestures(before, [copyLast(last, ['properties'])])).toMatchObject({ outcome: null, description: null });
    expect(copyLast({ ...last, outcome: null }, ['outcome']).patch).toEqual([]);
  });

  it('show at once what they will do', () => {
    const layer = withGestures(empty, [setOutcome('failure'), addNote('n', { text: 'slipped', ticks: [5, 5] })]);
    expect(layer.outcome).toEqual({ value: 'failure' });
    expect(layer.notes).toEqual({ n: { text: 'slipped', ticks: [5, 5] } });
    const later = withGestures(layer, [giveReason('  hand in view '), deleteNote('n')]);
    expect(later.outcome).toEqual({ value: 'not_scored', reason: 'hand in view' });
    expect(later.notes).toEqual({});
    expect(withGestures(later, [clearOutcome()]).outcome).toBeNull();
    expect(layer.notes).toHaveProperty('n');
  });

  it('leave out an empty reason', () => {
    expect(setOutcome('not_scored', '   ').patch[0]?.value).toEqual({ value: 'not_scored' });
  });

  it('list notes of the whole episode before those at moments', () => {
    const notes = {
      c: { text: '', ticks: [9, 9] },
      a: { text: '' },
      b: { text: '', ticks: [2, 30] },
    } as Layer['notes'];
    expect(sortedNotes(notes).map(([id]) => id)).toEqual(['a', 'b', 'c']);
  });
});
