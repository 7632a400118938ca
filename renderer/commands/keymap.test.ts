import { describe, expect, it } from 'vitest';
import { COMMANDS, type Command } from '../../shared/commands/table.ts';
import { buildKeymap, canonicalChord, chordLabel, chordOf, findConflicts } from './keymap.ts';

const command = (id: string, keys: string[], scope: Command['scope'] = 'global'): Command => ({
  id,
  title: id,
  group: 'View',
  keys,
  scope,
});
const press = (code: string, more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('the table', () => {
  it('has no conflicts, unknown chords or repeated ids', () => {
    expect(findConflicts(COMMANDS, {})).toEqual([]);
    for (const entry of COMMANDS) for (const key of entry.keys) expect(canonicalChord(key), key).toBe(key);
    expect(new Set(COMMANDS.map((entry) => entry.id)).size).toBe(COMMANDS.length);
  });
});

describe('chords', () => {
  it('are canonical whatever order the modifiers were written in', () => {
    expect(canonicalChord('Shift+Mod+KeyZ')).toBe('Mod+Shift+KeyZ');
    expect(canonicalChord('Shift+Shift+KeyZ')).toBeUndefined();
    expect(canonicalChord('Hyper+KeyZ')).toBeUndefined();
    expect(canonicalChord('Shift')).toBeUndefined();
    expect(canonicalChord('')).toBeUndefined();
  });

  it('come from physical codes, Mod being Ctrl or Cmd', () => {
    expect(chordOf(press('KeyK', { ctrlKey: true }), false)).toBe('Mod+KeyK');
    expect(chordOf(press('KeyK', { metaKey: true }), true)).toBe('Mod+KeyK');
    expect(chordOf(press('KeyK', { ctrlKey: true }), true)).toBe('Ctrl+KeyK');
    expect(chordOf(press('KeyK', { metaKey: true }), false)).toBe('Meta+KeyK');
    expect(chordOf(press('ShiftLeft', { shiftKey: true }), false)).toBeUndefined();
    expect(chordOf(press(''), false)).toBeUndefined();
  });

  it('read as people write them, with the letter of their keyboard', () => {
    expect(chordLabel('Mod+Shift+KeyZ', false)).toBe('Ctrl+Shift+Z');
    expect(chordLabel('Mod+Shift+KeyZ', true)).toBe('⌘⇧Z');
    expect(chordLabel('KeyZ', false, new Map([['KeyZ', 'y']]))).toBe('Y');
    expect(chordLabel('Shift+Slash', false)).toBe('?');
    expect(chordLabel('Alt+ArrowLeft', false)).toBe('Alt+←');
    expect(chordLabel('Digit0', false)).toBe('0');
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

  it('survives settings of another version: unknown ids and unreadable chords', () => {
    const keymap = buildKeymap(commands, { gone: 'KeyA', a: 'Hyper+Quux!' });
    expect(keymap.commandFor('KeyA', null)?.id).toBe('a');
  });
});
