import { expect, test } from 'vitest';
import { COMMANDS } from '../../shared/commands/table.ts';
import { type MenuInputs, menuTemplate } from './menu-template.ts';

const inputs: MenuInputs = {
  state: { enabled: ['edit.undo', 'file.openFolder'], checked: [], undoName: null, redoName: null },
  recent: [],
  keys: {},
  isMac: false,
  developerTools: false,
  run: () => {},
};

const items = (more: Partial<MenuInputs> = {}) =>
  menuTemplate({ ...inputs, ...more }).flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
const item = (id: string, more: Partial<MenuInputs> = {}) => items(more).find((candidate) => candidate.id === id);

test('every command that is listed in the menu is in it once', () => {
  const ids = items().flatMap(({ id }) => id ?? []);
  const listed = COMMANDS.filter(({ menu }) => menu).map(({ id }) => id);
  expect(ids.filter((id) => id !== 'open-recent').sort()).toEqual([...listed].sort());
});

test('no menu begins or ends with a separator, or has two in a row', () => {
  for (const { label, submenu } of menuTemplate(inputs)) {
    const types = (Array.isArray(submenu) ? submenu : []).map(({ type }) => type);
    expect([types[0], types.at(-1)], label).not.toContain('separator');
    expect(
      types.some((type, at) => type === 'separator' && types[at + 1] === type),
      label,
    ).toBe(false);
  }
});

test('recent paths stay readable: an ampersand is no mnemonic, and the list is short', () => {
  const recent = Array.from({ length: 30 }, (_, at) => ({ grant: `g${at}`, path: `/data/R&D ${at}` }));
  const submenu = item('open-recent', { recent })?.submenu as { label: string }[];
  expect(submenu).toHaveLength(10);
  expect(submenu[0]?.label).toBe('/data/R&&D 0');
  expect(item('open-recent')).toMatchObject({ enabled: false });
});

test('on a Mac keys without a modifier are not shown, as they would be heard in text fields', () => {
  expect(item('view.overlay')?.accelerator).toBe('P');
  expect(item('view.overlay', { isMac: true })?.accelerator).toBeUndefined();
  expect(item('file.openFolder', { isMac: true })?.accelerator).toBe('CmdOrCtrl+O');
  // What a person chose, none, and what cannot be read, as the window hears it.
  expect(item('view.overlay', { keys: { 'view.overlay': 'Shift+Mod+KeyY' } })?.accelerator).toBe('CmdOrCtrl+Shift+Y');
  expect(item('view.overlay', { keys: { 'view.overlay': '' } })?.accelerator).toBeUndefined();
  expect(item('view.overlay', { keys: { 'view.overlay': 'Hyper+Quux' } })?.accelerator).toBe('P');
  // Another command has its key.
  expect(item('view.overlay', { keys: { 'play.last': 'KeyP' } })?.accelerator).toBeUndefined();
  expect(item('edit.redo')?.enabled).toBe(false);
  expect(item('edit.redo', { isMac: true })?.enabled).toBe(true);
  expect(menuTemplate({ ...inputs, isMac: true })[0]?.role).toBe('appMenu');
});
