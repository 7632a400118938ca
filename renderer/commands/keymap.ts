import type { Command, CommandScope } from '../../shared/commands/table.ts';

/**
 * Which key runs which command: the table, changed by what a person chose. Pure.
 * A chord is physical ("Mod+Shift+KeyZ"): the same place on every keyboard, whatever letter is printed there.
 * Stored choices survive other versions: ids that are not known here are ignored but kept, a chord that cannot be read
 * falls back to the table, and a person's choice beats a default of another command on the same chord.
 */
const MODIFIERS = ['Mod', 'Ctrl', 'Meta', 'Alt', 'Shift'] as const;
const CODE = /^[A-Z][A-Za-z0-9]*$/;

export interface KeyConflict {
  chord: string;
  scope: CommandScope;
  /** Two or more command ids, in table order. */
  ids: string[];
}

export interface Keymap {
  /** The command a chord means with the focus in `scope`: that area's own first, else the global one. */
  commandFor(chord: string, scope: CommandScope | null): Command | undefined;
  /** Chords of a command that really reach it, in canonical form. */
  chordsOf(id: string): readonly string[];
}

/** Modifiers in one order; undefined when the text is no chord. */
export function canonicalChord(text: string): string | undefined {
  const parts = text.split('+');
  const code = parts.pop() ?? '';
  if (!CODE.test(code) || MODIFIERS.some((modifier) => modifier === code)) return undefined;
  if (new Set(parts).size !== parts.length) return undefined;
  if (!parts.every((part) => MODIFIERS.some((modifier) => modifier === part))) return undefined;
  return [...MODIFIERS.filter((modifier) => parts.includes(modifier)), code].join('+');
}

/** Chords a command would have by itself: the person's choice, else the table's. "" means none. */
export function wantedChords(command: Command, remaps: Readonly<Record<string, string>>): string[] {
  const chosen = remaps[command.id];
  if (chosen === '') return [];
  const own = chosen === undefined ? undefined : canonicalChord(chosen);
  if (own !== undefined) return [own];
  return command.keys.flatMap((key) => canonicalChord(key) ?? []);
}

/** Commands that want the same chord where they can both be heard. An area's own command beside a global one is no conflict. */
export function findConflicts(commands: readonly Command[], remaps: Readonly<Record<string, string>>): KeyConflict[] {
  const wanted = new Map<string, KeyConflict>();
  for (const command of commands) {
    for (const chord of wantedChords(command, remaps)) {
      const place = `${command.scope} ${chord}`;
      const conflict = wanted.get(place) ?? { chord, scope: command.scope, ids: [] };
      conflict.ids.push(command.id);
      wanted.set(place, conflict);
    }
  }
  return [...wanted.values()].filter((conflict) => conflict.ids.length > 1);
}

export function buildKeymap(commands: readonly Command[], remaps: Readonly<Record<string, string>>): Keymap {
  const heard = new Map<string, Command>();
  const isChosen = (command: Command) => canonicalChord(remaps[command.id] ?? '') !== undefined;
  for (const command of [...commands.filter(isChosen), ...commands.filter((candidate) => !isChosen(candidate))]) {
    for (const chord of wantedChords(command, remaps)) {
      const place = `${command.scope} ${chord}`;
      if (!heard.has(place)) heard.set(place, command);
    }
  }
  const chords = new Map<string, string[]>();
  for (const command of commands) {
    const reaching = wantedChords(command, remaps).filter(
      (chord) => heard.get(`${command.scope} ${chord}`) === command,
    );
    chords.set(command.id, reaching);
  }
  return {
    commandFor: (chord, scope) => (scope ? heard.get(`${scope} ${chord}`) : undefined) ?? heard.get(`global ${chord}`),
    chordsOf: (id) => chords.get(id) ?? [],
  };
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

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  BracketLeft: '[',
  BracketRight: ']',
  Minus: '-',
  Equal: '=',
  Backquote: '`',
  Escape: 'Esc',
  PageUp: 'Page up',
  PageDown: 'Page down',
  Delete: 'Del',
};

/**
 * What a person reads: "Ctrl+Shift+Z". `layout` gives the letter this keyboard prints on a physical key, where the
 * browser tells (so that KeyZ reads "Y" on a German keyboard).
 */
export function chordLabel(chord: string, isMac: boolean, layout?: ReadonlyMap<string, string>): string {
  const parts = chord.split('+');
  const code = parts.pop() ?? '';
  const printed = layout?.get(code);
  const key =
    printed && printed.trim() !== ''
      ? printed.toUpperCase()
      : (NAMES[code] ?? code.replace(/^(Key|Digit)(?=.$)/, '').replace(/^Numpad/, 'Num '));
  if (parts.includes('Shift') && parts.length === 1 && code === 'Slash' && key === '/') return '?';
  const names = isMac
    ? { Mod: '⌘', Ctrl: '⌃', Meta: '⌘', Alt: '⌥', Shift: '⇧' }
    : { Mod: 'Ctrl', Ctrl: 'Ctrl', Meta: 'Meta', Alt: 'Alt', Shift: 'Shift' };
  return [...parts.map((part) => names[part as keyof typeof names]), key].join(isMac ? '' : '+');
}
