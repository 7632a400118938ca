import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noChromium } from '../support/chromium.ts';
import { callFromPage, openRoots, ShellStage } from './shell-stage.ts';

describe.skipIf(noChromium !== undefined)('the life of the window', () => {
  let stage: ShellStage;
  beforeAll(async () => {
    stage = await ShellStage.make();
  });
  afterEach(() => stage.closeDesktops());
  afterAll(() => stage?.remove());

  it('shows itself once there is something to see, follows the theme a person chose, and keeps its own files apart from Chromium’s', async () => {
    const desktop = await stage.launch();
    expect(desktop.windowOptions[0]).toMatchObject({ show: false, title: 'Regrasp', width: 1440, height: 900 });
    await expect.poll(async () => (await desktop.windows())[0]).toMatchObject({ isShown: true });
    const page = await desktop.page();
    expect(await callFromPage(page, 'workstation/about')).toMatchObject({ version: '1.2.3', door: 'desktop' });

    const isDark = () => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    await callFromPage(page, 'settings/patchUser', { theme: 'dark' });
    await expect.poll(isDark).toBe(true);
    await callFromPage(page, 'settings/patchUser', { theme: 'light' });
    await expect.poll(isDark).toBe(false);

    await desktop.close();
    const { userDataDir } = stage.fixture;
    expect(existsSync(path.join(userDataDir, 'window.json'))).toBe(true);
    expect(JSON.parse(readFileSync(path.join(userDataDir, 'window.json'), 'utf8'))).toHaveProperty('widthPx');
  });

  it('comes back where it was, and on a screen that is there', async () => {
    const first = await stage.launch();
    await first.act('move', { x: 2000, y: 100, width: 1300, height: 800 });
    expect(await first.close()).toBe(0);
    const wide = [
      { x: 0, y: 0, width: 1920, height: 1080 },
      { x: 1920, y: 0, width: 1920, height: 1080 },
    ];
    const second = await stage.launch({ workAreas: wide });
    expect(second.windowOptions[0]).toMatchObject({ x: 2000, y: 100, width: 1300, height: 800 });
    await second.close();
    const third = await stage.launch({ workAreas: [{ x: 0, y: 0, width: 1280, height: 720 }] });
    expect(third.windowOptions[0]).toMatchObject({ width: 1280, height: 720 });
    expect(third.windowOptions[0]).not.toHaveProperty('x');
  });

  it('ends with its last window, after the workstation is closed', async () => {
    const desktop = await stage.launch({ words: [stage.fixture.dataset] });
    const page = await desktop.page();
    const [root] = await openRoots(page);
    const episode = `${root?.id}/${stage.fixture.good}`;
    await callFromPage(page, 'episodes/open', { episode });
    const patch = [{ map: 'outcome', id: 'episode', value: { value: 'failure' } }];
    await callFromPage(page, 'review/gesture', { episode, name: 'Outcome: failure', patch });
    await desktop.act('close');
    expect(await desktop.ended).toBe(0);
    expect(desktop.log).toBe('');
    const again = await stage.launch({ words: [stage.fixture.dataset] });
    const review = await callFromPage(await again.page(), 'review/get', { episode });
    expect(review).toMatchObject({ own: { outcome: { value: 'failure' } } });
  });

  it('starts over when what it remembers is damaged, and says on the window what it could not read', async () => {
    const { dataset, userDataDir } = stage.fixture;
    writeFileSync(path.join(userDataDir, 'window.json'), '{"widthPx": -1');
    writeFileSync(path.join(userDataDir, 'grants.json'), 'damaged');
    const desktop = await stage.launch({ words: [dataset] });
    expect(desktop.windowOptions[0]).toMatchObject({ width: 1440, height: 900 });
    await expect
      .poll(() => desktop.dialogs())
      .toMatchObject([{ kind: 'message', options: { message: expect.stringMatching(/grants\.json is damaged/) } }]);
    expect(await openRoots(await desktop.page())).toHaveLength(1);
  });
});
