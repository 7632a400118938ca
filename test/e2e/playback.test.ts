import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { held } from '../support/held.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('an operator plays a recording', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({ address: `episode=${EPISODES.clean}&t=10` });
    await window.waitForEpisode('episode_001');
    await window.waitForTick(10);
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  /** The name of the button tells what it would do. */
  const playButton = (name: 'Play' | 'Pause') => window.transport.getByRole('button', { name, exact: true });

  it('plays forward through distinct ticks, and rests where it was paused', async () => {
    const ticks = await window.ticksDuring(async () => {
      await playButton('Play').click();
      await playButton('Pause').waitFor();
      await expect.poll(() => window.shownTick(), PATIENCE).toBeGreaterThan(60);
      // After a click the key still means what it means everywhere.
      await window.page.keyboard.press('Space');
      await playButton('Play').waitFor();
    });
    // Fifty ticks pass; how many of them a loaded machine shows is the bench's to judge.
    expect(ticks.length).toBeGreaterThanOrEqual(5);
    expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
    const rested = await window.restedTick();
    await window.waitForTick(rested);
    const later = await window.ticksDuring(() => nextFrames(window, 30));
    expect(later.filter((tick) => tick !== rested)).toEqual([]);
  });

  it('goes to an address that is pasted just when the page writes where it is', async () => {
    await window.typeGoTo('30');
    await window.waitForTick(30);
    // The page's own writing comes between the pasting and the browser's word of it.
    await window.page.evaluate(() => {
      const own = location.hash;
      location.hash = own.replace(/t=\d+/, 't=77');
      history.replaceState(history.state, '', own);
    });
    await window.waitForTick(77);
    await expect.poll(() => window.page.evaluate(() => location.hash), PATIENCE).toContain('t=77');
  });

  it('ends at the last tick, and shuttles back from there', async () => {
    await window.typeGoTo('110');
    await window.waitForTick(110);
    await window.page.keyboard.press('l');
    await window.waitForTick(119);
    await playButton('Play').waitFor();
    await window.page.keyboard.press('j');
    await expect.poll(() => window.shownTick(), PATIENCE).toBeLessThan(112);
    await window.page.keyboard.press('k');
    await playButton('Play').waitFor();
  });

  it('takes a held arrow as one step after the other, missing none', async () => {
    await window.typeGoTo('40');
    await window.waitForTick(40);
    const ticks = await window.ticksDuring(async () => {
      const keyboard = window.page.keyboard;
      // As the system repeats a held key, until the pictures are there.
      while ((await window.shownTick()) < 60) await keyboard.down('ArrowRight');
      await keyboard.up('ArrowRight');
    });
    const inReach = (tick: number) => tick > 40 && tick <= 60;
    // Every tick is asked for and painted before the next; a machine that stops for long may lose one.
    const painted = new Set((await window.seekMeasures()).map(({ tick }) => tick).filter(inReach));
    expect(painted.size).toBeGreaterThanOrEqual(18);
    // The read-out is written once a frame, and never goes back.
    const read = [...new Set(ticks)].filter(inReach);
    expect(read.length).toBeGreaterThan(12);
    expect(read).toEqual([...read].sort((a, b) => a - b));
  });

  it('loops a selection until told to stop', async () => {
    await window.typeGoTo('20');
    await window.waitForTick(20);
    await window.page.keyboard.press('i');
    await window.typeGoTo('28');
    await window.waitForTick(28);
    await window.page.keyboard.press('o');
    await window.page.keyboard.press('Control+l');
    await window.transport.getByRole('button', { name: 'Stop looping', pressed: true }).waitFor();
    const ticks = await window.ticksDuring(async () => {
      await window.page.keyboard.press('Space');
      await window.page.waitForFunction(countWraps, 2, { polling: 'raf' });
      await window.page.keyboard.press('Space');
      await playButton('Play').waitFor();
    });
    expect(Math.min(...ticks)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...ticks)).toBeLessThanOrEqual(28);
    await window.page.keyboard.press('Control+l');
    await window.transport.getByRole('button', { name: 'Loop the selection', pressed: false }).waitFor();
    await window.runCommand('Clear the selection');
  });

  it('plays the next recording where that was asked for before it was there, as fast', async () => {
    const { isAsked, letGo } = await holdOpening(window.page);
    await window.typeGoTo('0');
    await window.page.keyboard.press('l');
    await playButton('Pause').waitFor();
    await window.page.keyboard.press('PageUp');
    await isAsked;
    await playButton('Play').waitFor();
    // So slow that it is not over before it has begun.
    for (const key of ['Minus', 'Minus', 'Minus', 'Minus', 'Space']) await window.page.keyboard.press(key);
    letGo();
    await window.waitForEpisode('episode_000');
    await playButton('Pause').waitFor();
    await window.transport.getByRole('button', { name: 'Speed 0.1×' }).waitFor();
    await window.page.unroute('**/episodes/open');
    await window.page.keyboard.press('k');
    await window.page.keyboard.press('PageDown');
    await window.waitForEpisode('episode_001');
    await playButton('Play').waitFor();
  });

  it('plays the first recording where that was asked for before anything was on screen, each press counted', async () => {
    const early = await stage.openWindow();
    const { page } = early;
    await early.waitForEpisode('episode_000');
    const { isAsked, letGo } = await holdOpening(page);
    await page.reload();
    await isAsked;
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('l');
    letGo();
    await early.transport.getByRole('button', { name: 'Speed 4×' }).waitFor();
    await early.waitForTick(119);
    await page.context().close();
  });

  it('goes at the speed that was chosen', async () => {
    const speed = window.transport.getByRole('button', { name: /^Speed / });
    await speed.click();
    await window.page.getByRole('menuitemcheckbox', { name: '0.25×' }).click();
    expect(await speed.innerText()).toBe('0.25×');
    await window.page.keyboard.press('Equal');
    await expect.poll(() => speed.innerText(), PATIENCE).toBe('0.5×');
    await window.page.keyboard.press('0');
    await expect.poll(() => speed.innerText(), PATIENCE).toBe('1×');
  });

  it('has one time axis: plots and timeline zoom, move and point together', async () => {
    const { page } = window;
    const inPlot = async (title: string) =>
      (await window.pane(title).getByRole('img', { name: title }).getAttribute('aria-label'))?.replace(title, '');
    const both = async () => [await inPlot('Position'), await inPlot('Speed')];
    const whole = await inPlot('Position');
    await page.keyboard.press('Control+Equal');
    await expect.poll(() => inPlot('Speed'), PATIENCE).not.toBe(whole);
    await expect.poll(async () => new Set(await both()).size, PATIENCE).toBe(1);
    const zoomed = await inPlot('Position');

    // The other way round: the wheel over a plot, sideways too.
    await window.pane('Position').locator('.u-over').hover();
    await page.mouse.wheel(0, -240);
    await expect.poll(() => inPlot('Speed'), PATIENCE).not.toBe(zoomed);
    await window.timeline.getByText(/ of 3\.9/).waitFor();
    const near = await inPlot('Speed');
    await page.mouse.wheel(-4000, 0);
    await expect.poll(() => inPlot('Position'), PATIENCE).not.toBe(near);
    await expect.poll(async () => new Set(await both()).size, PATIENCE).toBe(1);
    expect(await inPlot('Speed')).toMatch(/^ from 0\.00 s /);

    // What is under the pointer in one is read in all of them.
    const readout = window.pane('Speed').getByText(/^\d+\.\d\d s +L /);
    await readout.waitFor({ state: 'visible' });
    await window.timeline.getByRole('region', { name: 'Lanes of the timeline' }).hover();
    await readout.waitFor({ state: 'visible' });
    await window.topBar.hover();
    await readout.waitFor({ state: 'hidden' });

    // A drag takes a part of what is in sight; a double click shows all.
    const box = await window.pane('Speed').locator('.u-over').boundingBox();
    if (!box) throw new Error('The speed plot has no area.');
    const y = box.y + box.height / 2;
    const before = await inPlot('Position');
    await page.mouse.move(box.x + box.width * 0.25, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => inPlot('Position'), PATIENCE).not.toBe(before);
    await page.mouse.dblclick(box.x + box.width / 2, y);
    await expect.poll(both, PATIENCE).toEqual([whole, whole]);
    await window.timeline.getByText(/^All /).waitFor();
  });

  it('finds the problems of a recording one after the other', async () => {
    await window.openFromLibrary('episode_000');
    await window.page.keyboard.press('Home');
    await window.waitForTick(0);
    await window.page.keyboard.press('End');
    await window.waitForTick(119);
    await window.page.keyboard.press('Comma');
    await expect.poll(() => window.shownTick(), PATIENCE).toBeLessThan(40);
    await window.page.keyboard.press('Home');
    await window.page.keyboard.press('Comma');
    await window.notice('No problem or mark before this moment.').waitFor();
  });
});

function nextFrames(window: WorkstationPage, count: number): Promise<void> {
  return window.page.evaluate(async (frames) => {
    for (let n = 0; n < frames; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, count);
}

/** True once the tick on screen went back that often; keeps its count in the page. */
function countWraps(wanted: number): boolean {
  const kept = window as unknown as { lastTick?: number; wraps?: number };
  const tick = Number(document.querySelector('[data-testid="shown-tick"]')?.textContent);
  if (kept.lastTick !== undefined && tick < kept.lastTick) kept.wraps = (kept.wraps ?? 0) + 1;
  kept.lastTick = tick;
  return (kept.wraps ?? 0) >= wanted;
}

/** Keeps back the opening of recordings that the page asks for: told once it is asked, and let go when wanted. */
async function holdOpening(page: Page): Promise<{ isAsked: Promise<void>; letGo: () => void }> {
  const [answer, asked] = [held(), held()];
  await page.route('**/episodes/open', async (route) => {
    asked.letGo();
    await answer.until;
    await route.continue();
  });
  return { isAsked: asked.until, letGo: answer.letGo };
}
