import { cpSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markByKeys } from '../pages/marking-by-keys.ts';
import type { WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { formatSamples } from '../support/format-samples.ts';
import { IN_DIALOG, seriousFaults } from './axe.ts';
import { Stage } from './stage.ts';

const EPISODE = '20260710_101611';

describe.skipIf(noChromium)('a review goes into the recording, by the keyboard alone', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make({ empty: true });
    cpSync(path.join(await formatSamples(), 'oopsie'), stage.dataset, { recursive: true });
    window = await stage.openWindow({ address: `episode=20260710_101500/${EPISODE}.h5&t=10` });
    await window.waitForEpisode(EPISODE);
    await window.waitForTick(10);
    await window.topBar.getByText('No changes yet').waitFor();
  });
  afterAll(() => stage?.close());

  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await window.page.keyboard.press(key);
  };
  const undoes = (name: string) => window.topBar.getByRole('button', { name: `Undo: ${name}`, exact: true });
  const publishing = () => window.dialog('Publish review into the recording');
  async function goTo(tick: number): Promise<void> {
    await keys('g');
    await window.dialog('Go to').waitFor();
    await window.page.keyboard.type(String(tick));
    await keys('Enter');
    await window.waitForTick(tick);
  }
  async function command(words: string): Promise<void> {
    await keys('Control+k');
    const palette = window.dialog('Command palette');
    await palette.waitFor();
    await window.page.keyboard.type(words);
    await palette.getByRole('option', { name: words, exact: false, selected: true }).waitFor();
    await keys('Enter');
    await palette.waitFor({ state: 'hidden' });
  }

  it('is marked, paired, named, taken back and had again', async () => {
    await command('Outcome: failure');
    await undoes('Set outcome to failure').waitFor();
    await markByKeys(window, { handOff: 15, recovery: [20, 30], goTo });
    await keys('Control+z');
    await undoes('Say who steered the recovery').waitFor();
    await keys('Control+Shift+z');
    await undoes('Say how the recovery ended').waitFor();
  });

  it('is shown as it would be written, written, and there when the recording is opened again', async () => {
    await command('Publish review into');
    const publish = publishing().getByRole('button', { name: 'Publish', exact: true });
    await publish.waitFor();
    await expect.poll(() => publish.isEnabled(), { timeout: 60_000 }).toBe(true);
    expect(await seriousFaults(window, IN_DIALOG)).toEqual([]);
    await keys('Enter');
    await publishing().waitFor({ state: 'hidden' });
    await window.page
      .getByText(/Published into the recording as/)
      .first()
      .waitFor();
    await window.waitForEpisode(EPISODE);
    await undoes('Say how the recovery ended').waitFor();
    await command('Publish review into');
    await publishing().getByText('The recording says all of it already.').waitFor();
    await keys('Escape');
    await publishing().waitFor({ state: 'hidden' });
    expect(stage.complaints).toEqual([]);
  });
});
