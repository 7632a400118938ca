import { describe, expect, it } from 'vitest';
import { aboutWhat, draftAt, readDraft, writeDraft } from './note-draft.ts';

describe('a note being written', () => {
  const draft = { id: null, text: 'gel slipped', ticks: [3, 9] as const, atTick: 3 };

  it('comes back as it was', () => {
    expect(readDraft(writeDraft(draft))).toEqual(draft);
  });

  it('leaves nothing behind when it is empty, and nothing is made of what is no draft', () => {
    expect(writeDraft({ ...draft, text: '  ' })).toBe('');
    expect(writeDraft(null)).toBe('');
    expect([readDraft(''), readDraft('{'), readDraft('{"text":3}')]).toEqual([null, null, null]);
  });

  it('is about the selection only while the playhead is in it', () => {
    expect(draftAt(400, [394, 404])).toEqual({ id: null, text: '', ticks: [394, 404], atTick: 400 });
    for (const edge of [394, 404]) expect(draftAt(edge, [394, 404]).ticks).toEqual([394, 404]);
    for (const outside of [393, 405, 460]) expect(draftAt(outside, [394, 404]).ticks).toEqual([outside, outside]);
    expect(draftAt(7, null).ticks).toEqual([7, 7]);
  });

  it('says what it is about', () => {
    expect([aboutWhat([4, 4]), aboutWhat([4, 9]), aboutWhat(null)]).toEqual([
      'tick 4',
      'ticks 4 to 9',
      'whole episode',
    ]);
  });
});
