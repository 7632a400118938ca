const NAMED: Record<string, string> = {
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  BracketLeft: '[',
  BracketRight: ']',
  Backquote: '`',
  Minus: '-',
  Equal: '=',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
};
const KEPT = /^(?:F\d{1,2}|PageUp|PageDown|Home|End|Space|Tab|Enter|Backspace|Delete|Insert)$/;
const MODIFIERS: Record<string, string> = { Mod: 'CmdOrCtrl', Ctrl: 'Ctrl', Shift: 'Shift', Alt: 'Alt', Meta: 'Meta' };

/**
 * A chord of the command table ("Mod+Shift+KeyO") in Electron's words ("CmdOrCtrl+Shift+O"). Undefined for a key that has
 * no name there: the menu then shows none rather than a wrong one.
 */
export function acceleratorOf(chord: string): string | undefined {
  const parts = chord.split('+');
  const key = keyName(parts.pop() ?? '');
  const modifiers = parts.map((part) => MODIFIERS[part]);
  if (key === undefined || modifiers.includes(undefined)) return undefined;
  return [...modifiers, key].join('+');
}

function keyName(code: string): string | undefined {
  if (/^Key[A-Z]$/.test(code)) return code.slice(3);
  if (/^Digit\d$/.test(code)) return code.slice(5);
  if (KEPT.test(code)) return code;
  return NAMED[code];
}
