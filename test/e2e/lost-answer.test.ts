import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('an answer that is lost on its way', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({ address: `episode=${EPISODES.clean}&t=20` });
    await window.waitForEpisode('episode_001');
    await window.inspect('Review');
  });
  afterAll(() => stage?.close());

  const saved = () => window.topBar.getByText(/Saved \d\d:\d\d:\d\d/);
  const notSaved = () => window.topBar.getByText(/Not saved: /);

  /** Names of the steps in the dataset's journals. */
  function kept(): string[] {
    const reviews = path.join(stage.dataset, '.regrasp', 'reviews');
    return readdirSync(reviews, { recursive: true })
      .filter((name) => `${name}`.endsWith('.jsonl'))
      .flatMap((name) =>
        readFileSync(path.join(reviews, `${name}`), 'utf8')
          .trimEnd()
          .split('\n'),
      )
      .map((line) => JSON.parse(line).name);
  }

  it('costs nothing: the gesture is kept once, and those behind it too', async () => {
    const gestures = '**/api/rpc/review/gesture';
    await window.page.route(gestures, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await window.runCommand('Outcome: not scored');
    await notSaved().waitFor();
    expect(kept()).toEqual(['Set outcome to not scored']);
    await window.page.unroute(gestures);
    await window.runCommand('Outcome: success');
    await saved().waitFor();
    expect(kept()).toEqual(['Set outcome to not scored', 'Set outcome to success']);
    expect(await notSaved().count()).toBe(0);
  });

  it('is undone as what it is: kept', async () => {
    const gestures = '**/api/rpc/review/gesture';
    await window.page.route(gestures, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await window.runCommand('Outcome: failure');
    await notSaved().waitFor();
    await window.page.unroute(gestures);
    await window.page.keyboard.press('Control+z');
    await expect.poll(() => window.inspector.getByRole('radio', { name: 'Success' }).isChecked(), PATIENCE).toBe(true);
    await saved().waitFor();
    expect(kept().slice(2)).toEqual(['Set outcome to failure', 'Set outcome to failure']);
  });

  it('does not hold up the rest when a gesture is refused, and says which it was', async () => {
    // Another window said the same a moment before: this page does not know it yet.
    const page = window.page;
    await page.route('**/api/rpc/review/gesture', (route) => route.abort());
    await window.runCommand('Outcome: suboptimal success');
    await notSaved().waitFor();
    await window.runCommand('Outcome: failure');
    const other = await stage.openWindow({ address: `episode=${EPISODES.clean}` });
    await other.waitForEpisode('episode_001');
    await other.runCommand('Outcome: suboptimal success');
    await other.topBar.getByText(/Saved/).waitFor();
    await page.unroute('**/api/rpc/review/gesture');
    await window.topBar.getByRole('button', { name: 'Save now' }).click();
    await window.notice('Set outcome to suboptimal success').waitFor();
    await saved().waitFor();
    await expect.poll(() => kept().at(-1), PATIENCE).toBe('Set outcome to failure');
    await other.page.context().close();
  });

  it('finds the place again in a browser that knows nothing', async () => {
    await window.goToAddress(`episode=${EPISODES.clean}&t=31`);
    const isKept = window.page.waitForResponse((response) => response.url().includes('memory/place'));
    await window.waitForTick(31);
    await isKept;
    const stranger = await stage.openWindow();
    await stranger.waitForEpisode('episode_000');
    await stranger.openFromLibrary('episode_001');
    await stranger.waitForTick(31);
    await stranger.page.context().close();
  });

  it('says in one sentence that the workstation was started anew, and goes on once it is opened', async () => {
    await stage.killServer();
    await stage.serve();
    const sentence = 'Regrasp was started anew: open the address it printed.';
    await window.page.getByRole('contentinfo').getByText(sentence).waitFor();
    await window.notice(sentence).waitFor();
    const again = await stage.openTab(window.page.context(), `episode=${EPISODES.clean}`);
    await again.waitForEpisode('episode_001');
    await window.page.getByRole('contentinfo').getByText('Connected', { exact: true }).waitFor({ timeout: 10_000 });
  });
});
