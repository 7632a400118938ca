import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { actionAt, COLUMNS, OVERRUNS, writeRollout } from '../support/rollouts.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('a library of several formats', () => {
  let stage: Stage;
  let window: WorkstationPage;
  beforeAll(async () => {
    stage = await Stage.make();
    for (const name of ['rollout_000', 'rollout_001']) {
      writeRollout(path.join(stage.dataset, 'rollouts', 'pick_place', '2026-03-31', name));
    }
    window = await stage.openWindow({ viewport: { width: 1440, height: 900 } });
  });
  afterAll(() => stage?.close());

  const names = () => window.tree.getByRole('treeitem', { selected: false }).allTextContents();
  const component = (name: string) =>
    window.page
      .getByRole('list', { name: 'Components of Raw action' })
      .getByRole('listitem')
      .filter({
        has: window.page.getByRole('button', { name, exact: true }),
      });
  const shownComponents = () => window.shownComponents('Raw action');

  it('is filtered by what is recorded, and remembers it', async () => {
    await window.episode('rollout_001').waitFor();
    await window.openFilters();
    await window.filter('Rollout artifacts').click();
    await window.page.keyboard.press('Escape');
    await expect.poll(names, PATIENCE).toEqual(expect.not.arrayContaining([expect.stringContaining('episode_')]));
    await window.episode('rollout_000').waitFor();
    await window.page.reload();
    await window.library.getByRole('button', { name: 'Remove the filter Format: rollout' }).waitFor();
    await window.library.getByText(/^2 of \d+ episodes/).waitFor();
  });

  it('shows the value of every joint at the playhead, as the file has it', async () => {
    await window.openFromLibrary('rollout_000');
    await window.pane('Raw action').waitFor();
    expect(await window.pane('3D scene').count(), 'nothing of a rig this rollout does not have').toBe(0);
    for (const step of [0, 37, 119]) {
      await window.typeGoTo(String(step));
      await window.waitForTick(step);
      for (const column of [0, 7, 15]) {
        const wanted = actionAt(step, column).toFixed(2);
        await expect.poll(() => component(String(column)).getByTestId('value').textContent(), PATIENCE).toBe(wanted);
      }
    }
  });

  it('hides a component by a press and shows one alone by two, remembered by the layout', async () => {
    await component('3').getByRole('button').click();
    await expect.poll(shownComponents, PATIENCE).toBe(COLUMNS - 1);
    await component('7').getByRole('button').dblclick();
    await expect.poll(shownComponents, PATIENCE).toBe(1);
    await window.openFromLibrary('rollout_001');
    await expect.poll(shownComponents, PATIENCE).toBe(1);
    await component('7')
      .getByRole('button')
      .click({ modifiers: ['Alt'] });
    await expect.poll(shownComponents, PATIENCE).toBe(COLUMNS);
  });

  it('takes a rate that the files do not say, and marks what overran it', async () => {
    const strip = window.page.getByRole('contentinfo');
    await strip.getByRole('button', { name: /^80 Hz assumed/ }).click();
    const form = window.dialog('What the files do not say');
    await form.getByRole('textbox', { name: 'Samples a second' }).fill('50');
    await form.getByRole('combobox', { name: 'For the recordings in' }).selectOption('the whole dataset');
    await form.getByRole('button', { name: 'Save' }).click();
    await strip.getByRole('button', { name: /^50 Hz stated/ }).waitFor();
    // The recording is read again with it, and opened anew.
    await window.timeline
      .getByRole('list', { name: 'Lanes' })
      .getByText(/^Marks/)
      .waitFor();
    await window.typeGoTo('0');
    await window.waitForTick(0);
    for (const step of OVERRUNS) {
      await window.page.keyboard.press('Period');
      await window.waitForTick(step);
    }
    await window.inspect('Episode');
    const marks = window.inspector.getByRole('button', { name: /Overrun/ });
    expect(await marks.count()).toBe(OVERRUNS.length);
    await marks.first().click();
    await window.waitForTick(OVERRUNS[0] as number);
  });
});
