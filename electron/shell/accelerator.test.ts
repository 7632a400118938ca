import { expect, test } from 'vitest';
import { COMMANDS } from '../../shared/commands/table.ts';
import { acceleratorOf } from './accelerator.ts';

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
