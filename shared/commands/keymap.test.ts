import { describe, expect, it } from 'vitest';
import { canonicalChord } from './chord.ts';
import { buildKeymap, findConflicts } from './keymap.ts';
import { COMMANDS, type Command } from './table.ts';

const command = (id: string, keys: string[], scope: Command['scope'] = 'global'): Command => ({
  id,
  title: id,
  group: 'View',
  keys,
  scope,
});
describe('the table', () => {
  it('has no conflicts, unknown chords or repeated ids', () => {
    expect(findConflicts(COMMANDS, {})).toEqual([]);
    for (const entry of COMMANDS) for (const key of entry.keys) expect(canonicalChord(key), key).toBe(key);
    expect(new Set(COMMANDS.map((entry) => entry.id)).size).toBe(COMMANDS.length);
  });
});

describe('buildKeymap', () => {
  const commands = [
    command('a', ['KeyA']),
    command('b', ['KeyB', 'Mod+KeyB']),
    command('row', ['KeyA'], 'library'),
    command('c', []),
  ];

  it("prefers the focused area's own command and falls back to the global one", () => {
    const keymap = buildKeymap(commands, {});
    expect(keymap.commandFor('KeyA', 'library')?.id).toBe('row');
    expect(keymap.commandFor('KeyA', 'timeline')?.id).toBe('a');
    expect(keymap.commandFor('KeyA', null)?.id).toBe('a');
    expect(keymap.commandFor('KeyB', 'library')?.id).toBe('b');
  });

  it('replaces all keys of a remapped command, and "" leaves none', () => {
    const keymap = buildKeymap(commands, { b: 'KeyX', a: '' });
    expect(keymap.commandFor('KeyB', null)).toBeUndefined();
    expect(keymap.commandFor('KeyX', null)?.id).toBe('b');
    expect(keymap.chordsOf('a')).toEqual([]);
    expect(keymap.commandFor('KeyA', null)).toBeUndefined();
  });

  it("lets a person's choice beat a default, and shows the loser without that key", () => {
    const keymap = buildKeymap(commands, { c: 'KeyA' });
    expect(keymap.commandFor('KeyA', null)?.id).toBe('c');
    expect(keymap.chordsOf('a')).toEqual([]);
    expect(findConflicts(commands, { c: 'KeyA' })).toEqual([{ chord: 'KeyA', scope: 'global', ids: ['a', 'c'] }]);
  });

  it('gives a key that was chosen for two to the one it was chosen for last', () => {
    expect(buildKeymap(commands, { b: 'KeyX', c: 'KeyX' }).commandFor('KeyX', null)?.id).toBe('c');
    const keymap = buildKeymap(commands, { c: 'KeyX', b: 'KeyX' });
    expect(keymap.commandFor('KeyX', null)?.id).toBe('b');
    expect(keymap.chordsOf('c')).toEqual([]);
  });

  it('survives settings of another version: unknown ids and unreadable chords', () => {
    const keymap = buildKeymap(commands, { gone: 'KeyA', a: 'Hyper+Quux!' });
    expect(keymap.commandFor('KeyA', null)?.id).toBe('a');
  });
});
