import { describe, expect, it } from 'vitest';
import { emptyHistory, layerOf } from '../../shared/review/fold.ts';
import { changeSchema, type Layer } from '../../shared/review/review.ts';
import {
  addNote,
  changeNote,
  clearOutcome,
  deleteNote,
  giveReason,
  setOutcome,
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
    ];
    expect(gestures.map((gesture) => gesture.name)).toEqual([
      'Set outcome to not scored',
      'Say why it is not scored',
      'Clear the outcome',
      'Add a note',
      'Change a note',
      'Delete a note',
    ]);
    for (const { patch } of gestures) expect(changeSchema.array().safeParse(patch).success).toBe(true);
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
