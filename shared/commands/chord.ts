import type { Command } from './table.ts';

/**
 * Chords: how a key is written down, once for the key map, the menu and what a person reads. Pure.
 * A chord is physical ("Mod+Shift+KeyZ"): the same place on every keyboard, whatever letter is printed there. Modifiers stand
 * before one KeyboardEvent.code; Mod is Ctrl, on a Mac Cmd.
 */
const MODIFIERS = ['Mod', 'Ctrl', 'Meta', 'Alt', 'Shift'] as const;
type Modifier = (typeof MODIFIERS)[number];
const CODE = /^[A-Z][A-Za-z0-9]*$/;

export interface Chord {
  /** In one order, each once. */
  modifiers: readonly Modifier[];
  code: string;
}

/** Undefined when the text is no chord. The modifiers may be written in any order. */
export function parseChord(text: string): Chord | undefined {
  const parts = text.split('+');
  const code = parts.pop() ?? '';
  if (!CODE.test(code) || MODIFIERS.some((modifier) => modifier === code)) return undefined;
  if (new Set(parts).size !== parts.length) return undefined;
  if (!parts.every((part) => MODIFIERS.some((modifier) => modifier === part))) return undefined;
  return { modifiers: MODIFIERS.filter((modifier) => parts.includes(modifier)), code };
}

/** The one way a chord is written; undefined when the text is none. */
export function canonicalChord(text: string): string | undefined {
  const chord = parseChord(text);
  return chord && [...chord.modifiers, chord.code].join('+');
}

/** Chords a command would have by itself: the person's choice, "" for none, else (and where it cannot be read) the table's. */
export function wantedChords(command: Command, remaps: Readonly<Record<string, string>>): string[] {
  const chosen = remaps[command.id];
  if (chosen === '') return [];
  const own = chosen === undefined ? undefined : canonicalChord(chosen);
  if (own !== undefined) return [own];
  return command.keys.flatMap((key) => canonicalChord(key) ?? []);
}

export interface KeyLike {
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** The chord of a key press; undefined while only modifiers are down. */
export function chordOf(event: KeyLike, isMac: boolean): string | undefined {
  if (/^(Control|Shift|Alt|Meta|OS)(Left|Right)?$|^CapsLock$|^Fn$|^$/.test(event.code)) return undefined;
  const modifiers: string[] = [];
  if (isMac ? event.metaKey : event.ctrlKey) modifiers.push('Mod');
  if (isMac && event.ctrlKey) modifiers.push('Ctrl');
  if (!isMac && event.metaKey) modifiers.push('Meta');
  if (event.altKey) modifiers.push('Alt');
  if (event.shiftKey) modifiers.push('Shift');
  return canonicalChord([...modifiers, event.code].join('+'));
}

/** What is printed on keys that are no letter or digit, on the keyboard the codes are named after. */
const PRINTED: Readonly<Record<string, string>> = {
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
  Escape: 'Esc',
};

const READ: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page up',
  PageDown: 'Page down',
  Delete: 'Del',
};

/**
 * What a person reads: "Ctrl+Shift+Z". `layout` gives the letter this keyboard prints on a physical key, where the
 * browser tells (so that KeyZ reads "Y" on a German keyboard). A text that is no chord is answered as it is.
 */
export function chordLabel(text: string, isMac: boolean, layout?: ReadonlyMap<string, string>): string {
  const chord = parseChord(text);
  if (!chord) return text;
  const { modifiers, code } = chord;
  const printed = layout?.get(code);
  const key =
    printed && printed.trim() !== ''
      ? printed.toUpperCase()
      : (letterOrDigit(code) ?? PRINTED[code] ?? READ[code] ?? code.replace(/^Numpad/, 'Num '));
  if (modifiers.includes('Shift') && modifiers.length === 1 && code === 'Slash' && key === '/') return '?';
  const names = isMac
    ? { Mod: '⌘', Ctrl: '⌃', Meta: '⌘', Alt: '⌥', Shift: '⇧' }
    : { Mod: 'Ctrl', Ctrl: 'Ctrl', Meta: 'Meta', Alt: 'Alt', Shift: 'Shift' };
  return [...modifiers.map((modifier) => names[modifier]), key].join(isMac ? '' : '+');
}

const ELECTRON: Readonly<Record<string, string>> = {
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
};
const SAME_IN_ELECTRON = /^(?:F\d{1,2}|PageUp|PageDown|Home|End|Space|Tab|Enter|Backspace|Delete|Insert)$/;

/**
 * What Electron's menus call it: "CmdOrCtrl+Shift+O". Undefined for a key that has no name there, and for what is no chord:
 * the menu then shows none rather than a wrong one.
 */
export function acceleratorOf(text: string): string | undefined {
  const chord = parseChord(text);
  if (!chord) return undefined;
  const { modifiers, code } = chord;
  const key =
    letterOrDigit(code) ?? PRINTED[code] ?? ELECTRON[code] ?? (SAME_IN_ELECTRON.test(code) ? code : undefined);
  if (key === undefined) return undefined;
  return [...modifiers.map((modifier) => (modifier === 'Mod' ? 'CmdOrCtrl' : modifier)), key].join('+');
}

function letterOrDigit(code: string): string | undefined {
  return /^(?:Key([A-Z])|Digit(\d))$/
    .exec(code)
    ?.slice(1)
    .find((part) => part !== undefined);
}
