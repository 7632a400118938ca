import type { Locator, Page } from 'playwright-core';

/** How long a loaded machine may take over anything a page waits for. Conditions end the wait, never this. */
export const PATIENCE = { timeout: 30_000, interval: 40 } as const;

/** A picture as the browser holds it: four bytes a pixel, red first, rows from the top. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/**
 * The workstation's window as a person finds it: by role and by name, the same in every door. Methods act or look;
 * what must come true is waited for, and says what was there instead when it does not.
 */
export class WorkstationPage {
  readonly library: Locator;
  readonly tree: Locator;
  readonly workspace: Locator;
  readonly inspector: Locator;
  readonly transport: Locator;
  readonly timeline: Locator;
  readonly playhead: Locator;
  readonly notices: Locator;
  readonly topBar: Locator;

  constructor(readonly page: Page) {
    page.setDefaultTimeout(PATIENCE.timeout);
    this.library = page.getByRole('navigation', { name: 'Library' });
    this.tree = page.getByRole('tree', { name: 'Episodes' });
    this.workspace = page.getByRole('main', { name: 'Workspace' });
    this.inspector = page.getByRole('complementary', { name: 'Inspector' });
    this.transport = page.getByRole('toolbar', { name: 'Transport' });
    this.timeline = page.getByRole('region', { name: 'Timeline', exact: true });
    this.playhead = page.getByRole('slider', { name: 'Playhead' });
    this.notices = page.getByRole('region', { name: 'Notices' });
    this.topBar = page.getByRole('banner');
  }

