import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markByKeys } from '../pages/marking-by-keys.ts';
import type { WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { runRegrasp } from '../support/terminal.ts';
import { faultsOfBothThemes, IN_DIALOG, NO_FAULTS } from './axe.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('a failure and its recovery become a bundle, from the menu', () => {
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

  const dialog = () => window.dialog('Export bundle');
  const plan = () => dialog().getByRole('status');
  const toggle = (name: string) => dialog().getByRole('button', { name, exact: true });
  const undoes = (name: string) => window.topBar.getByRole('button', { name: `Undo: ${name}`, exact: true });
  async function goTo(tick: number): Promise<void> {
    await window.typeGoTo(String(tick));
    await window.waitForTick(tick);
  }

  it('marks both by keys', async () => {
    await window.runCommand('Outcome: failure');
    await undoes('Set outcome to failure').waitFor();
    await markByKeys(window, { handOff: 60, recovery: [70, 90], goTo });
  });

  it('plans what a recipe takes, opens its moments, and is there when one comes back', async () => {
    await window.page
      .getByRole('region', { name: 'Session' })
      .getByRole('button', { name: /^Export/ })
      .click();
    await dialog().getByText(`Only ${EPISODES.clean}`).waitFor();
    await plan().getByText('3 units').waitFor();
    await toggle('Regrasp bundle').click();
    await toggle('Middle camera').click();
    await dialog()
      .getByRole('textbox', { name: /^Pictures at most/ })
      .fill('x');
    await dialog().getByText('Pixels, 16 to 8192').waitFor();
    expect(await toggle('Export').isDisabled()).toBe(true);
    await dialog()
      .getByRole('textbox', { name: /^Pictures at most/ })
      .fill('160');
    const units = dialog().getByRole('list', { name: 'Units' });
    await units.getByRole('button', { name: /^recovery .* ticks 70–90/ }).waitFor();
    expect(await faultsOfBothThemes(window, IN_DIALOG)).toEqual(NO_FAULTS);
    await units.getByRole('button', { name: /^recovery/ }).click();
    await dialog().waitFor({ state: 'hidden' });
    await window.waitForTick(70);
    await window.notice('The export is kept').getByRole('button', { name: 'Back to the export' }).click();
    await plan().getByText('3 units').waitFor();
    expect(await toggle('Regrasp bundle').getAttribute('aria-pressed')).toBe('true');
    await toggle('Save as a new recipe').click();
    await expect.poll(() => readdirSync(path.join(stage.dataset, '.regrasp', 'recipes'))).toEqual(['episode_001.json']);
  });

  it('writes it verified, and the terminal finds it so', async () => {
    await expect.poll(() => toggle('Export').isEnabled(), { timeout: 60_000 }).toBe(true);
    await toggle('Export').click();
    const done = dialog().getByRole('region', { name: 'Export done' });
    await done.waitFor({ timeout: 240_000 });
    await done.getByText(/3 units/).waitFor();
    const out = path.join(stage.userDataDir, 'bundles', 'lab-episode_001');
    await done.getByText(out).waitFor();
    expect(readdirSync(out).sort()).toEqual(['SHA256SUMS', 'bundle.json', 'lerobot-v3.0', 'recipe.json', 'regrasp']);
    const terminal = await runRegrasp(path.join(stage.folder, 'terminal'), 'verify', out, '--source', stage.dataset);
    expect(terminal.stdout).toMatch(/frames compared with the recordings.*: it holds\.$/m);
    expect(terminal.exitCode).toBe(0);
    await done.getByRole('button', { name: 'Open it here' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await window.library
      .getByText(/regrasp|lerobot/)
      .first()
      .waitFor();
    expect(existsSync(path.join(stage.userDataDir, 'bundles', '.lab-episode_001.export'))).toBe(false);
    expect(stage.complaints).toEqual([]);
  }, 300_000);
});
