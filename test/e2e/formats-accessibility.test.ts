import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { COLUMNS, writeRollout } from '../support/rollouts.ts';
import { faultsOfBothThemes, IN_DIALOG, NO_FAULTS } from './axe.ts';
import { Stage } from './stage.ts';

/** The button of the jobs panel says what runs while something does. */
const JOBS = /^button: (Jobs|Look into)/;

/** Presses Tab until the focus is on what is wanted; says where it went when it never comes there. */
async function tabTo(window: WorkstationPage, wanted: RegExp): Promise<void> {
  const met: string[] = [];
  for (let presses = 0; presses < 150; presses += 1) {
    await window.page.keyboard.press('Tab');
    met.push(await window.focus());
    if (wanted.test(met.at(-1) ?? '')) return;
  }
  throw new Error(`Tab never comes to ${wanted}, but to:\n${met.join('\n')}`);
}

describe.skipIf(noChromium)('everybody can use what other formats bring', () => {
  let stage: Stage;
  // One each: how a window was arranged is remembered, and comes a moment after the window.
  beforeEach(async () => {
    stage = await Stage.make({ empty: true });
    for (const [task, name] of [
      ['pick_place', 'rollout_000'],
      ['pour', 'rollout_001'],
    ] as const) {
      writeRollout(path.join(stage.dataset, task, '2026-03-31', name));
    }
  });
  afterEach(() => stage?.close());

  const openRollout = async () => {
    const window = await stage.openWindow();
    await window.waitForEpisode('rollout_000');
    await window.pane('Raw action').waitFor();
    return window;
  };

  it('axe finds nothing serious in joint panes, filters, stated facts and jobs, in either theme', async () => {
    const window = await openRollout();
    const expectNothing = async (what: string, within?: string) =>
      expect(await faultsOfBothThemes(window, within === undefined ? {} : { within }), what).toEqual(NO_FAULTS);
    await expectNothing('joint and timing panes');
    await window.component('Raw action', '3').click();
    await expect.poll(() => window.shownComponents('Raw action'), PATIENCE).toBe(COLUMNS - 1);
    await expectNothing('a component that is hidden', 'main');

    await window.openFilters();
    await expectNothing('filter menu', '[role="menu"]');
    await window.filter('pick_place').click();
    await window.page.keyboard.press('Escape');
    await window.library.getByRole('list', { name: 'Active filters' }).waitFor();
    await expectNothing('active filters', 'nav');

    await window.openStatedFacts();
    await expectNothing('stated facts', IN_DIALOG.within);
    await window.page.keyboard.press('Escape');

    await window.showJobs();
    await expectNothing('jobs');
    await window.inspect('Episode');
    await expectNothing('what the recording says', '[aria-label="Inspector"]');
    await window.page.context().close();
  });

  it('is worked by keyboard alone', async () => {
    const window = await openRollout();
    const { keyboard } = window.page;
    await window.library.getByRole('textbox', { name: 'Filter episodes' }).focus();
    await tabTo(window, /^button: Filter by format/);
    await keyboard.press('Enter');
    await window.filter('pick_place').waitFor();
    await keyboard.press('Home');
    await expect.poll(() => window.focus(), PATIENCE).toMatch(/^menuitemcheckbox: pick_place/);
    await keyboard.press('Enter');
    await window.library.getByRole('button', { name: 'Remove the filter Task: pick_place' }).waitFor();
    await keyboard.press('Escape');
    await expect.poll(() => window.focus(), PATIENCE).toMatch(/^button: Filter by format/);
    await tabTo(window, /^button: Remove the filter/);
    await keyboard.press('Enter');
    await window.episode('rollout_001').waitFor();

    await tabTo(window, /^button: 3$/);
    await keyboard.press('Enter');
    await expect.poll(() => window.shownComponents('Raw action'), PATIENCE).toBe(COLUMNS - 1);
    await keyboard.press('Alt+Enter');
    await expect.poll(() => window.shownComponents('Raw action'), PATIENCE).toBe(1);
    await keyboard.press('Alt+Enter');
    await expect.poll(() => window.shownComponents('Raw action'), PATIENCE).toBe(COLUMNS);

    await tabTo(window, /^button: .*assumed/);
    await keyboard.press('Enter');
    await window.dialog('What the files do not say').waitFor();
    await expect.poll(() => window.focus(), PATIENCE).toMatch(/^textbox: Samples a second/);
    await keyboard.type('40');
    await keyboard.press('Enter');
    await window.page
      .getByRole('contentinfo')
      .getByRole('button', { name: /^40 Hz stated/ })
      .waitFor();
    const jobs = window.page.getByRole('region', { name: 'Jobs', exact: true });
    const areShown = await jobs.isVisible();
    await tabTo(window, JOBS);
    await keyboard.press('Enter');
    await jobs.waitFor({ state: areShown ? 'hidden' : 'visible' });
    await window.page.context().close();
  });
});
