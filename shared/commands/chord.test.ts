import { describe, expect, it, test } from 'vitest';
import { acceleratorOf, canonicalChord, chordLabel, chordOf, parseChord } from './chord.ts';
import { COMMANDS } from './table.ts';

const press = (code: string, more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('chords', () => {
  it('are canonical whatever order the modifiers were written in', () => {
    expect(canonicalChord('Shift+Mod+KeyZ')).toBe('Mod+Shift+KeyZ');
    expect(canonicalChord('Shift+Shift+KeyZ')).toBeUndefined();
    expect(canonicalChord('Hyper+KeyZ')).toBeUndefined();
    expect(canonicalChord('Shift')).toBeUndefined();
    expect(canonicalChord('')).toBeUndefined();
    expect(parseChord('Shift+Mod+KeyZ')).toEqual({ modifiers: ['Mod', 'Shift'], code: 'KeyZ' });
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
    expect(chordLabel('Numpad4', false)).toBe('Num 4');
    expect(chordLabel('no chord', false)).toBe('no chord');
  });
});

describe('in Electron’s words', () => {
  test.each([
    ['Mod+KeyO', 'CmdOrCtrl+O'],
    ['Mod+Shift+KeyZ', 'CmdOrCtrl+Shift+Z'],
    ['Mod+Comma', 'CmdOrCtrl+,'],
    ['Shift+Slash', 'Shift+/'],
    ['Digit0', '0'],
    ['PageDown', 'PageDown'],
    ['Alt+ArrowLeft', 'Alt+Left'],
    ['F11', 'F11'],
  ])('%s is shown as %s', (chord, accelerator) => {
    expect(acceleratorOf(chord)).toBe(accelerator);
  });

  test.each(['', 'Hyper+KeyA', 'IntlRo', 'keyA', 'KeyAA'])('"%s" is shown as no key', (chord) => {
    expect(acceleratorOf(chord)).toBeUndefined();
  });

  test('every chord of the command table has a name', () => {
    const chords = COMMANDS.flatMap(({ keys }) => keys);
    expect(chords.length).toBeGreaterThan(30);
    expect(chords.filter((chord) => acceleratorOf(chord) === undefined)).toEqual([]);
  });
});
