import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markByKeys } from '../pages/marking-by-keys.ts';
import type { WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('an annotator marks a failure and its recovery by keys alone', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({ address: `episode=${EPISODES.clean}&t=45` });
    await window.waitForEpisode('episode_001');
    await window.waitForTick(45);
    await window.topBar.getByText('No changes yet').waitFor();
  });
  afterAll(() => stage?.close());

  const failures = () =>
    window.inspector.getByRole('list', { name: 'Failures' }).getByRole('button', { expanded: true });
  const asks = (question: string) => window.inspector.getByRole('combobox', { name: question });
  const undoes = (name: string) => window.topBar.getByRole('button', { name: `Undo: ${name}`, exact: true });
  const part = (name: string) => window.inspector.getByRole('button', { name: new RegExp(`^${name}`), pressed: true });

  async function goTo(tick: number): Promise<void> {
    await window.typeGoTo(String(tick));
    await window.waitForTick(tick);
  }

  /** Without a pause between them, however slow the machine: presses that follow each other closely are one step. */
  async function pressAtOnce(keys: { code: string; shiftKey?: boolean }[]): Promise<void> {
    await window.page.evaluate((all) => {
      for (const key of all) document.body.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true }));
    }, keys);
  }

  it('says all that is asked of both in ten presses', async () => {
    expect(await markByKeys(window, { handOff: 60, recovery: [70, 90], goTo })).toBe(10);
    const about = window.inspector.getByRole('list', { name: 'Failures' }).getByRole('button').first();
    expect(await about.innerText()).toMatch(/Slips[\s\S]*Grasp[\s\S]*Low[\s\S]*tick 45/);
    await about.getByLabel('hand-off').waitFor();
    await window.inspector.getByRole('heading', { name: 'Nothing to settle' }).waitFor();
    expect(stage.complaints).toEqual([]);
  });

  it('moves an edge by several presses as one step, and lets go of it by Escape', async () => {
    const end = part('End');
    await pressAtOnce([{ code: 'BracketLeft' }, { code: 'BracketLeft' }, { code: 'Escape' }]);
    await pressAtOnce([{ code: 'BracketRight' }, { code: 'BracketRight', shiftKey: true }]);
    // Ten and one from where it was: what Escape took back is not in it.
    await end.filter({ hasText: '101' }).waitFor();
    await window.waitForTick(101);
    await undoes('Move recovery end').waitFor();
    await window.page.keyboard.press('Control+z');
    await end.filter({ hasText: '90' }).waitFor();
    // What is in hand takes the keys of the selection.
    await goTo(80);
    await window.page.keyboard.press('o');
    await end.filter({ hasText: '80' }).waitFor();
    await undoes('Move recovery end').waitFor();
    await window.page.keyboard.press('Control+z');
    await undoes('Say how the recovery ended').waitFor();
  });

  it('takes all of it back step by step, and has it again', async () => {
    const steps = [
      'Say how the recovery ended',
      'Say who steered the recovery',
      'End the recovery',
      'Mark a recovery',
      'Mark the hand-off',
      'Choose a resetability',
      'Choose a severity',
      'Choose a failure code',
      'Mark a failure',
    ];
    for (const step of steps) {
      await undoes(step).waitFor();
      await window.page.keyboard.press('Control+z');
    }
    await window.inspector.getByText('No failure is marked').waitFor();
    for (const step of steps.toReversed()) {
      await window.page.keyboard.press('Control+Shift+z');
      await undoes(step).waitFor();
    }
    await window.page.reload();
    await window.waitForEpisode('episode_001');
    await window.inspector.getByRole('list', { name: 'Failures' }).getByText('Slips').waitFor();
    await window.inspector.getByText('Recovered', { exact: true }).waitFor();
    await window.inspector.getByRole('heading', { name: 'Nothing to settle' }).waitFor();
  });

  it('names a step of the task, finds a code by typing, and deletes a failure with its recovery', async () => {
    await window.page.keyboard.press('t');
    await window.page.keyboard.type('lift');
    await window.page.keyboard.press('Enter');
    await undoes('Mark a step of the task').waitFor();
    await goTo(0);
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('Shift+Period');
    await window.waitForTick(45);
    await window.page.keyboard.press('Shift+m');
    await asks('What failed?').waitFor();
    await window.page.keyboard.type('drop');
    await window.page.keyboard.press('Enter');
    await undoes('Choose a failure code').waitFor();
    expect(await failures().innerText()).toContain('Dropped');
    await window.page.keyboard.press('Delete');
    await undoes('Delete failure and its recovery').waitFor();
    await window.inspector.getByText('No failure is marked').waitFor();
    await window.page.keyboard.press('Control+z');
    await window.inspector.getByRole('list', { name: 'Recoveries of this failure' }).waitFor();
    expect(stage.complaints).toEqual([]);
  });
});
