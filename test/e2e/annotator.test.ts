import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('an annotator says how it went', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({ address: `episode=${EPISODES.clean}&t=45` });
    await window.waitForEpisode('episode_001');
    await window.waitForTick(45);
    await window.inspect('Review');
  });
  afterAll(() => stage?.close());

  const outcome = (name: string, at = window) => at.inspector.getByRole('radio', { name, exact: true });
  const note = (text: string, at = window) => at.inspector.getByRole('listitem').filter({ hasText: text });
  const button = (name: string) => window.topBar.getByRole('button', { name, exact: true });
  const saved = (at = window) => at.topBar.getByText(/Saved \d\d:\d\d:\d\d/);
  const notSaved = (at = window) => at.topBar.getByText(/Not saved: /);

  async function writeNote(text: string): Promise<void> {
    await window.page.keyboard.press('e');
    await window.inspector.getByRole('textbox', { name: 'New note' }).fill(text);
    await window.page.keyboard.press('Enter');
  }

  it('chooses an outcome through the palette and sees it saved', async () => {
    await window.topBar.getByText('No changes yet').waitFor();
    await window.runCommand('Outcome: failure');
    await expect.poll(() => outcome('Failure').isChecked(), PATIENCE).toBe(true);
    await saved().waitFor();
    await button('Undo: Set outcome to failure').waitFor();
  });

  it('writes a note at the moment on screen, without a key of it playing', async () => {
    await writeNote('left finger slips, jkl');
    await note('left finger slips, jkl').getByText('tick 45').waitFor();
    expect(await window.shownTick()).toBe(45);
    expect(await window.transport.getByRole('button', { name: 'Play', exact: true }).count()).toBe(1);
    await saved().waitFor();
    // A press on its time goes there.
    await window.page.keyboard.press('Home');
    await window.waitForTick(0);
    await note('left finger slips')
      .getByRole('button', { name: /tick 45/ })
      .click();
    await window.waitForTick(45);
  });

  it('takes steps back and forth by their names', async () => {
    await window.page.keyboard.press('Control+z');
    await note('left finger slips').waitFor({ state: 'hidden' });
    await button('Redo: Add a note').waitFor();
    await button('Undo: Set outcome to failure').click();
    await expect.poll(() => outcome('Failure').isChecked(), PATIENCE).toBe(false);
    await button('Redo: Set outcome to failure').click();
    await expect.poll(() => outcome('Failure').isChecked(), PATIENCE).toBe(true);
    await window.page.keyboard.press('Control+Shift+z');
    await note('left finger slips').waitFor();
    await button('Undo: Add a note').waitFor();
  });

  it('finds it all again after a reload', async () => {
    await window.page.reload();
    await window.waitForEpisode('episode_001');
    await window.waitForTick(45);
    await note('left finger slips').waitFor();
    expect(await outcome('Failure').isChecked()).toBe(true);
    await saved().waitFor();
    await button('Undo: Add a note').waitFor();
  });

  it('is seen in another window at once', async () => {
    const other = await stage.openWindow({ address: `episode=${EPISODES.clean}` });
    await other.waitForEpisode('episode_001');
    await other.inspect('Review');
    await note('left finger slips', other).waitFor();
    await writeNote('seen from over there');
    await note('seen from over there', other).waitFor();
    await outcome('Suboptimal', other).click();
    await expect.poll(() => outcome('Suboptimal').isChecked(), PATIENCE).toBe(true);
    await other.page.context().close();
    expect(stage.complaints).toEqual([]);
  });

  it('loses nothing when the workstation is killed', async () => {
    await stage.killServer();
    await stage.serve();
    // The printed address holds the new key; the window that is open finds its workstation again by it.
    const again = await stage.openTab(window.page.context(), `episode=${EPISODES.clean}`);
    await again.waitForEpisode('episode_001');
    await note('left finger slips', again).waitFor();
    await note('seen from over there', again).waitFor();
    expect(await outcome('Suboptimal', again).isChecked()).toBe(true);
    await again.page.close();
    await window.page.getByText('Connected', { exact: true }).waitFor();
  });

  it('says what is not saved while the workstation is away, and saves it when it is back', async () => {
    await stage.killServer();
    await window.page.getByText('Connection lost, trying again').waitFor();
    await window.runCommand('Outcome: success');
    await notSaved().waitFor();
    // What was said stands there all the same.
    await expect.poll(() => outcome('Success').isChecked(), PATIENCE).toBe(true);
    await writeNote('written while away');
    await note('written while away').waitFor();
    await window.inspector.getByText('2 changes are not saved yet').waitFor();
    await window.page.keyboard.press('e');
    await window.inspector.getByRole('textbox', { name: 'New note' }).fill('half a thought');
    await window.page.keyboard.press('Escape');
    await window.inspector.getByText('Unfinished: half a thought').waitFor();

    await stage.serve();
    const again = await stage.openTab(window.page.context(), `episode=${EPISODES.clean}`);
    await saved().waitFor();
    await note('written while away', again).waitFor();
    await window.page.reload();
    await window.waitForEpisode('episode_001');
    expect(await outcome('Success').isChecked()).toBe(true);
    await note('written while away').waitFor();
    await window.inspector.getByText('Unfinished: half a thought').waitFor();
    expect(await note('written while away').count()).toBe(1);
  });
});
