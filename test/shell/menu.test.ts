import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Desktop } from '../electron-double/launch.ts';
import type { MenuEntry } from '../electron-double/messages.ts';
import { noChromium } from '../support/chromium.ts';
import { callFromPage, commandsOf, ShellStage, setMenuState } from './shell-stage.ts';

describe.skipIf(noChromium !== undefined)('the application menu', () => {
  let stage: ShellStage;
  beforeAll(async () => {
    stage = await ShellStage.make();
  });
  afterAll(() => stage?.remove());

  const entry = async (desktop: Desktop, id: string): Promise<MenuEntry | undefined> =>
    flat(await desktop.menu()).find((candidate) => candidate.id === id);

  describe('of one window of a checkout', () => {
    let desktop: Desktop;
    let page: Page;
    beforeAll(async () => {
      desktop = await stage.launch();
      page = await desktop.page();
    });
    afterAll(() => stage.closeDesktops());

    it('has the five menus, with nothing to do until the window says so', async () => {
      const menu = await desktop.menu();
      expect(menu.map(({ label }) => label)).toEqual(['File', 'Edit', 'View', 'Review', 'Help']);
      const commands = flat(menu).filter(({ id }) => id !== null && /^(file|edit|view|review|help)\./.test(id));
      expect(commands.length).toBeGreaterThan(25);
      expect(commands.filter(({ enabled }) => enabled)).toEqual([]);
      await expect(desktop.click('file.openFolder')).rejects.toThrow('disabled');
    });

    it('sends what is clicked to the window as a command', async () => {
      await setMenuState(page, { enabled: ['help.keys', 'review.success'] });
      await expect.poll(async () => (await entry(desktop, 'help.keys'))?.enabled).toBe(true);
      await desktop.click('help.keys');
      await desktop.click('review.success');
      await expect.poll(() => commandsOf(page)).toEqual([{ id: 'help.keys' }, { id: 'review.success' }]);
    });

    it('names what undo takes back and shows what is on', async () => {
      await setMenuState(page, { enabled: ['edit.undo'], undoName: 'Move failure start', checked: ['view.library'] });
      await expect.poll(async () => (await entry(desktop, 'edit.undo'))?.label).toBe('Undo Move failure start');
      expect(await entry(desktop, 'edit.redo')).toMatchObject({ label: 'Redo', enabled: false });
      expect(await entry(desktop, 'view.library')).toMatchObject({ type: 'checkbox', checked: true });
      await setMenuState(page, { enabled: ['edit.redo'], redoName: 'Outcome: failure' });
      await expect.poll(async () => (await entry(desktop, 'edit.redo'))?.label).toBe('Redo Outcome: failure');
      expect(await entry(desktop, 'edit.undo')).toMatchObject({ label: 'Undo', enabled: false });
      expect(await entry(desktop, 'view.library')).toMatchObject({ checked: false });
    });

    it('shows keys without hearing them, and follows a person’s own', async () => {
      const undo = { accelerator: 'CmdOrCtrl+Z', registerAccelerator: false };
      expect(await entry(desktop, 'edit.undo')).toMatchObject(undo);
      await callFromPage(page, 'settings/patchUser', { keys: { 'view.palette': 'Mod+Shift+Slash', 'edit.undo': '' } });
      await expect.poll(async () => (await entry(desktop, 'view.palette'))?.accelerator).toBe('CmdOrCtrl+Shift+/');
      expect((await entry(desktop, 'edit.undo'))?.accelerator).toBeNull();
      const roles = flat(await desktop.menu()).flatMap(({ role }) => role ?? []);
      expect(roles).toEqual(expect.arrayContaining(['cut', 'copy', 'paste', 'selectAll', 'quit', 'togglefullscreen']));
    });

    it('has developer tools', async () => {
      expect(flat(await desktop.menu()).some(({ role }) => role === 'toggleDevTools')).toBe(true);
      expect(desktop.windowOptions[0]?.webPreferences).toMatchObject({ devTools: true });
    });
  });

  describe('of windows started anew', () => {
    afterEach(() => stage.closeDesktops());

    it('opens recent datasets by their grants, also after a restart', async () => {
      const { dataset } = stage.fixture;
      const before = await stage.launch({ words: [dataset] });
      await expect
        .poll(async () => (await entry(before, 'open-recent'))?.entries.map(({ label }) => label))
        .toEqual([dataset]);
      await before.close();
      const after = await stage.launch();
      const recent = (await entry(after, 'open-recent'))?.entries[0];
      expect(recent?.label).toBe(dataset);
      await after.click(recent?.id ?? '');
      const page = await after.page();
      await expect.poll(() => commandsOf(page)).toMatchObject([{ id: 'open-grant' }]);
      const grant = (await commandsOf(page))[0]?.argument;
      expect(await callFromPage(page, 'roots/open', { grant })).toMatchObject({ path: dataset });
    });

    it('has no developer tools in a package', async () => {
      const packaged = await stage.launch({ isPackaged: true });
      expect(flat(await packaged.menu()).some(({ role }) => role === 'toggleDevTools' || role === 'reload')).toBe(
        false,
      );
      expect(packaged.windowOptions[0]?.webPreferences).toMatchObject({ devTools: false });
    });
  });
});

function flat(entries: readonly MenuEntry[]): MenuEntry[] {
  return entries.flatMap((entry) => [entry, ...flat(entry.entries)]);
}