  /** A row of the library by the episode's name. */
  episode(name: string): Locator {
    return this.tree.getByRole('treeitem').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Opens the menu of what the list can be filtered by. */
  async openFilters(): Promise<void> {
    await this.library.getByRole('button', { name: /^Filter by format/ }).click();
    await this.page.getByRole('menu').waitFor();
  }

  /** A value in that menu; its name ends with how many recordings have it. */
  filter(value: string): Locator {
    return this.page.getByRole('menuitemcheckbox', { name: new RegExp(`^${value}\\s*\\d+$`) });
  }

  /** The button of one component in the legend of a plot. */
  component(plot: string, name: string): Locator {
    return this.page.getByRole('list', { name: `Components of ${plot}` }).getByRole('button', { name, exact: true });
  }

  /** How many components of a plot are drawn. */
  shownComponents(plot: string): Promise<number> {
    return this.page
      .getByRole('list', { name: `Components of ${plot}` })
      .getByRole('button', { pressed: true })
      .count();
  }

  /** Opens the form for what the open recording's files do not say. */
  async openStatedFacts(): Promise<void> {
    await this.page
      .getByRole('contentinfo')
      .getByRole('button', { name: /assumed|stated|unknown/ })
      .click();
    await this.dialog('What the files do not say').waitFor();
  }

  /** Shows the panel of jobs, which is remembered from window to window. Its button says what runs while something does. */
  async showJobs(): Promise<void> {
    const button = this.page.getByRole('contentinfo').getByRole('button', { name: /^(Jobs|Look into)/ });
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
    await this.page.getByRole('region', { name: 'Jobs', exact: true }).waitFor();
  }

  /** Shows a tab of the inspector, which starts hidden where it would take the pictures' room. */
  async inspect(tab: 'Review' | 'Findings' | 'Marks' | 'Episode' | 'Calibration'): Promise<void> {
    const button = this.topBar.getByRole('button', { name: 'Show or hide the inspector' });
    const title = this.inspector.getByRole('tab', { name: tab });
    // How it was arranged elsewhere may be recalled a moment after the click, and hide it once more.
    for (let tries = 0; tries < 3; tries++) {
      if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
      const isChosen = await title.click({ timeout: PATIENCE.timeout / 3 }).then(
        () => true,
        () => false,
      );
      if (isChosen) break;
    }
    await this.inspector.getByRole('tabpanel', { name: tab }).waitFor();
  }

  pane(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  dialog(name: string): Locator {
    return this.page.getByRole('dialog', { name });
  }

  /** Opens an episode as a click does, and waits for its first picture. */
  async openFromLibrary(name: string): Promise<void> {
    await this.episode(name).click();
    await this.waitForEpisode(name);
  }

  /** The episode's name stands at the top, and a tick of it is on screen. */
  async waitForEpisode(name: string): Promise<void> {
    await this.topBar.getByRole('heading', { level: 1, name }).waitFor();
    await this.playhead.waitFor();
    await this.page.getByTestId('shown-tick').filter({ hasText: /^\d+$/ }).waitFor();
    await this.page.waitForFunction(() => performance.getEntriesByName('open-to-paint').length > 0);
  }

  /** What is in the address bar behind "#". */
  async goToAddress(address: string): Promise<void> {
    await this.page.evaluate((hash) => {
      window.location.hash = hash;
    }, address);
  }

  /** The tick whose pictures are on screen; NaN before the first. */
  async shownTick(): Promise<number> {
    return Number.parseInt((await this.page.getByTestId('shown-tick').textContent()) ?? '', 10);
  }

  async waitForTick(tick: number): Promise<void> {
    const isShown = this.page
      .getByTestId('shown-tick')
      .filter({ hasText: new RegExp(`^${tick}$`) })
      .waitFor();
    await isShown.catch(async (error) => {
      const commanded = await this.playhead.getAttribute('aria-valuenow', { timeout: 1000 }).catch(() => 'nothing');
      const instead = `${await this.shownTick()} is shown, ${commanded} was asked for`;
      throw new Error(`Tick ${tick} never came on screen: ${instead}; ${await this.workspace.innerText()}`, {
        cause: error,
      });
    });
  }

  /** Where play came to rest: the playhead is told in the frame after, and while playing only now and then. */
  async restedTick(): Promise<number> {
    await this.transport.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    return Number(await this.playhead.getAttribute('aria-valuenow'));
  }

  /** Through the dialog that G opens. */
  async typeGoTo(text: string): Promise<void> {
    await this.page.keyboard.press('g');
    await this.dialog('Go to').getByRole('textbox').fill(text);
    await this.page.keyboard.press('Enter');
    await this.dialog('Go to').waitFor({ state: 'hidden' });
  }

  /** By its title, through the palette. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    const palette = this.dialog('Command palette');
    await palette.getByRole('combobox').fill(title);
    await palette.getByRole('option', { name: title, exact: false }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await palette.waitFor({ state: 'hidden' });
  }

  /** Index of the sample a pane shows, from its caption; undefined while it shows none. */
  async paneIndex(title: string): Promise<number | undefined> {
    const caption = await this.pane(title)
      .getByText(/^#\d+$/)
      .allTextContents();
    return caption[0] === undefined ? undefined : Number(caption[0].slice(1));
  }

  /** How many colours an image pane's canvas holds, counted to a thousand: an empty one has a handful. */
  coloursIn(title: string): Promise<number> {
    return this.pane(title)
      .locator('canvas')
      .first()
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const copy = new OffscreenCanvas(Math.max(1, canvas.width), Math.max(1, canvas.height));
        const context = copy.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
        context.drawImage(canvas, 0, 0);
        const pixels = new Uint32Array(context.getImageData(0, 0, copy.width, copy.height).data.buffer);
        const seen = new Set<number>();
        for (const pixel of pixels) if (seen.add(pixel).size >= 1000) break;
        return seen.size;
      });
  }

  /** What an image pane's canvas holds: the stored pixels where the pane is at least as large as they are. */
  picture(title: string): Promise<Picture> {
    return readCanvas(this.pane(title).locator('canvas').first());
  }

  /** What is drawn over a camera's picture. */
  overlay(title: string): Promise<Picture> {
    return readCanvas(this.pane(title).locator('canvas').nth(1));
  }

  async maximise(title: string): Promise<void> {
    await this.pane(title)
      .getByRole('button', { name: `Maximise ${title}` })
      .click();
    await this.pane(title)
      .getByRole('button', { name: `Put ${title} back` })
      .waitFor();
  }

  async putBack(title: string): Promise<void> {
    await this.pane(title)
      .getByRole('button', { name: `Put ${title} back` })
      .click();
  }

  /** The newest short message with these words. */
  notice(text: string | RegExp): Locator {
    return this.notices.getByRole('listitem').filter({ hasText: text }).last();
  }

  /** Ticks whose `seek-to-paint` was measured so far, in order. */
  seekMeasures(): Promise<{ tick: number; ms: number }[]> {
    return this.page.evaluate(() =>
      performance
        .getEntriesByName('seek-to-paint')
        .map((entry) => ({ tick: (entry as PerformanceMeasure).detail.tick as number, ms: entry.duration })),
    );
  }

  /** Every tick that comes on screen while `during` runs, in order. */
  async ticksDuring(during: () => Promise<void>): Promise<number[]> {
    const watched = await this.page.getByTestId('shown-tick').evaluateHandle((element) => {
      const ticks: number[] = [];
      const observer = new MutationObserver(() => {
        const tick = Number(element.textContent);
        // A loaded machine plays scaled pixels: the stored ones that replace them at rest are of the same tick.
        if (tick !== ticks.at(-1)) ticks.push(tick);
      });
      observer.observe(element, { childList: true, characterData: true, subtree: true });
      return { ticks, observer };
    });
    await during();
    return watched.evaluate(({ ticks, observer }) => {
      observer.disconnect();
      return ticks;
    });
  }

  /** Name of the element that has the focus, as "role: name", for keyboard journeys. */
  focus(): Promise<string> {
    return this.page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return 'body';
      const implied: Record<string, string> = { BUTTON: 'button', INPUT: 'textbox', SELECT: 'combobox', MAIN: 'main' };
      const role = element.getAttribute('role') ?? implied[element.tagName] ?? element.tagName.toLowerCase();
      const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent).join(' ');
      return `${role}: ${element.getAttribute('aria-label') ?? (labels || element.textContent?.trim())}`;
    });
  }
}

export async function readCanvas(canvas: Locator): Promise<Picture> {
  const { width, height, base64 } = await canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    if (!context) throw new Error('This canvas is not painted in two dimensions.');
    const { data } = context.getImageData(0, 0, width, height);
    let text = '';
    for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
    return { width, height, base64: btoa(text) };
  });
  return { width, height, rgba: new Uint8Array(Buffer.from(base64, 'base64')) };
}
