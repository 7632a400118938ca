import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { DesktopBridge, MenuCommand, MenuState } from '../../shared/api/bridge.ts';
import type { Root } from '../../shared/api/library.ts';
import { type Fixture, makeFixture } from '../contract/fixture.ts';
import { Desktop, type LaunchOptions } from '../electron-double/launch.ts';
import { launchChromium } from '../support/chromium.ts';
import { type StagedApp, stageApp } from '../support/staged-app.ts';

/**
 * A page that uses every part of the bridge and nothing else, so that the shell is judged apart from the screen: it keeps
 * the commands it gets, and grants what is dropped on it.
 */
const PAGE = `<!doctype html><title>Regrasp</title><main id="drop">Drop here</main><script type="module" src="./page.js"></script>`;
const SCRIPT = `
window.commands = [];
window.stopListening = window.regrasp.onCommand((command) => window.commands.push(command));
const drop = document.getElementById('drop');
drop.addEventListener('dragover', (event) => event.preventDefault());
drop.addEventListener('drop', (event) => {
  event.preventDefault();
  window.dropped = window.regrasp.grantDropped([...event.dataTransfer.files]).catch((error) => error.message);
});
`;

export interface ShellWindow extends Window {
  regrasp: DesktopBridge;
  commands: MenuCommand[];
  dropped: Promise<string[] | string>;
  stopListening(): void;
}

/** A dataset, a staged app and the desktops started on them, all taken down together. */
export class ShellStage {
  readonly fixture: Fixture;
  readonly app: StagedApp;
  readonly #browser: Browser;
  readonly #desktops: Desktop[] = [];

  private constructor(fixture: Fixture, app: StagedApp, browser: Browser) {
    this.fixture = fixture;
    this.app = app;
    this.#browser = browser;
  }

  static async make(): Promise<ShellStage> {
    const fixture = await makeFixture();
    const rendererDir = path.join(fixture.base, 'shell-page');
    mkdirSync(rendererDir);
    writeFileSync(path.join(rendererDir, 'index.html'), PAGE);
    writeFileSync(path.join(rendererDir, 'page.js'), SCRIPT);
    const app = await stageApp({ rendererDir, version: '1.2.3' });
    return new ShellStage(fixture, app, await launchChromium());
  }

  async launch(options: Partial<LaunchOptions> = {}): Promise<Desktop> {
    const desktop = await this.start(options);
    await desktop.page();
    return desktop;
  }

  /** Starts without waiting for a window. */
  async start(options: Partial<LaunchOptions> = {}): Promise<Desktop> {
    const { appFolder } = this.app;
    const { userDataDir } = this.fixture;
    const desktop = await Desktop.start({ appFolder, userDataDir, browser: this.#browser, ...options });
    this.#desktops.push(desktop);
    return desktop;
  }

  async closeDesktops(): Promise<void> {
    await Promise.all(this.#desktops.splice(0).map((desktop) => desktop.close()));
  }

  async remove(): Promise<void> {
    await this.closeDesktops();
    await this.#browser.close();
    await this.app.remove();
    this.fixture.remove();
  }
}

export function commandsOf(page: Page): Promise<MenuCommand[]> {
  return page.evaluate(() => (window as unknown as ShellWindow).commands);
}

export function setMenuState(page: Page, state: Partial<MenuState>): Promise<void> {
  const whole: MenuState = { enabled: [], checked: [], undoName: null, redoName: null, ...state };
  return page.evaluate((given) => (window as unknown as ShellWindow).regrasp.setMenuState(given), whole);
}

/** Calls the workstation from the page, through the scheme, as the renderer does. */
export async function callFromPage<Output>(page: Page, call: string, input: unknown = {}): Promise<Output> {
  const answer = await page.evaluate(
    async ([name, json]) => {
      const response = await fetch(`./api/rpc/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ json }),
      });
      return { status: response.status, body: (await response.json()) as { json: unknown } };
    },
    [call, input] as const,
  );
  if (answer.status !== 200) throw new Error(`${call} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.json as Output;
}

export const openRoots = (page: Page): Promise<Root[]> => callFromPage<Root[]>(page, 'roots/list');
