import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectron } from '../../electron/launch/find-electron.ts';
import { callFromPage, commandsOf, openRoots, ShellStage, setMenuState } from './shell-stage.ts';

const root = path.resolve(import.meta.dirname, '../..');
const executablePath = findElectron(root, process.env, process.platform);
const hasScreen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
const missing = !executablePath
  ? 'the Electron executable is not on this machine: npx install-electron'
  : hasScreen
    ? undefined
    : 'Electron needs a screen: run the tests under xvfb-run';

/** The same stage and steps as over the double, in the real thing. */
describe.skipIf(missing !== undefined)(`in Electron itself${missing ? ` (${missing})` : ''}`, () => {
  let stage: ShellStage;
  let app: ElectronApplication;
  let page: Page;
  let userDataDir: string;

  beforeAll(async () => {
    stage = await ShellStage.make();
    userDataDir = mkdtempSync(path.join(os.tmpdir(), 'regrasp-electron-'));
    app = await _electron.launch({
      executablePath,
      args: [stage.app.appFolder, stage.fixture.dataset],
      env: { ...process.env, REGRASP_USER_DATA: userDataDir } as Record<string, string>,
    });
    page = await app.firstWindow();
  });
  afterAll(async () => {
    await app?.close();
    await stage?.remove();
    if (userDataDir) rmSync(userDataDir, { recursive: true, force: true });
  });

  it('opens the folder of the command line on its own scheme', async () => {
    expect(new URL(page.url()).protocol).toBe('regrasp:');
    expect(await openRoots(page)).toMatchObject([{ path: stage.fixture.dataset }]);
    expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated, 'require' in window])).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('sends what is clicked in the menu to the window', async () => {
    await setMenuState(page, { enabled: ['help.keys'] });
    const click = () =>
      app.evaluate(({ Menu }) => {
        const item = Menu.getApplicationMenu()?.getMenuItemById('help.keys');
        if (item?.enabled) item.click();
        return item?.enabled;
      });
    await expect.poll(click).toBe(true);
    await expect.poll(() => commandsOf(page)).toEqual([{ id: 'help.keys' }]);
  });

  it('turns a chosen folder into a grant that opens it', async () => {
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, stage.fixture.dataset);
    const grant = await page.evaluate(() =>
      (window as unknown as { regrasp: { chooseFolder(): Promise<string> } }).regrasp.chooseFolder(),
    );
    expect(await callFromPage(page, 'roots/open', { grant })).toMatchObject({ path: stage.fixture.dataset });
  });

  it('grants no permission and opens no window', async () => {
    const answers = await page.evaluate(async () => [
      window.open('https://example.com/') === null,
      (await navigator.permissions.query({ name: 'geolocation' })).state,
      await fetch('https://example.com/').then(
        () => 'reached',
        () => 'blocked',
      ),
    ]);
    expect(answers).toEqual([true, 'denied', 'blocked']);
    expect(app.windows()).toHaveLength(1);
  });
});
