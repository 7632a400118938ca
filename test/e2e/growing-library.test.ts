import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PATIENCE } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { held } from '../support/held.ts';
import { writeRollout } from '../support/rollouts.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('a list that grows', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.make({ empty: true });
  });
  afterEach(() => stage?.close());

  const record = (task: string, ...names: string[]) => {
    for (const name of names) writeRollout(path.join(stage.dataset, task, '2026-03-31', name));
  };

  it('lets the filter menu grow below what stands in it', async () => {
    record('pick_place', 'rollout_000');
    record('pour', 'rollout_001');
    const window = await stage.openWindow();
    await window.episode('rollout_001').waitFor();
    await window.openFilters();
    await window.filter('pour').focus();
    // The most frequent value stands first in a menu that is made anew.
    record('fold', 'rollout_002', 'rollout_003', 'rollout_004');
    await window.filter('fold').waitFor();
    await expect.poll(() => window.filter('fold').textContent(), PATIENCE).toBe('fold3');
    expect(await window.page.getByRole('menuitemcheckbox').allTextContents()).toEqual([
      'pick_place1',
      'pour1',
      'fold3',
    ]);
    expect(await window.focus()).toBe('menuitemcheckbox: pour1');

    await window.page.keyboard.press('Space');
    await window.library.getByRole('button', { name: 'Remove the filter Task: pour' }).waitFor();
    await window.page.keyboard.press('ArrowDown');
    // The focus of a menu moves a moment after the key.
    await expect.poll(() => window.focus(), PATIENCE).toBe('menuitemcheckbox: fold3');
    await window.page.keyboard.press('Space');
    await window.library.getByRole('button', { name: 'Remove the filter Task: fold' }).waitFor();
    await window.page.keyboard.press('Escape');
    await window.page.getByRole('menu').waitFor({ state: 'hidden' });
    await window.library.getByText(/^4 of 5 episodes/).waitFor();
    await window.episode('rollout_000').waitFor({ state: 'hidden' });
  });

  it('loses nothing that was told while the whole list was on its way', async () => {
    record('pick_place', 'rollout_000');
    const window = await stage.openWindow();
    await window.waitForEpisode('rollout_000');
    const [answer, written] = [held(), held()];
    await window.page.route('**/library/get', async (route) => {
      const response = await route.fetch();
      written.letGo();
      await answer.until;
      await route.fulfill({ response });
    });
    await window.page.reload();
    await written.until;
    // The list was written down without it, and it is told of while that is still on its way.
    record('pour', 'rollout_001');
    await window
      .episode('rollout_001')
      .getByText(/120 ticks/)
      .waitFor();
    answer.letGo();
    await window.waitForEpisode('rollout_000');
    await window
      .episode('rollout_001')
      .getByText(/120 ticks/)
      .waitFor();
  });

  it('shows the open recording again once it is no longer filtered', async () => {
    record('pick_place', ...Array.from({ length: 40 }, (_, number) => `rollout_${String(number).padStart(3, '0')}`));
    const window = await stage.openWindow();
    await window.episode('rollout_000').waitFor();
    const filter = window.library.getByRole('textbox', { name: 'Filter episodes' });
    await filter.fill('rollout_037');
    await window.openFromLibrary('rollout_037');
    await filter.fill('');
    await window.library.getByText(/^40 episodes/).waitFor();
    const isInSight = async () => {
      const row = await window
        .episode('rollout_037')
        .boundingBox({ timeout: 1000 })
        .catch(() => null);
      const tree = await window.tree.boundingBox();
      return row !== null && tree !== null && row.y >= tree.y && row.y + row.height <= tree.y + tree.height;
    };
    await expect.poll(isInSight, PATIENCE).toBe(true);
    await window.page.context().close();
  });
});
