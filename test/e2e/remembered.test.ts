import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('what a person arranged is remembered', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({ address: `episode=${EPISODES.clean}&t=33` });
    await window.waitForEpisode('episode_001');
    await window.waitForTick(33);
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  async function reload(): Promise<void> {
    await window.page.reload();
    await window.waitForEpisode('episode_001');
  }

  const widthOf = async (title: string) => (await window.pane(title).boundingBox())?.width ?? 0;

  it('a pane made larger, by keyboard on the edge beside it', async () => {
    const before = await widthOf('Left camera');
    const edge = window.page.getByRole('separator', { name: 'Width of the pane before' }).first();
    await edge.focus();
    for (let presses = 0; presses < 3; presses++) await window.page.keyboard.press('ArrowRight');
    await expect.poll(() => widthOf('Left camera'), PATIENCE).toBeGreaterThan(before + 20);
    // The arrow moved the edge, and nothing else.
    expect(await window.shownTick()).toBe(33);
    // Nobody waits for anything to be kept before the page is left.
    await window.page.keyboard.press('ArrowRight');
    const wider = await widthOf('Left camera');
    await reload();
    await expect.poll(async () => Math.abs((await widthOf('Left camera')) - wider), PATIENCE).toBeLessThan(2);
  });

  it('how tall the timeline was made, though a small window had no room for it meanwhile', async () => {
    const { page } = window;
    const height = async () => (await window.timeline.boundingBox())?.height ?? 0;
    const large = page.viewportSize() as { width: number; height: number };
    const first = await height();
    await page.getByRole('separator', { name: 'Height of the timeline' }).focus();
    for (let presses = 0; presses < 4; presses++) await page.keyboard.press('ArrowUp');
    await expect.poll(height, PATIENCE).toBeGreaterThan(first + 40);
    const wanted = await height();
    await window.playhead.focus();
    await page.setViewportSize({ width: large.width, height: 420 });
    await expect.poll(height, PATIENCE).toBeLessThan(wanted - 20);
    await reload();
    await expect.poll(height, PATIENCE).toBeLessThan(wanted - 20);
    await page.setViewportSize(large);
    await expect.poll(async () => Math.abs((await height()) - wanted), PATIENCE).toBeLessThan(2);
  });

  it('what was changed while an answer was slow, though the page is left before it comes', async () => {
    const { page } = window;
    const saves = '**/api/rpc/settings/patchDataset';
    let isFirst = true;
    await page.route(saves, async (route) => {
      // The first answer never reaches the page: what follows waits for it there.
      if (isFirst) {
        isFirst = false;
        await route.fetch();
      } else await route.continue();
    });
    const edge = page.getByRole('separator', { name: 'Width of the pane before' }).first();
    const before = await widthOf('Left camera');
    await edge.focus();
    for (let presses = 0; presses < 4; presses++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => widthOf('Left camera'), PATIENCE).toBeLessThan(before - 20);
    const narrower = await widthOf('Left camera');
    await page.reload();
    await page.unroute(saves);
    await window.waitForEpisode('episode_001');
    await expect.poll(async () => Math.abs((await widthOf('Left camera')) - narrower), PATIENCE).toBeLessThan(2);
  });

  it('a pane that fills the workspace, until it is put back', async () => {
    await window.maximise('Right camera');
    expect(await window.pane('Left camera').count()).toBe(0);
    await reload();
    await window.pane('Right camera').waitFor();
    expect(await window.pane('Left camera').count()).toBe(0);
    // The next reload shows that this was kept as well.
    await window.putBack('Right camera');
    await window.pane('Left camera').waitFor();
  });

  const order = () => window.pane('Left camera').getByRole('button', { name: /^Channel order of Left camera/ });
  const choose = (at: WorkstationPage) => at.library.getByRole('button', { name: 'Show only episodes with problems' });
  const undo = (at: WorkstationPage) => at.library.getByRole('button', { name: 'Show all episodes' });
  const keptBy = (call: string) => window.page.waitForResponse((response) => response.url().includes(call));
  const ground = () => window.page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  it('what a pane shows, the order of its channels, which panels stand there, the list’s filter and the theme', async () => {
    await Promise.all([keptBy('memory/filters'), choose(window).click()]);
    await undo(window).waitFor();
    await window.page.keyboard.press('Control+Comma');
    const theme = window.dialog('Settings').getByRole('combobox', { name: 'Theme' });
    const light = await ground();
    await Promise.all([keptBy('settings/patchUser'), theme.selectOption('Dark')]);
    await expect.poll(ground, PATIENCE).not.toBe(light);
    const dark = await ground();
    await window.page.keyboard.press('Escape');
    await window.dialog('Settings').waitFor({ state: 'hidden' });
    // Chosen through the palette like all that is offered of what is open.
    await order().filter({ hasText: 'BGR' }).waitFor();
    await window.runCommand('Channel order of Left camera');
    await order().filter({ hasText: 'RGB' }).waitFor();
    const kept = keptBy('settings/patchDataset');
    await window.pane('Middle camera').getByRole('button', { name: 'Middle camera: pane menu' }).click();
    await window.page.getByRole('menuitemcheckbox', { name: 'Right camera depth' }).click();
    await window.pane('Right camera depth').waitFor();
    await kept;
    await window.page.keyboard.press('Control+b');
    await window.library.waitFor({ state: 'hidden' });

    await reload();
    await window.pane('Right camera depth').waitFor();
    expect(await window.pane('Middle camera').count()).toBe(0);
    await window.pane('Left camera').waitFor();
    await order().filter({ hasText: 'RGB' }).waitFor();
    await expect.poll(ground, PATIENCE).toBe(dark);
    await window.topBar.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await window.library.count()).toBe(0);
    // Who opens another window next is to find the list there.
    await Promise.all([keptBy('memory/view'), window.page.keyboard.press('Control+b')]);
    await window.library.waitFor();
    await undo(window).waitFor();
  });

  it('how the list is filtered, also by a browser that knows nothing of it', async () => {
    const elsewhere = await stage.openWindow({ address: `episode=${EPISODES.clean}` });
    await undo(elsewhere).waitFor();
    await elsewhere.page.context().close();
    await Promise.all([keptBy('memory/filters'), undo(window).click()]);
    await choose(window).waitFor();
  });

  it('the layout, until it is reset', async () => {
    const forgotten = keptBy('settings/patchDataset');
    await window.runCommand('Reset the layout');
    await window.pane('Middle camera').waitFor();
    await forgotten;
    await window.runCommand('Channel order of Left camera');
    await order().filter({ hasText: 'BGR' }).waitFor();
    await window.runCommand('Speed: 2×');
    await window.transport.getByRole('button', { name: 'Speed 2×', exact: true }).waitFor();
    await window.runCommand('Speed: 1×');
    await window.transport.getByRole('button', { name: 'Speed 1×', exact: true }).waitFor();
  });

  it('a key of one’s own, with a word about what it takes away', async () => {
    const settings = window.dialog('Settings');
    const keysTab = async () => {
      await window.page.keyboard.press('Control+Comma');
      await settings.getByRole('tab', { name: 'Keys' }).click();
    };
    const row = (title: string) =>
      settings
        .getByRole('listitem')
        .filter({ has: window.page.getByRole('button', { name: `: change the key of ${title}` }) });
    const record = async (title: string, chord: string) => {
      const kept = window.page.waitForResponse((response) => response.url().includes('settings/patchUser'));
      await row(title)
        .getByRole('button', { name: `: change the key of ${title}` })
        .click();
      await row(title)
        .getByRole('button', { name: `Press a key: change the key of ${title}` })
        .waitFor();
      await window.page.keyboard.press(chord);
      await kept;
    };
    await keysTab();
    await record('To the last tick', 'p');
    await settings.getByText('One key is wanted by more than one command').waitFor();
    await row('To the last tick').getByText('also Show or hide the projection').waitFor();
    await record('To the last tick', 'y');
    await settings.getByText('One key is wanted by more than one command').waitFor({ state: 'hidden' });
    await window.page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });

    await reload();
    await window.page.keyboard.press('y');
    await window.waitForTick(119);
    // The key it had before is free.
    await window.page.keyboard.press('Home');
    await window.waitForTick(0);
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('ArrowRight');
    await window.waitForTick(1);
    await keysTab();
    const kept = window.page.waitForResponse((response) => response.url().includes('settings/patchUser'));
    await settings.getByRole('button', { name: 'Reset all' }).click();
    await kept;
    await window.page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });
    await window.page.keyboard.press('End');
    await window.waitForTick(119);
  });

  it('where one was in each episode', async () => {
    await window.typeGoTo('88');
    await window.waitForTick(88);
    await window.openFromLibrary('episode_000');
    await window.typeGoTo('71');
    await window.waitForTick(71);
    await window.openFromLibrary('episode_001');
    await window.waitForTick(88);
    // A window that is opened anew, without a moment in its address.
    await window.goToAddress('');
    await window.openFromLibrary('episode_000');
    await window.waitForTick(71);
    const again = await stage.openTab(window.page.context(), `episode=${EPISODES.clean}`);
    await again.waitForEpisode('episode_001');
    await again.waitForTick(88);
    await expect
      .poll(() => again.page.evaluate(() => location.hash), PATIENCE)
      .toBe(`#episode=${encodeURIComponent(EPISODES.clean)}&t=88`);
    await again.page.close();
  });
});
