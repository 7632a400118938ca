import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Desktop } from '../electron-double/launch.ts';
import { noChromium } from '../support/chromium.ts';
import { callFromPage, commandsOf, openRoots, ShellStage, type ShellWindow } from './shell-stage.ts';

describe.skipIf(noChromium !== undefined)('opening what a person chose', () => {
  let stage: ShellStage;
  beforeAll(async () => {
    stage = await ShellStage.make();
  });
  afterAll(() => stage?.remove());

  const choose = async (desktop: Desktop, what: 'chooseFolder' | 'chooseFile') =>
    (await desktop.page()).evaluate((name) => (window as unknown as ShellWindow).regrasp[name](), what);

  describe('in one window', () => {
    let desktop: Desktop;
    let page: Page;
    beforeAll(async () => {
      desktop = await stage.launch();
      page = await desktop.page();
    });
    afterAll(() => stage.closeDesktops());

    it('turns a chosen folder into a grant that opens it, says why another cannot be, grants what is dropped, copies', async () => {
      const { dataset, good } = stage.fixture;
      await desktop.answerDialog([stage.fixture.dataset]);
      const grant = await choose(desktop, 'chooseFolder');
      expect(grant).toMatch(/^[\w-]{20,}$/);
      expect(await callFromPage(page, 'roots/open', { grant })).toMatchObject({ path: dataset });
      expect((await desktop.dialogs())[0]).toMatchObject({ kind: 'open', options: { properties: ['openDirectory'] } });

      await desktop.answerDialog([path.join(stage.fixture.base, 'secret.txt')]);
      await expect(choose(desktop, 'chooseFile')).rejects.toThrow(/secret\.txt is neither a folder nor a recording/);
      await desktop.answerDialog([path.join(stage.fixture.base, 'gone')]);
      await expect(choose(desktop, 'chooseFolder')).rejects.toThrow(/There is nothing at .*gone: check the path/);

      // By paths that only the preload can read.
      await desktop.drop('#drop', [path.join(dataset, good), dataset]);
      const dropped = () => page.evaluate(() => (window as unknown as ShellWindow).dropped);
      const grants = await dropped();
      expect(grants).toHaveLength(2);
      expect(await callFromPage(page, 'roots/open', { grant: grants[0] })).toMatchObject({
        path: dataset,
        focus: expect.stringContaining(good),
      });
      await desktop.drop('#drop', [path.join(stage.fixture.base, 'secret.txt')]);
      expect(await dropped()).toMatch(/secret\.txt is neither/);

      const text = 'import h5py\n# ünïcode "quotes"';
      await page.evaluate((given) => (window as unknown as ShellWindow).regrasp.copyText(given), text);
      expect(await desktop.clipboard()).toBe(text);
    });

    it('asks where bundles go, and shows one in the system’s window of files', async () => {
      await desktop.answerDialog([stage.fixture.base]);
      const grant = await page.evaluate(() => (window as unknown as ShellWindow).regrasp.chooseFolder('bundles'));
      expect((await desktop.dialogs()).at(-1)?.options).toMatchObject({ title: 'Choose where bundles go' });
      await page.evaluate((one) => (window as unknown as ShellWindow).regrasp.showInFolder(String(one)), grant);
      expect(await desktop.shownInFolder()).toEqual([stage.fixture.base]);
      const unknown = page.evaluate(() => (window as unknown as ShellWindow).regrasp.showInFolder('/etc'));
      await expect(unknown).rejects.toThrow('was not opened by a person here');
      expect(await desktop.shownInFolder()).toHaveLength(1);
    });

    it('opens files that the desktop hands over', async () => {
      await desktop.openFile(stage.fixture.dataset);
      await expect.poll(() => commandsOf(page)).toMatchObject([{ id: 'open-grant' }]);
    });

    it('keeps commands that come before the page listens, and stops when told', async () => {
      const before = await commandsOf(page);
      await page.evaluate(() => (window as unknown as ShellWindow).stopListening());
      await desktop.openFile(stage.fixture.dataset);
      await page.waitForTimeout(200);
      expect(await commandsOf(page)).toEqual(before);
      await page.evaluate(() => {
        const shell = window as unknown as ShellWindow;
        shell.regrasp.onCommand((command) => shell.commands.push(command));
      });
      expect(await commandsOf(page)).toMatchObject([...before, { id: 'open-grant' }]);
    });

    it('lets another user-data folder have a window of its own', async () => {
      const userDataDir = path.join(stage.fixture.base, 'another user');
      mkdirSync(userDataDir);
      const other = await stage.launch({ userDataDir });
      expect(await other.windows()).toHaveLength(1);
    });
  });

  describe('in windows started anew', () => {
    afterEach(() => stage.closeDesktops());

    it('offers files, starts where one was last, answers nothing on Cancel, and has what was open last open again when it is started without a path', async () => {
      const desktop = await stage.launch({ words: [stage.fixture.dataset] });
      await desktop.answerDialog(null);
      expect(await choose(desktop, 'chooseFile')).toBeUndefined();
      const options = (await desktop.dialogs())[0]?.options;
      expect(options).toMatchObject({ properties: ['openFile'], defaultPath: stage.fixture.dataset });
      // Files of any ending: formats know theirs by content.
      expect(options).not.toHaveProperty('filters');

      await desktop.close();
      const again = await stage.launch();
      expect(await openRoots(await again.page())).toMatchObject([{ path: stage.fixture.dataset }]);
    });

    it('opens the folder of the command line before the page asks, and the moment behind #', async () => {
      const { base, dataset, good } = stage.fixture;
      const at = `episode=${good}&t=3`;
      const desktop = await stage.launch({ words: ['--enable-logging', 'lab', '--at', at], workingFolder: base });
      const page = await desktop.page();
      expect(await openRoots(page)).toMatchObject([{ path: dataset }]);
      expect(new URL(page.url()).hash).toBe(`#${at}`);
      expect(await commandsOf(page)).toEqual([]);
    });

    it('comes up and says so when the folder of the command line is not there', async () => {
      const desktop = await stage.launch({ words: [path.join(stage.fixture.base, 'gone')] });
      expect(await openRoots(await desktop.page())).toEqual([]);
      await expect
        .poll(async () => (await desktop.dialogs())[0])
        .toMatchObject({
          kind: 'message',
          options: { message: expect.stringMatching(/nothing at .*gone: check the path/) },
        });
    });

    it('opens in the window that is there when it is started again', async () => {
      const first = await stage.launch();
      await first.act('minimize');
      const second = await stage.start({ words: ['lab', '--at=episode=a&t=1'], workingFolder: stage.fixture.base });
      expect(await second.ended).toBe(0);
      expect(second.windowOptions).toEqual([]);
      const page = await first.page();
      await expect
        .poll(() => commandsOf(page))
        .toEqual([
          { id: 'open-grant', argument: expect.any(String) },
          { id: 'open-address', argument: 'episode=a&t=1' },
        ]);
      const grant = (await commandsOf(page))[0]?.argument;
      expect(await callFromPage(page, 'roots/open', { grant })).toMatchObject({ path: stage.fixture.dataset });
      expect((await first.windows())[0]).toMatchObject({ isMinimized: false, isFocused: true });
    });
  });
});
