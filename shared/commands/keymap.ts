import { canonicalChord, wantedChords } from './chord.ts';
import type { Command, CommandScope } from './table.ts';

/**
 * Which key runs which command: the table, changed by what a person chose. Pure.
 * Stored choices survive other versions: ids that are not known here are ignored but kept, a chord that cannot be read
 * falls back to the table, and a person's choice beats a default of another command on the same chord, and their choice
 * before.
 */
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
  // What was chosen last stands last in the settings.
  const choices = Object.keys(remaps);
  const chosen = commands.filter(isChosen).sort((a, b) => choices.indexOf(b.id) - choices.indexOf(a.id));
  for (const command of [...chosen, ...commands.filter((candidate) => !isChosen(candidate))]) {
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
