import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
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
    const rested = Number(await window.playhead.getAttribute('aria-valuenow'));
    await window.waitForTick(rested);
    const later = await window.ticksDuring(() => nextFrames(window, 30));
    expect(later.filter((tick) => tick !== rested)).toEqual([]);
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
    await window.notice('No problem before this moment.').waitFor();
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
