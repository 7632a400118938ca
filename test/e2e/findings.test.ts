import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { seriousFaults } from './axe.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('a person decides what findings are worth', () => {
  let stage: Stage;
  let window: WorkstationPage;
  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({
      viewport: { width: 1600, height: 900 },
      address: `episode=${EPISODES.faulty}&t=5`,
    });
    await window.waitForTick(5);
    await window.inspect('Findings');
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  const rows = (of = window) => of.page.getByRole('list', { name: 'Findings' }).getByRole('listitem');
  const row = (text: RegExp, of = window) => rows(of).filter({ hasText: text });
  const counts = async () => /(\d+) of (\d+)/.exec(await window.page.getByTestId('queue-counts').innerText())?.slice(1);

  it('looks for them, and shows the worst first', async () => {
    await window.page.getByText('Nothing was looked for yet').waitFor();
    await window.page.getByRole('button', { name: 'Detect', exact: true }).click();
    await row(/Pose teleport/)
      .first()
      .waitFor(PATIENCE);
    const [undecided, all] = (await counts()) as [string, string];
    expect(undecided).toBe(all);
    expect(await rows().first().getAttribute('aria-setsize')).toBe(all);
  });

  it('goes through the queue by keys: next, cut, keep, and back', async () => {
    const [before] = (await counts()) as [string];
    await window.page.keyboard.press('n');
    const first = rows().first();
    await expect.poll(() => first.getAttribute('data-selected'), PATIENCE).toBe('true');
    const text = (await first.innerText()).split('\n')[0] as string;
    await window.page.keyboard.press('2');
    await window.page
      .getByTestId('queue-counts')
      .filter({ hasText: `${Number(before) - 1} of` })
      .waitFor();
    await window.page.keyboard.press('1');
    await window.page
      .getByTestId('queue-counts')
      .filter({ hasText: `${Number(before) - 2} of` })
      .waitFor();
    expect(await rows().filter({ hasText: text }).filter({ hasText: 'Cut' }).count()).toBeGreaterThan(0);
    await window.page.keyboard.press('Control+z');
    await window.page
      .getByTestId('queue-counts')
      .filter({ hasText: `${Number(before) - 1} of` })
      .waitFor();
  });

  it.each(['light', 'dark'] as const)('is usable by everybody, %s', async (colorScheme) => {
    await window.page.emulateMedia({ colorScheme });
    await rows().first().getByRole('button').first().click();
    await rows().first().getByRole('button', { name: /^Keep/ }).waitFor();
    expect(await seriousFaults(window)).toEqual([]);
  });

  it('keeps verdicts when the workstation is killed, and when detectors run again', async () => {
    const [undecided] = (await counts()) as [string];
    await stage.killServer();
    await stage.serve();
    const again = await stage.openWindow({
      viewport: { width: 1600, height: 900 },
      address: `episode=${EPISODES.faulty}`,
    });
    await again.waitForEpisode('episode_000');
    await again.inspect('Findings');
    const left = again.page.getByTestId('queue-counts').filter({ hasText: `${undecided} of` });
    await left.waitFor(PATIENCE);
    await again.page.getByRole('button', { name: 'Look for findings again' }).click();
    await again.page.getByRole('img', { name: 'Looking for findings' }).waitFor({ state: 'detached' });
    await left.waitFor();
    expect(await rows(again).filter({ hasText: 'Cut' }).count()).toBeGreaterThan(0);
    stage.forgive(/ERR_CONNECTION_REFUSED|Failed to load resource|net::/);
  });
});
