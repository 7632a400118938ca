import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sourceNamed } from '../../electron/sources/index.ts';
import { PATIENCE, type Picture, readCanvas, type WorkstationPage } from '../pages/workstation-page.ts';
import { encodePattern, noFfmpeg, presentedByFfmpeg, readPattern } from '../support/bit-pattern-video.ts';
import { noChromium } from '../support/chromium.ts';
import { createSampleTools } from '../support/sample-tools.ts';
import { Stage } from './stage.ts';

const H264 = ['-c:v', 'libx264', '-bf', '3', '-g', '15'];
const OPEN_GROUPS = ['-x264-params', 'open-gop=1:scenecut=0:min-keyint=15'];
const [FRONT, WRIST] = ['observation.images.front', 'observation.images.left_wrist'];

/** A LeRobot recording whose videos paint their frames' numbers: one that plays, and one as OpenCV writes them. */
describe.skipIf(noChromium ?? noFfmpeg)('a person looks at a recording with videos', () => {
  let stage: Stage;
  let window: WorkstationPage;
  let truth: number[];

  async function write(dataset: string): Promise<void> {
    const made = `${dataset}-made`;
    const tools = await createSampleTools({ seconds: 5 });
    // Its own pictures are not looked at.
    const picture = (_camera: string, _seconds: number, widthPx: number) =>
      new Uint8Array(widthPx * widthPx * 0.75 * 3);
    await sourceNamed('lerobot')?.writeSample?.(made, { ...tools, scene: { ...tools.scene, picture } });
    const videos = path.join(made, 'v2.1', 'videos', 'chunk-000');
    const [front, wrist] = [FRONT, WRIST].map((camera) => path.join(videos, camera, 'episode_000001.mp4'));
    const frames = presentedByFfmpeg(front as string).length;
    const size = { frames, rateHz: 10 };
    await encodePattern(front as string, { ...size, encode: [...H264, ...OPEN_GROUPS] });
    await encodePattern(wrist as string, { ...size, encode: ['-c:v', 'mpeg4', '-q:v', '3'] });
    truth = presentedByFfmpeg(front as string);
    rmSync(dataset, { recursive: true });
    renameSync(path.join(made, 'v2.1'), dataset);
    expect(readdirSync(dataset)).toContain('meta');
  }

  beforeAll(async () => {
    stage = await Stage.make({ write });
    window = await stage.openWindow();
    await window.openFromLibrary('episode_000001');
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  const painted = async (title: string) => numberIn(await window.picture(title));

  it('sees in every pane the frame of the moment', async () => {
    for (const tick of [7, 31, 2, 40]) {
      await window.typeGoTo(String(tick));
      await window.waitForTick(tick);
      expect(await painted('front')).toBe(truth[tick]);
      expect(await window.paneIndex('front')).toBe(tick);
    }
    await window.page.getByRole('toolbar', { name: 'Transport' }).getByText('Decoded video').waitFor();
    await window.page.keyboard.press('ArrowLeft');
    await window.waitForTick(39);
    expect(await painted('front')).toBe(truth[39]);
  });

  it('sees a copy, named so, of a video that no window plays', async () => {
    await window.pane('left_wrist').getByText('H.264 copy', { exact: true }).waitFor();
    for (const tick of [3, 28]) {
      await window.typeGoTo(String(tick));
      await window.waitForTick(tick);
      await expect.poll(() => painted('left_wrist'), PATIENCE).toBe(tick);
    }
  });

  it('is told what is unusual about a video', async () => {
    const about = window.pane('front').getByRole('button', { name: 'About the video of front' });
    await about.hover();
    await window.page.getByRole('tooltip').getByText('Its groups of pictures are open').waitFor();
    expect(await window.pane('left_wrist').getByRole('button', { name: 'About the video' }).count()).toBe(0);
    await window.topBar.hover();
  });

  it('sees under the pointer on the timeline the frame of that moment', async () => {
    for (const share of [0.3, 0.7]) await expectPreview(share);
    await window.topBar.hover();
  });

  it('sees it where no pane shows that video, too', async () => {
    await window.pane('left_wrist').getByRole('button', { name: 'Maximise left_wrist' }).click();
    await window.pane('front').waitFor({ state: 'hidden' });
    for (const share of [0.25, 0.8]) await expectPreview(share);
    await window.pane('left_wrist').getByRole('button', { name: 'Put left_wrist back' }).click();
    await window.pane('front').waitFor();
  });

  async function expectPreview(share: number): Promise<void> {
    const preview = window.page.getByTestId('hover-preview');
    const lanes = window.timeline.getByRole('region', { name: 'Lanes of the timeline' });
    const { width } = (await lanes.boundingBox()) as { width: number };
    await lanes.hover({ position: { x: width * share, y: 12 } });
    await preview.locator('canvas:not([data-waiting])').waitFor();
    const tick = Number(/tick (\d+)/.exec(await preview.innerText())?.[1]);
    expect(numberIn(await readCanvas(preview.locator('canvas')))).toBe(truth[tick]);
  }

  it('plays, and never mixes the moments of two videos', async () => {
    await window.typeGoTo('0');
    await window.waitForTick(0);
    await window.page.keyboard.press('Space');
    await expect.poll(() => window.shownTick(), PATIENCE).toBeGreaterThan(5);
    await window.page.keyboard.press('Space');
    const rested = await window.restedTick();
    await window.waitForTick(rested);
    expect([await painted('front'), await painted('left_wrist')]).toEqual([rested, rested]);
  });
});

function numberIn({ width, height, rgba }: Picture): number {
  return readPattern((x, y) => rgba[(Math.floor(y * height) * width + Math.floor(x * width)) * 4] ?? 0);
}
