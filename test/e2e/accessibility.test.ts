import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { faultsOfBothThemes, IN_DIALOG, NO_FAULTS, seriousFaults } from './axe.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('everybody can use it', () => {
  let stage: Stage;
  let window: WorkstationPage;
  beforeAll(async () => {
    stage = await Stage.make({ broken: true });
  });
  afterAll(() => stage?.close());

  const expectNothing = async (what: string, within?: string) =>
    expect(await faultsOfBothThemes(window, within === undefined ? {} : { within }), what).toEqual(NO_FAULTS);

  it('axe finds nothing serious in the panels, in either theme', async () => {
    window = await stage.openWindow({ address: `episode=${EPISODES.faulty}&t=60` });
    await window.waitForEpisode('episode_000');
    await window.waitForTick(60);
    await expectNothing('library and episode');

    for (const tab of ['Episode', 'Review', 'Calibration'] as const) {
      await window.inspect(tab);
      await expectNothing(tab, '[aria-label="Inspector"]');
    }
  });

  it('axe finds nothing serious in the dialogs, in either theme', async () => {
    await window.page.keyboard.press('Control+k');
    await window.dialog('Command palette').waitFor();
    await expectNothing('palette', IN_DIALOG.within);
    await window.page.keyboard.press('Escape');
    await window.dialog('Command palette').waitFor({ state: 'hidden' });

    await window.page.keyboard.press('Shift+Slash');
    await window.dialog('Keys').waitFor();
    await expectNothing('key sheet', IN_DIALOG.within);
    await window.page.keyboard.press('Escape');
    await window.dialog('Keys').waitFor({ state: 'hidden' });

    await window.page.keyboard.press('Control+Comma');
    const settings = window.dialog('Settings');
    for (const tab of ['General', 'Keys', 'Dataset']) {
      await settings.getByRole('tab', { name: tab }).click();
      await settings.getByRole('tabpanel', { name: tab }).waitFor();
      await expectNothing(`settings, ${tab}`, IN_DIALOG.within);
    }
    await window.page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });

    await window.episode('episode_not-hdf5').click();
    await window.workspace.getByRole('heading', { name: 'episode_not-hdf5 cannot be shown' }).waitFor();
    await expectNothing('an episode that cannot be shown', 'main');
  });

  it('is worked by keyboard alone', async () => {
    await window.openFromLibrary('episode_000');
    await window.typeGoTo('12');
    await window.waitForTick(12);
    await window.inspect('Episode');
    await window.topBar.getByRole('button').first().focus();
    const order = [await window.focus()];
    for (let presses = 0; presses < 120; presses++) {
      await window.page.keyboard.press('Tab');
      const focus = await window.focus();
      if (focus === 'body' || focus === order[0]) break;
      order.push(focus);
    }
    // From the library over the panes to the transport, the timeline and the inspector; every stop has a name.
    const stops = [
      'button: Commands',
      'tree: Episodes',
      'button: Maximise Left camera',
      'button: 3D scene: pane menu',
      'button: Play',
      'slider: Playhead',
      'tab: Episode',
      'button: Jobs',
    ];
    const places = stops.map((stop) => order.findIndex((focus) => focus.startsWith(stop)));
    expect(places, order.join('\n')).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places), order.join('\n')).toBeGreaterThanOrEqual(0);
    expect(order.filter((focus) => /: ?$/.test(focus))).toEqual([]);

    await window.playhead.focus();
    await window.page.keyboard.press('ArrowRight');
    await window.waitForTick(13);
    expect(await window.playhead.getAttribute('aria-valuetext')).toMatch(/^0\.4\d s, tick 13$/);
    // Arrows in the tree walk in it, and do not step.
    await window.tree.focus();
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('Enter');
    await window.waitForEpisode('episode_001');
    expect(await window.focus()).toBe('main: Workspace');
    // The menu of the row that the tree is at.
    await window.tree.focus();
    await window.page.keyboard.press('Shift+F10');
    await window.page.getByRole('menuitem', { name: 'Copy path' }).waitFor();
    await window.page.keyboard.press('Escape');
    await window.page.getByRole('menu').waitFor({ state: 'hidden' });

    // Who types is left alone.
    await window.workspace.focus();
    await window.typeGoTo('60');
    await window.waitForTick(60);
    const filter = window.library.getByRole('textbox', { name: 'Filter episodes' });
    await filter.focus();
    await window.page.keyboard.type('jp k1');
    await window.page.keyboard.press('ArrowLeft');
    await window.page.keyboard.press('Home');
    expect(await filter.inputValue()).toBe('jp k1');
    await window.library.getByText('Nothing matches').waitFor();
    await filter.fill('');
    await window.page.keyboard.press('Control+k');
    await window.page.keyboard.type('l ');
    await window.page.keyboard.press('ArrowRight');
    await window.page.keyboard.press('Escape');
    await window.dialog('Command palette').waitFor({ state: 'hidden' });
    expect(await window.shownTick()).toBe(60);
    expect(await window.transport.getByRole('button', { name: 'Play', exact: true }).count()).toBe(1);
    expect(await window.focus()).toBe('textbox: Filter episodes');
  });

  it('keeps still for who asked for less motion', async () => {
    const moving = () =>
      document
        .getAnimations()
        .filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 1)
        .map(
          (animation) => (animation as CSSTransition).transitionProperty ?? (animation as CSSAnimation).animationName,
        );
    const during = async (reducedMotion: 'reduce' | 'no-preference') => {
      await window.page.emulateMedia({ reducedMotion });
      await window.workspace.focus();
      // Watches every frame while dialogs open and folders fold.
      const watch = await window.page.evaluateHandle((text) => {
        const look = new Function(`return (${text})()`) as () => string[];
        const kept = { seen: new Set<string>(), stopped: false };
        const frame = () => {
          for (const name of look()) kept.seen.add(name);
          if (!kept.stopped) requestAnimationFrame(frame);
        };
        frame();
        return kept;
      }, moving.toString());
      await window.page.keyboard.press('Control+k');
      await window.dialog('Command palette').waitFor();
      await window.page.keyboard.press('Escape');
      await window.dialog('Command palette').waitFor({ state: 'hidden' });
      const folder = window.library.getByRole('treeitem', { name: /^board_insertion/ });
      await folder.click();
      await window.episode('episode_000').waitFor({ state: 'hidden' });
      const seen = await watch.evaluate((kept) => {
        kept.stopped = true;
        return [...kept.seen];
      });
      await folder.click();
      await window.episode('episode_000').waitFor();
      return seen;
    };
    expect((await during('no-preference')).length).toBeGreaterThan(0);
    // What still moves by then began before.
    await expect.poll(() => window.page.evaluate(moving), PATIENCE).toEqual([]);
    expect(await during('reduce')).toEqual([]);
  });

  it('says what to do while there is nothing', async () => {
    const empty = await Stage.make({ empty: true });
    try {
      const window = await empty.openWindow();
      await window.workspace.getByRole('heading', { name: 'No episodes in nothing' }).waitFor();
      await window.library.getByText('No episodes found').waitFor();
      expect(await faultsOfBothThemes(window)).toEqual(NO_FAULTS);
      await window.runCommand('Close dataset');
      await window.workspace.getByRole('heading', { name: 'Open what your robots recorded' }).waitFor();
      await window.page.emulateMedia({ colorScheme: 'light' });
      await expect.poll(() => seriousFaults(window), PATIENCE).toEqual([]);
      expect(empty.complaints).toEqual([]);
    } finally {
      await empty.close();
    }
  });
});
