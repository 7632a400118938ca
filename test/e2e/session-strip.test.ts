import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { faultsOfBothThemes, IN_DIALOG, NO_FAULTS, seriousFaults } from './axe.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('all that is said beside marks', () => {
  let stage: Stage;
  let window: WorkstationPage;
  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({
      viewport: { width: 1600, height: 900 },
      address: `episode=${EPISODES.faulty}&t=60`,
    });
    await window.waitForEpisode('episode_000');
    await window.waitForTick(60);
    await window.inspect('Review');
  });
  afterAll(() => stage?.close());

  const strip = (name: string, words: RegExp) =>
    window.page
      .getByRole('region', { name: 'Session' })
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .filter({ hasText: words });
  const counter = (name: string, count: number) =>
    window.page.getByRole('region', { name: 'Dataset counters' }).getByText(new RegExp(`^${name}\\s*${count}$`));

  it('goes from the capture to what a bundle would hold, as things are said', async () => {
    const { page, inspector } = window;
    await strip('Capture', /4\.0 s.*% seen/).waitFor();
    await strip('Failure slice', /none/).waitFor();
    await strip('Export', /no outcome/).waitFor();
    await inspector.getByRole('radio', { name: 'Failure' }).click();
    await strip('Failure slice', /to mark/).waitFor();
    await strip('Export', /2 to say/).waitFor();

    await inspector.getByRole('button', { name: 'what happened, in words' }).click();
    await page.keyboard.type('It slid out of the fingers.');
    await page.keyboard.press('Enter');
    await strip('Export', /1 to say/).waitFor();
    await window.workspace.focus();
    await page.keyboard.press('m');
    await strip('Failure slice', /\d\.\d s.*no code/).waitFor();
    await page.keyboard.press('Escape');
    await counter('Failures', 1).waitFor();
    await counter('Reviewed', 1).waitFor();

    // Another place, and a press on the stage leads back to the failure.
    await page.keyboard.press('Home');
    await window.waitForTick(0);
    await strip('Failure slice', /no code/).click();
    await window.waitForTick(60);
    await inspector.getByRole('tabpanel', { name: 'Marks' }).waitFor();
    expect(await faultsOfBothThemes(window), 'a failure in hand').toEqual(NO_FAULTS);
  });

  it('says the same of many episodes, and takes it back at once', async () => {
    const { page, inspector } = window;
    await window.inspect('Review');
    const site = () => inspector.getByRole('combobox', { name: 'Site' });
    await window.tree.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+a');
    const chosen = window.library.getByRole('region', { name: 'Chosen episodes' });
    await chosen.getByText('2 chosen').waitFor();
    expect(await window.tree.getByRole('treeitem', { selected: true }).count()).toBe(2);
    expect(await seriousFaults(window, { within: 'nav' }), 'episodes chosen').toEqual([]);
    await chosen.getByRole('button', { name: 'Property…' }).click();
    const asked = window.dialog('Property of 2 episodes');
    await asked.getByRole('combobox', { name: 'Key' }).fill('Site');
    await asked.getByRole('combobox', { name: /^Value/ }).fill('B');
    expect(await seriousFaults(window, IN_DIALOG), 'property of many').toEqual([]);
    await page.keyboard.press('Enter');
    const notice = window.notice('Set site to B in 2 recordings.');
    await notice.waitFor();
    await site().waitFor();
    expect(await site().inputValue()).toBe('B');
    await notice.getByRole('button', { name: 'Undo' }).click();
    await window.notice('Taken back in 2 recordings.').waitFor();
    await site().waitFor({ state: 'detached' });
    await window.tree.focus();
    await page.keyboard.press('Escape');
    await chosen.waitFor({ state: 'detached' });
  });

  it('submits, and takes the word back', async () => {
    const { inspector } = window;
    await inspector.getByRole('button', { name: 'Submit the review' }).click();
    await inspector
      .getByRole('region', { name: 'Submission' })
      .getByText(/Submitted/)
      .waitFor();
    await inspector.getByRole('button', { name: 'Withdraw' }).click();
    await inspector.getByRole('button', { name: 'Submit the review' }).waitFor();
    expect(stage.complaints).toEqual([]);
  });
});
