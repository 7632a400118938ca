import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { faultsOfBothThemes, NO_FAULTS } from './axe.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('a person tries other thresholds', () => {
  let stage: Stage;
  let window: WorkstationPage;
  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({
      viewport: { width: 1600, height: 1000 },
      address: `episode=${EPISODES.faulty}&t=5`,
    });
    await window.waitForTick(5);
    await window.inspect('Findings');
    await window.page.getByRole('button', { name: 'Detect', exact: true }).click();
    await teleports().first().waitFor(PATIENCE);
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  const rows = () => window.page.getByRole('list', { name: 'Findings' }).getByRole('listitem');
  const teleports = () => rows().filter({ hasText: /Pose teleport/ });
  const panel = () => window.page.getByRole('region', { name: 'Thresholds' });
  const counted = async () => Number(/of (\d+)/.exec(await window.page.getByTestId('queue-counts').innerText())?.[1]);
  const withoutEvent = () => window.page.getByRole('heading', { name: 'Verdicts without an event (1)' });
  const lookForTeleports = () => panel().getByRole('checkbox', { name: 'Look for it' }).first();

  it('sees what spoke for the event in hand, ringed where it was', async () => {
    await teleports().first().getByRole('button').first().click();
    await window.page
      .getByRole('img', { name: /^(Speed|Turning) of .*limit \d/ })
      .first()
      .waitFor();
    await window.page.getByTestId('ring-label').first().waitFor();
    await window.page.keyboard.press('2');
    await teleports().filter({ hasText: 'Cut' }).first().waitFor();
    // The next one is in hand by now.
    await teleports().filter({ hasText: 'Cut' }).first().getByRole('button').first().click();
  });

  it('tries them: the queue follows, and a verdict whose event is gone is listed, until the trial is given up', async () => {
    const stored = await counted();
    await window.page.getByRole('button', { name: /^Thresholds/ }).click();
    await panel().getByText('Teleports of poses').waitFor();
    await lookForTeleports().uncheck();
    await panel()
      .getByText(/fewer than stored/)
      .waitFor();
    await withoutEvent().waitFor();
    expect(await counted()).toBeLessThan(stored);
    expect(await teleports().count()).toBe(0);
    await panel().getByRole('button', { name: 'Cancel' }).click();
    await teleports().filter({ hasText: 'Cut' }).first().waitFor();
    expect(await counted()).toBe(stored);
    expect(await withoutEvent().count()).toBe(0);
  });

  it('can be worked by everybody', async () => {
    await panel().getByRole('slider', { name: 'Teleports of poses: Speed, slider' }).waitFor();
    expect(await faultsOfBothThemes(window, { within: '[aria-label="Inspector"]' })).toEqual(NO_FAULTS);
  });

  it('keeps them for the dataset: detected by them, and no decision is lost', async () => {
    await panel().getByRole('spinbutton', { name: 'Teleports of poses: Speed, m/s' }).fill('900');
    await panel().getByRole('spinbutton', { name: 'Teleports of poses: Turning, rad/s' }).fill('900');
    await withoutEvent().waitFor();
    const keep = panel().getByRole('button', { name: 'Keep for this dataset' });
    // What was typed last has been judged by.
    await expect.poll(() => keep.isEnabled(), PATIENCE).toBe(true);
    const tried = await counted();
    await keep.click();
    await panel().getByText('Trial.').waitFor({ state: 'detached' });
    expect(await counted()).toBe(tried);
    await withoutEvent().waitFor();
    const settings = JSON.parse(readFileSync(path.join(stage.dataset, '.regrasp', 'settings.json'), 'utf8'));
    expect(settings.detect).toEqual({ poseTeleports: { speedMps: 900, angularRadPerS: 900 } });
  });
});
