import type { MenuItemConstructorOptions } from 'electron';
import type { MenuState } from '../../shared/api/bridge.ts';
import { acceleratorOf } from '../../shared/commands/chord.ts';
import { buildKeymap, type Keymap } from '../../shared/commands/keymap.ts';
import { COMMANDS, type Command, type CommandGroup } from '../../shared/commands/table.ts';

export interface MenuInputs {
  /** What the window says is possible now; null until it has. */
  state: MenuState | null;
  /** Opened last first. */
  recent: readonly { grant: string; path: string }[];
  /** Chords a person changed, by command id; "" = none. */
  keys: Readonly<Record<string, string>>;
  isMac: boolean;
  developerTools: boolean;
  run(id: string, argument?: string): void;
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };
/** Commands that begin a new section of their menu. */
const BEGINS_SECTION = new Set([
  'file.sample',
  'file.export',
  'file.close',
  'edit.copyAddress',
  'edit.settings',
  'view.theme',
  'view.overlay',
  'view.maximizePane',
  'view.performance',
  'view.nextEpisode',
  'review.note',
  'help.about',
]);
const RECENT_SHOWN = 10;

/** File / Edit / View / Review / Help from the command table, with the roles the system does by itself. */
export function menuTemplate(inputs: MenuInputs): MenuItemConstructorOptions[] {
  const keymap = buildKeymap(COMMANDS, inputs.keys);
  const group = (name: CommandGroup): MenuItemConstructorOptions[] =>
    COMMANDS.filter((command) => command.group === name && command.menu).flatMap((command) => [
      ...(BEGINS_SECTION.has(command.id) ? [SEPARATOR] : []),
      commandItem(command, inputs, keymap),
    ]);
  const file = group('File');
  const afterOpen = file.findIndex((item) => item.type === 'separator');
  file.splice(afterOpen === -1 ? file.length : afterOpen, 0, recentMenu(inputs));
  const edit = group('Edit');
  const afterRedo = edit.findIndex((item) => item.type === 'separator');
  edit.splice(afterRedo === -1 ? edit.length : afterRedo, 0, SEPARATOR, ...CLIPBOARD_ROLES);
  return [
    ...(inputs.isMac ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [...file, SEPARATOR, { role: inputs.isMac ? 'close' : 'quit' }] },
    { label: 'Edit', submenu: edit },
    { label: 'View', submenu: [...group('View'), SEPARATOR, { role: 'togglefullscreen' }, ...developerItems(inputs)] },
    { label: 'Review', submenu: group('Review') },
    ...(inputs.isMac ? [{ role: 'windowMenu' } as const] : []),
    { label: 'Help', role: 'help', submenu: group('Help') },
  ];
}

const CLIPBOARD_ROLES: MenuItemConstructorOptions[] = [
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
];

function developerItems({ developerTools }: MenuInputs): MenuItemConstructorOptions[] {
  return developerTools ? [SEPARATOR, { role: 'reload' }, { role: 'toggleDevTools' }] : [];
}

/**
 * The keys are heard by the window, which knows text fields, dialogs and the focus; the menu only shows them. On a Mac an
 * accelerator cannot be shown without being heard: there only chords with a modifier are, and the window has the first word.
 */
function commandItem(command: Command, inputs: MenuInputs, keymap: Keymap): MenuItemConstructorOptions {
  const [chord] = keymap.chordsOf(command.id);
  const accelerator = chord && (!inputs.isMac || chord.includes('+')) ? acceleratorOf(chord) : undefined;
  return {
    id: command.id,
    label: labelOf(command, inputs.state).replaceAll('&', '&&'),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    ...(command.toggle
      ? { type: 'checkbox' as const, checked: inputs.state?.checked.includes(command.id) ?? false }
      : {}),
    enabled: isEnabled(command.id, inputs),
    click: () => inputs.run(command.id),
  };
}

/** On a Mac, Cmd+Z in a text field works only while the menu's item is enabled. */
function isEnabled(id: string, { state, isMac }: MenuInputs): boolean {
  if (isMac && (id === 'edit.undo' || id === 'edit.redo')) return true;
  return state?.enabled.includes(id) ?? false;
}

function labelOf(command: Command, state: MenuState | null): string {
  const name = command.id === 'edit.undo' ? state?.undoName : command.id === 'edit.redo' ? state?.redoName : null;
  return name ? `${command.title} ${name}` : command.title;
}

function recentMenu({ recent, run }: MenuInputs): MenuItemConstructorOptions {
  return {
    id: 'open-recent',
    label: 'Open recent',
    enabled: recent.length > 0,
    submenu: recent.slice(0, RECENT_SHOWN).map(({ grant, path }) => ({
      id: `open-recent:${grant}`,
      label: path.replaceAll('&', '&&'),
      click: () => run('open-grant', grant),
    })),
  };
}
