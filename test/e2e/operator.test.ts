import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import {
  coloursOf,
  differingPixels,
  dotMissesBy,
  frameFromTerminal,
  inkOf,
  newestAtOrBefore,
  projectedFromTerminal,
  readStamps,
} from './recording.ts';
import { EPISODES, PICTURE } from './sample.ts';
import { Stage } from './stage.ts';

const CAMERAS = ['Left camera', 'Middle camera', 'Right camera'];
const GELS = ['Left GelSight', 'Left GelSight difference', 'Right GelSight', 'Right GelSight difference'];
/** Wong's orange and blue. */
const SIDE_COLOURS = { sensor_left: [230, 159, 0], sensor_right: [0, 114, 178] } as const;
/** Every body is tracked from here on. */
const TICK = 60;

describe.skipIf(noChromium)('an operator looks through a recording', () => {
  let stage: Stage;
  let window: WorkstationPage;
  let recording: string;

  beforeAll(async () => {
    stage = await Stage.make();
    recording = path.join(stage.dataset, EPISODES.faulty);
    window = await stage.openWindow({ viewport: { width: 1600, height: 1000 } });
    await window.waitForEpisode('episode_000');
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  it('finds the dataset in the library and opens an episode with all its panes', async () => {
    await expect
      .poll(() => window.tree.getByRole('treeitem').allTextContents(), PATIENCE)
      .toEqual([
        expect.stringContaining('board_insertion'),
        expect.stringContaining('2026-07-02'),
        expect.stringMatching(/episode_000.*3\.97 s · 120 ticks · 8 streams/),
        expect.stringMatching(/episode_001.*3\.97 s · 120 ticks · 8 streams/),
      ]);
    await window.openFromLibrary('episode_001');
    await window.openFromLibrary('episode_000');
    expect(await window.episode('episode_000').getAttribute('aria-selected')).toBe('true');
    await window.goToAddress(`episode=${EPISODES.faulty}&t=${TICK}`);
    await window.waitForTick(TICK);
    for (const title of [...CAMERAS, ...GELS, '3D scene', 'Position', 'Speed']) {
      expect(await window.pane(title).isVisible(), title).toBe(true);
    }
    // Lines on a plain ground have their smoothed edges; an empty pane has a handful of colours.
    for (const title of ['3D scene', 'Position', 'Speed', ...CAMERAS]) {
      const colours = async () => coloursOf(await window.pane(title).screenshot());
      await expect.poll(colours, { ...PATIENCE, message: title }).toBeGreaterThan(60);
    }
  });

  it('shows one moment in every pane, however it was asked for', async () => {
    const ticks = await readStamps(recording, 'timestamps');
    const gels = {
      'Left GelSight': await readStamps(recording, 'gelsight/left/timestamps'),
      'Right GelSight': await readStamps(recording, 'gelsight/right/timestamps'),
    };
    const expectMoment = async (tick: number) => {
      await window.waitForTick(tick);
      for (const title of CAMERAS) expect(await window.paneIndex(title), title).toBe(tick);
      for (const [title, stamps] of Object.entries(gels)) {
        const index = newestAtOrBefore(stamps, ticks[tick] as number);
        expect(await window.paneIndex(title), title).toBe(index);
        expect(await window.paneIndex(`${title} difference`), title).toBe(index);
      }
      expect(await window.playhead.getAttribute('aria-valuenow')).toBe(`${tick}`);
      expect(await window.playhead.getAttribute('aria-valuetext')).toMatch(
        new RegExp(`^\\d\\.\\d\\d s, tick ${tick}$`),
      );
    };

    await window.playhead.focus();
    await window.page.keyboard.press('Home');
    await expectMoment(0);
    await window.page.keyboard.press('ArrowRight');
    await expectMoment(1);
    await window.page.keyboard.press('ArrowUp');
    await expectMoment(2);
    await window.page.keyboard.press('Alt+ArrowRight');
    await expectMoment(12);
    await window.page.keyboard.press('Shift+ArrowRight');
    await expectMoment(newestAtOrBefore(ticks, (ticks[12] as number) + 1));
    await window.page.keyboard.press('End');
    await expectMoment(119);
    await window.typeGoTo('77');
    await expectMoment(77);
    await window.typeGoTo('2.5s');
    await expectMoment(newestAtOrBefore(ticks, (ticks[0] as number) + 2.5));
    await window.typeGoTo('-5');
    await expectMoment(newestAtOrBefore(ticks, (ticks[0] as number) + 2.5) - 5);
    await window.goToAddress(`episode=${EPISODES.faulty}&t=93`);
    await expectMoment(93);
    expect((await window.seekMeasures()).map(({ tick }) => tick)).toEqual(
      expect.arrayContaining([0, 1, 2, 12, 119, 77, 93]),
    );
  });

  it('shows the stored pixels in their order, and in another', async () => {
    const stored = await frameFromTerminal(stage.folder, recording, 'realsense/cam1/color', TICK);
    await window.typeGoTo(String(TICK));
    await window.maximise('Left camera');
    const differing = async (swapped: boolean) =>
      differingPixels(await window.picture('Left camera'), stored, { swapped });
    await expect.poll(() => differing(false), PATIENCE).toBe(0);

    const order = window.pane('Left camera').getByRole('button', { name: 'Channel order of Left camera' });
    expect(await order.textContent()).toBe('BGR');
    await order.click();
    await expect.poll(() => order.textContent(), PATIENCE).toBe('RGB');
    await expect.poll(() => differing(true), PATIENCE).toBe(0);
    expect(await differing(false)).toBeGreaterThan(stored.width * stored.height * 0.5);

    await order.click();
    await expect.poll(() => differing(false), PATIENCE).toBe(0);
    await window.putBack('Left camera');
  });

  it('shows what a gel did by its difference from a reference', async () => {
    const greyness = async () => {
      const { rgba } = await window.picture('Left GelSight difference');
      let furthest = 0;
      for (let at = 0; at < rgba.length; at++) {
        if (at % 4 !== 3) furthest = Math.max(furthest, Math.abs((rgba[at] as number) - 128));
      }
      return furthest;
    };
    await window.typeGoTo('71');
    await window.waitForTick(71);
    await expect.poll(greyness, PATIENCE).toBeLessThan(16);
    // The sample's light flickers at tick 72.
    await window.page.keyboard.press('ArrowRight');
    await window.waitForTick(72);
    await expect.poll(greyness, PATIENCE).toBeGreaterThan(16);
    await window.page.keyboard.press('Alt+t');
    await window.notice('Tactile differences are now against tick 72.').waitFor();
    await expect.poll(greyness, PATIENCE).toBe(0);
    await window.page.keyboard.press('Alt+Shift+t');
    await expect.poll(greyness, PATIENCE).toBeGreaterThan(16);
  });

  it('lays the projection over the sensors, by the calibration in use', async () => {
    await window.typeGoTo(String(TICK));
    await window.waitForTick(TICK);
    const points = (await projectedFromTerminal(stage.folder, recording, TICK)).filter(({ visible }) => visible);
    expect(points).toHaveLength(6);
    const streams: Record<string, string> = {
      'realsense/cam1/color': 'Left camera',
      'realsense/cam2/color': 'Middle camera',
      'realsense/cam0/color': 'Right camera',
    };
    const missesBy = async () => {
      const misses = points.map(async ({ body, camera, u, v }) => {
        const picture = await window.overlay(streams[camera.stream] as string);
        const scale = picture.width / PICTURE.widthPx;
        return dotMissesBy(picture, { x: u * scale, y: v * scale }, SIDE_COLOURS[body as keyof typeof SIDE_COLOURS]);
      });
      return Math.max(...(await Promise.all(misses)));
    };
    const ink = async () => inkOf(await window.overlay('Left camera'));
    await expect.poll(missesBy, PATIENCE).toBeLessThan(1);

    const before = await window.pane('Left camera').screenshot();
    await window.page.keyboard.press('p');
    await expect.poll(ink, PATIENCE).toBe(0);
    expect(Buffer.compare(await window.pane('Left camera').screenshot(), before)).not.toBe(0);
    await window.page.keyboard.press('p');
    await expect.poll(ink, PATIENCE).toBeGreaterThan(20);

    // C goes through the folders, tells how far to trust each, and ends at none.
    await window.page.keyboard.press('c');
    await window
      .notice(
        /epoch_2026-06-18: 3 of 3 camera serials match · RMSE left [\d.]+ \w+, .*right [\d.]+ \w+ · made 2026-06-18/,
      )
      .waitFor();
    await expect.poll(missesBy, { ...PATIENCE, message: 'another folder draws elsewhere' }).toBeGreaterThan(2);
    await window.page.keyboard.press('c');
    await window.notice('No calibration: nothing is projected.').waitFor();
    await expect.poll(ink, PATIENCE).toBe(0);
    await window.page.keyboard.press('c');
    await window.notice(/epoch_2026-07-01: 3 of 3 camera serials match/).waitFor();
    await expect.poll(missesBy, PATIENCE).toBeLessThan(1);
  });

  it('measures how far each folder is off where one clicks', async () => {
    const [point] = (await projectedFromTerminal(stage.folder, recording, TICK)).filter(
      ({ camera }) => camera.position === 'middle',
    );
    const box = await window.pane('Middle camera').locator('canvas').nth(1).boundingBox();
    if (!box || !point) throw new Error('The middle camera has no overlay.');
    const scale = box.width / PICTURE.widthPx;
    await window.page.keyboard.down('Alt');
    await window.page.mouse.click(box.x + point.u * scale, box.y + point.v * scale);
    await window.page.keyboard.up('Alt');
    const card = window.page.getByRole('complementary', { name: 'Residual by calibration folder' });
    const rows = card.getByRole('row');
    await expect.poll(() => rows.count(), PATIENCE).toBe(2);
    const residual = async (row: number) => Number.parseFloat(await rows.nth(row).getByRole('cell').last().innerText());
    expect(await rows.first().innerText()).toMatch(/epoch_2026-07-01 \(in use\)/);
    // A click is a whole pixel of the screen, about one of the picture.
    expect(await residual(0)).toBeLessThan(1.2);
    expect(await residual(1)).toBeGreaterThan(2.4);
    await card.getByRole('button', { name: 'Close' }).click();
    await card.waitFor({ state: 'hidden' });
  });
});
