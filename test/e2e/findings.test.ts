import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { faultsOfBothThemes, NO_FAULTS, seriousFaults } from './axe.ts';
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

  it('is usable by everybody, in either theme', async () => {
    await rows().first().getByRole('button').first().click();
    await rows().first().getByRole('button', { name: /^Keep/ }).waitFor();
    expect(await faultsOfBothThemes(window)).toEqual(NO_FAULTS);
  });

  const inHand = () => window.page.locator('li[data-selected="true"]');
  const untilCounts = (text: RegExp) =>
    window.page.getByTestId('queue-counts').filter({ hasText: text }).waitFor(PATIENCE);

  it('writes a note that is kept with the verdict, moves an edge and splits, each one undo', async () => {
    const flicker = row(/LED flicker/).first();
    await flicker.getByRole('button').first().click();
    await window.page.keyboard.press('Shift+E');
    await window.page.keyboard.type('a hand passed');
    await window.page.keyboard.press('Enter');
    await expect.poll(() => window.focus(), PATIENCE).toMatch(/^listitem|^li/);
    await window.page.keyboard.press('2');
    await row(/“a hand passed”/).waitFor();

    await row(/“a hand passed”/)
      .getByRole('button')
      .first()
      .click();
    const start = async () =>
      Number(
        await inHand()
          .getByRole('button', { name: /^Start/ })
          .innerText()
          .then((text) => text.replace(/\D/g, '')),
      );
    const before = await start();
    await window.page.keyboard.press(']');
    await window.page.keyboard.press(']');
    await expect.poll(start, PATIENCE).toBe(before + 2);
    await window.topBar.getByRole('button', { name: /^Undo: Move the start/ }).waitFor(PATIENCE);
    expect(await inHand().innerText()).toMatch(/By hand[\s\S]*Cut[\s\S]*a hand passed/);
    expect(await window.shownTick()).toBe(before + 2);
    await window.page.keyboard.press('ArrowRight');
    await window.page.keyboard.press('Shift+S');
    await window.topBar.getByRole('button', { name: /^Undo: Split/ }).waitFor(PATIENCE);
    await expect.poll(() => row(/By hand/).count(), PATIENCE).toBe(2);
    await window.page.keyboard.press('Control+z');
    await expect.poll(() => row(/By hand/).count(), PATIENCE).toBe(1);
  });

  it('drags an end of it on its lane as one step, which Escape takes back', async () => {
    await row(/By hand/)
      .getByRole('button')
      .first()
      .click();
    const end = async () => (await inHand().getByRole('button', { name: /^End/ }).innerText()).replace(/\D/g, '');
    const before = await end();
    const lanes = window.page.getByRole('list', { name: 'Lanes' });
    const { mouse } = window.page;
    async function drag(byPx: number): Promise<void> {
      const lane = await lanes
        .getByRole('listitem')
        .filter({ hasText: /^Findings$/ })
        .boundingBox();
      const selected = await window.page.getByTestId('selection').boundingBox();
      if (!lane || !selected) throw new Error('Nothing is selected on the timeline.');
      const [x, y] = [selected.x + selected.width, lane.y + lane.height / 2];
      await mouse.move(x - 1, y);
      await mouse.down();
      await mouse.move(x + byPx / 2, y);
      await mouse.move(x + byPx, y);
    }
    await drag(60);
    await expect.poll(end, PATIENCE).not.toBe(before);
    await window.page.keyboard.press('Escape');
    await expect.poll(end, PATIENCE).toBe(before);
    await mouse.up();
    await drag(60);
    await mouse.up();
    await window.topBar.getByRole('button', { name: /^Undo: Move the end/ }).waitFor(PATIENCE);
    expect(Number(await end())).toBeGreaterThan(Number(before));
    await window.page.keyboard.press('Control+z');
    await expect.poll(end, PATIENCE).toBe(before);
  });

  it('goes over the date: adds by hand, decides a class of both recordings at once, and takes all of it back', async () => {
    await window.page.keyboard.press('Shift+D');
    await window.inspector.getByText(/1 of 2 recordings on this date was not looked into/).waitFor(PATIENCE);
    await window.inspector.getByRole('button', { name: 'Detect', exact: true }).click();
    await window.inspector.getByText(/not looked into/).waitFor({ state: 'detached', ...PATIENCE });
    await window.openFromLibrary('episode_001');
    await untilCounts(/, 1 recording$/);
    await window.typeGoTo('10');
    await window.page.keyboard.press('i');
    await window.typeGoTo('20');
    await window.page.keyboard.press('o');
    await window.page.keyboard.press('Shift+A');
    const form = window.inspector.getByRole('form', { name: 'Add a finding' });
    expect(await seriousFaults(window)).toEqual([]);
    await form.getByRole('combobox', { name: 'Class' }).selectOption('ot_late_start');
    await form.getByRole('radio', { name: 'Neither' }).check();
    await form.getByRole('textbox').press('Enter');
    await untilCounts(/, 2 recordings$/);
    expect(await inHand().innerText()).toMatch(/Late OptiTrack start[\s\S]*By hand[\s\S]*episode_001/);

    await window.page.keyboard.press('/');
    await window.inspector.getByRole('list', { name: 'Active filters' }).getByText('Late OptiTrack start').waitFor();
    await window.page.keyboard.press('n');
    await window.waitForEpisode('episode_000');
    await expect.poll(() => inHand().innerText(), PATIENCE).toMatch(/Late OptiTrack start[\s\S]*episode_000/);
    await expect.poll(() => window.focus(), PATIENCE).toMatch(/^li: Late OptiTrack start/);
    const [undecided] = (await counts()) as [string, string];
    await window.page.keyboard.press('Shift+2');
    const asked = window.dialog(`Cut ${undecided} × late OptiTrack start in 2 recordings?`);
    await asked.getByRole('textbox').press('Enter');
    await untilCounts(/^0 of/);
    await window.notice(/^Cut \d+ × late OptiTrack start in 2 recordings/).waitFor();
    await window.page.keyboard.press('Control+z');
    await untilCounts(new RegExp(`^${undecided} of`));
    await window.page.keyboard.press('/');
    await window.inspector.getByRole('list', { name: 'Active filters' }).waitFor({ state: 'detached' });
    // What is remembered is on its way a second later: the next window is to find it.
    const remembered = window.page.waitForResponse(/memory\/view/);
    await window.inspector.getByRole('combobox', { name: 'Findings of' }).selectOption('episode');
    await remembered;
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
    await again.inspector.getByRole('combobox', { name: 'Findings of' }).selectOption('episode');
    const left = again.page.getByTestId('queue-counts').filter({ hasText: `${undecided} of` });
    await left.waitFor(PATIENCE);
    await again.page.getByRole('button', { name: 'Look for findings again' }).click();
    await again.page.getByRole('img', { name: 'Looking for findings' }).waitFor({ state: 'detached' });
    await left.waitFor();
    expect(await rows(again).filter({ hasText: 'Cut' }).count()).toBeGreaterThan(0);
    const figure = path.join(stage.dataset, 'figures', 'dataset_figures', 'freeze_intervals.json');
    const { other_events: others } = JSON.parse(readFileSync(figure, 'utf8'));
    const said = { manual_verdict: 'cut', note: 'a hand passed', reviewer: expect.any(String), source: 'hand' };
    expect(others).toContainEqual(expect.objectContaining(said));
    expect(others).toContainEqual(expect.objectContaining({ manual_verdict: 'merge', source: 'detected' }));
    stage.forgive(/ERR_CONNECTION_REFUSED|Failed to load resource|net::/);
  });
});
