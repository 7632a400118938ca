import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Failure } from '../../shared/review/markers.ts';
import type { GestureLine } from '../../shared/review/review.ts';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

/** Marks on the timeline by mouse, and by the keys of what has the focus there. */
describe.skipIf(noChromium)('marks on their lanes', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({ address: `episode=${EPISODES.clean}` });
    await window.waitForEpisode('episode_001');
    await at(60, 'm');
    await undoOf('Mark a failure').waitFor();
    await window.page.keyboard.press('Escape');
    await at(80, 'r');
    await at(100, 'r');
    await segment(/^Recovery.*ticks 80 to 100$/).waitFor();
  });
  afterAll(() => stage?.close());

  const segment = (name: RegExp): Locator => window.timeline.getByRole('group', { name });
  const slider = (name: string): Locator => window.timeline.getByRole('slider', { name, exact: true });
  const undoOf = (step: string) => window.topBar.getByRole('button', { name: `Undo: ${step}` });
  const nameOf = async (locator: Locator) => (await locator.getAttribute('aria-label')) ?? '';
  const valueOfSlider = async (name: string) => Number(await slider(name).getAttribute('aria-valuenow'));
  const failureEnd = () => valueOfSlider('End of failure without a code');

  async function at(tick: number, key: string): Promise<void> {
    await window.typeGoTo(`${tick}`);
    await window.waitForTick(tick);
    await window.page.keyboard.press(key);
  }

  /** Where a tick lies on a segment's row. */
  async function pointAt(of: Locator, tick: number): Promise<[x: number, y: number]> {
    const { x, width } = await boxOf(window.timeline.getByTestId('lanes'));
    const lastTick = Number(await window.playhead.getAttribute('aria-valuemax'));
    const { y, height } = await boxOf(of);
    // The clock of the recording is regular enough for the few ticks of this sample.
    return [x + (tick / lastTick) * width, y + height / 2];
  }

  async function boxOf(locator: Locator) {
    const box = await locator.boundingBox();
    if (!box) throw new Error('Nothing to point at.');
    return box;
  }

  /** Presses at a tick of a segment and moves to another, without letting go. */
  async function drag(of: Locator, from: number, to: number): Promise<void> {
    const [start, end] = [await pointAt(of, from), await pointAt(of, to)];
    await window.page.mouse.move(...start);
    await window.page.mouse.down();
    await window.page.mouse.move((start[0] + end[0]) / 2, start[1]);
    await window.page.mouse.move(...end);
  }

  it('are named for a screen reader', async () => {
    expect(await nameOf(segment(/^Failure without/))).toMatch(
      /^Failure without a code, 0\.00 s to \d\.\d\d s, ticks 0 to \d+$/,
    );
    expect(await nameOf(segment(/^Recovery of/))).toMatch(
      /^Recovery of failure without a code, 2\.\d\d s to 3\.\d\d s/,
    );
    await window.timeline.getByRole('group', { name: 'Failures' }).waitFor();
  });

  it('are dragged by an edge in one step, which snaps unless Alt is held and shows its tick in every pane', async () => {
    const failure = segment(/^Failure without/);
    const [x, y] = await pointAt(failure, 30);
    await window.page.mouse.click(x, y);
    const last = await failureEnd();
    // At the end of the lanes: a little inside of it.
    await drag(failure, last - 0.4, 100.6);
    // The recovery ends at 100.
    await expect.poll(failureEnd, PATIENCE).toBe(100);
    await window.waitForTick(100);
    expect(await slider('End of failure without a code').getAttribute('aria-valuetext')).toMatch(/s, tick 100$/);
    expect(await window.page.getByTestId('dragged').innerText()).toMatch(/tick 100[\s\S]*R1/);
    await window.page.keyboard.down('Alt');
    await window.page.mouse.move(...(await pointAt(failure, 100.6)));
    await expect.poll(failureEnd, PATIENCE).toBe(101);
    await window.waitForTick(101);
    await window.page.mouse.up();
    await window.page.keyboard.up('Alt');
    await undoOf('Move failure end').waitFor();
    await window.page.keyboard.press('Control+z');
    await expect.poll(failureEnd, PATIENCE).toBe(last);
    await undoOf('End the recovery').waitFor();
  });

  it('go back where they were by Escape', async () => {
    const failure = segment(/^Failure without/);
    const last = await failureEnd();
    await drag(failure, last - 0.4, 110);
    await expect.poll(failureEnd, PATIENCE).not.toBe(last);
    await window.page.keyboard.press('Escape');
    await expect.poll(failureEnd, PATIENCE).toBe(last);
    await window.page.mouse.up();
    expect(await failureEnd()).toBe(last);
    await undoOf('End the recovery').waitFor();
  });

  it('are dragged as a whole, and looped by a double click', async () => {
    const recovery = segment(/^Recovery of/);
    await drag(recovery, 90, 96);
    await window.page.mouse.up();
    await undoOf('Move recovery').waitFor();
    await expect.poll(() => nameOf(recovery), PATIENCE).toMatch(/ticks 86 to 106$/);
    await window.page.mouse.dblclick(...(await pointAt(recovery, 96)));
    await window.transport.getByRole('button', { name: 'Stop looping', pressed: true }).waitFor();
    await window.page.keyboard.press('k');
  });

  it('have a menu of what can be done with them, by the mouse and by its key', async () => {
    const recovery = segment(/^Recovery of/);
    await window.page.mouse.click(...(await pointAt(recovery, 96)), { button: 'right' });
    const menu = window.page.getByRole('menu');
    await menu.getByRole('menuitem', { name: /^Split what is in hand/ }).waitFor();
    await window.page.keyboard.press('Escape');
    // A menu that closes gives the focus back, a moment after it is gone.
    await expect.poll(() => window.focus(), PATIENCE).toMatch(/^group: Recovery/);
    await segment(/^Failure without/).focus();
    await window.page.keyboard.press('Shift+F10');
    await menu.getByRole('menuitem', { name: /^Delete the mark in hand/ }).click();
    await undoOf('Delete failure').waitFor();
    await window.page.keyboard.press('Control+z');
    await segment(/^Failure without/).waitFor();
  });

  it('are walked by Tab, another person’s too, and left at the ends', async () => {
    await addLayerOf('Ada');
    await window.page.reload();
    await window.waitForEpisode('episode_001');
    await segment(/^Failure.*by Ada, read-only$/).waitFor();
    await segment(/^Failure without/).focus();
    const walked: string[] = [];
    for (let step = 0; step < 3; step++) {
      await window.page.keyboard.press('Tab');
      walked.push((await window.focus()).replace(/,.*?(?=, by|$)/, ''));
    }
    expect(walked).toEqual([
      'group: Recovery of failure without a code',
      'group: Failure GRASP_SLIP, by Ada, read-only',
      'slider: Start of the part shown',
    ]);
  });

  it('move by arrows on a focused edge', async () => {
    await segment(/^Failure without/).focus();
    await window.page.keyboard.press('Enter');
    await expect.poll(() => window.focus(), PATIENCE).toBe('slider: Event of failure without a code');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp']) await window.page.keyboard.press(key);
    await expect.poll(() => valueOfSlider('Event of failure without a code'), PATIENCE).toBe(63);
    await window.waitForTick(63);
    await undoOf('Move failure event').waitFor();
    await window.page.keyboard.press('Escape');
    expect(await window.focus()).toMatch(/^group: Failure without a code/);
    await window.page.keyboard.press('Escape');
    expect(await window.focus()).toBe('slider: Playhead');
  });

  it('of another person are read and not moved', async () => {
    const theirs = segment(/^Failure.*by Ada/);
    const before = await nameOf(theirs);
    await drag(theirs, 50, 70);
    await window.page.mouse.up();
    // A drag there selects, as anywhere else on the lanes.
    await window.page.getByTestId('selection').waitFor();
    expect(await nameOf(theirs)).toBe(before);
    await undoOf('Move failure event').waitFor();
    await window.page.mouse.click(...(await pointAt(theirs, 30)));
    await window.waitForTick(20);
    expect(await theirs.getByRole('slider').count()).toBe(0);
    expect(stage.complaints).toEqual([]);
  });

  /** As another install would have written it: a failure from tick 10 to 50. */
  async function addLayerOf(annotator: string): Promise<void> {
    const reviews = path.join(stage.dataset, '.regrasp', 'reviews');
    const [journal] = readdirSync(reviews, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.jsonl'),
    );
    const folder = path.dirname(path.join(reviews, `${journal}`));
    const [first] = readFileSync(path.join(reviews, `${journal}`), 'utf8').split('\n');
    const line = JSON.parse(`${first}`) as GestureLine;
    const [change] = line.patch;
    const value: Failure = { ...(change?.value as Failure), event: 20, window: [10, 50], code: 'GRASP_SLIP' };
    const theirs = { ...line, id: randomUUID(), annotator, install: 'elsewhere', patch: [{ ...change, value }] };
    writeFileSync(path.join(folder, `${annotator}.elsewhere.jsonl`), `${JSON.stringify(theirs)}\n`);
  }
});
