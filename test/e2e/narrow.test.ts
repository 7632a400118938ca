import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

/** The smallest window the desktop allows, with everything beside the panes that can be. */
describe.skipIf(noChromium)('in the smallest window, with library and inspector open', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({
      address: `episode=${EPISODES.clean}&t=10`,
      viewport: { width: 900, height: 600 },
    });
    await window.waitForEpisode('episode_001');
    await window.inspect('Episode');
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  /** How much of each pane's menu button lies outside of its pane, by the button's name; pixels. */
  const cutMenus = (): Promise<Record<string, number>> =>
    window.workspace.getByRole('button', { name: /: pane menu$/ }).evaluateAll((buttons) =>
      Object.fromEntries(
        buttons.map((button) => {
          const inner = button.getBoundingClientRect();
          const outer = (button.closest('section') as HTMLElement).getBoundingClientRect();
          const cut = Math.max(0, inner.right - outer.right, outer.left - inner.left);
          return [button.getAttribute('aria-label') ?? '', Math.round(cut)] as const;
        }),
      ),
    );

  it('shows the whole menu button of every pane, and the menu opens', async () => {
    await expect.poll(async () => Object.keys(await cutMenus()).length, PATIENCE).toBe(10);
    await expect.poll(async () => Object.entries(await cutMenus()).filter(([, cut]) => cut > 0), PATIENCE).toEqual([]);
    const narrow = window.pane('Left GelSight difference');
    expect((await narrow.boundingBox())?.width).toBeLessThan(80);
    await narrow.getByRole('button', { name: 'Left GelSight difference: pane menu' }).click();
    await window.page.getByRole('menuitem', { name: 'Close this pane' }).waitFor();
    await window.page.keyboard.press('Escape');
  });

  it('cuts a long name short before the ways to its neighbours', async () => {
    const heading = window.topBar.getByRole('heading', { level: 1, name: 'episode_001' });
    const cut = await heading.evaluate((element) => {
      const name = element.textContent;
      element.textContent = 'a_name_a_lab_gave_it_'.repeat(10);
      const end = (element.parentElement as HTMLElement).getBoundingClientRect().right;
      const buttons = [...(element.parentElement as HTMLElement).querySelectorAll('button')];
      const beyond = buttons.filter((button) => Math.ceil(button.getBoundingClientRect().right - end) > 0);
      element.textContent = name;
      return { buttons: buttons.length, beyond: beyond.length };
    });
    expect(cut).toEqual({ buttons: 2, beyond: 0 });
  });

  it.each([900, 1000, 1200, 1440])('cuts nothing off the transport while a loop plays, %i px wide', async (width) => {
    const { page } = window;
    await page.setViewportSize({ width, height: 720 });
    const inspector = window.topBar.getByRole('button', { name: 'Show or hide the inspector' });
    if ((await inspector.getAttribute('aria-pressed')) === 'true') await inspector.click();
    await page.keyboard.press('Shift+X');
    await window.typeGoTo('20');
    await page.keyboard.press('i');
    await page.keyboard.press('Control+l');
    for (let presses = 0; presses < 5; presses++) await page.keyboard.press('Equal');
    await page.keyboard.press('Space');
    await page.getByTestId('achieved').filter({ hasText: /\/s/ }).waitFor();
    const cut = () =>
      window.transport.evaluate((bar) => {
        const end = bar.getBoundingClientRect().right;
        const parts = [...bar.querySelectorAll('*')].filter((part) => part.getBoundingClientRect().width > 0);
        const beyond = parts.filter((part) => Math.ceil(part.getBoundingClientRect().right - end) > 0);
        return beyond.map((part) => part.outerHTML.slice(0, 200));
      });
    // What is hidden for want of room goes a frame after the room is measured.
    await expect.poll(cut, PATIENCE).toEqual([]);
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+l');
    await page.keyboard.press('0');
    await page.keyboard.press('Shift+X');
  });

  it('lets no pane be made narrower than its menu', async () => {
    await window.page.setViewportSize({ width: 900, height: 600 });
    await window.inspect('Episode');
    const edge = window.page.getByRole('separator', { name: 'Width of the pane before' }).last();
    await edge.focus();
    for (let presses = 0; presses < 12; presses++) await window.page.keyboard.press('ArrowRight');
    for (let presses = 0; presses < 30; presses++) await window.page.keyboard.press('ArrowLeft');
    await expect.poll(async () => Object.entries(await cutMenus()).filter(([, cut]) => cut > 0), PATIENCE).toEqual([]);
  });

  it('enlarged to twice: pictures and all that moves them at 640 by 360, marks where their time is', async () => {
    const large = await stage.openWindow({
      ...{ address: `episode=${EPISODES.faulty}&t=10`, deviceScaleFactor: 2 },
      viewport: { width: 640, height: 360 },
    });
    await large.topBar.getByRole('heading', { level: 1, name: 'episode_000' }).waitFor();
    await large.pane('Left camera').waitFor();
    const cut = () =>
      large.transport.getByRole('button').evaluateAll((buttons) =>
        buttons
          .filter((button) => {
            const box = button.getBoundingClientRect();
            return box.width > 0 && (box.right > innerWidth || box.bottom > innerHeight || box.left < 0);
          })
          .map((button) => button.outerHTML.slice(0, 120)),
      );
    await expect.poll(cut, PATIENCE).toEqual([]);
    expect(await large.library.count(), 'the library gives the pictures its room until it is asked for').toBe(0);

    await large.page.setViewportSize({ width: 960, height: 540 });
    // Ruler, lanes, seen ticks and overview: none is laid out wider than the place it stands in.
    const sizes = () =>
      large.timeline.locator('canvas').evaluateAll((canvases) => {
        const end = canvases[0]?.closest('section')?.getBoundingClientRect().right ?? 0;
        return (canvases as HTMLCanvasElement[]).map((canvas) => {
          const box = canvas.getBoundingClientRect();
          return { isInside: box.width > 0 && box.right <= end, pixelsToOne: Math.round(canvas.width / box.width) };
        });
      });
    await expect.poll(sizes, PATIENCE).toEqual(Array(4).fill({ isInside: true, pixelsToOne: 2 }));
    await large.page.context().close();
  });
});
