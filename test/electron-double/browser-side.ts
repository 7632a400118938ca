import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import type { InvokeArgument } from './messages.ts';
import { installMainWorld, installPreloadWorld } from './page-worlds.ts';

/** How a page asks main's process. */
export type AskMain = (ask: string, argument: unknown) => Promise<unknown>;

const WORLD = 'preload';
const BINDING = 'doubleSend';

/** One window of the double: a Chromium page with main's preload in an isolated world and main's rules around it. */
export class WindowPage {
  readonly page: Page;
  /** Addresses of windows the page tried to open, with what main's handler said. */
  readonly openedWindows: { url: string; action: string }[] = [];
  readonly #window: number;
  readonly #context: BrowserContext;
  readonly #session: CDPSession;
  readonly #ask: AskMain;
  #preloadContext: Promise<number>;
  #contextFound: (id: number) => void = () => {};
  /** What main calls the page's address. */
  #url = '';
  #address = '';

  private constructor(window: number, context: BrowserContext, page: Page, session: CDPSession, ask: AskMain) {
    this.#window = window;
    this.#context = context;
    this.page = page;
    this.#session = session;
    this.#ask = ask;
    this.#preloadContext = this.#nextContext();
  }

  static async open(browser: Browser, window: number, preloadFile: string, ask: AskMain): Promise<WindowPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const opened = new WindowPage(window, context, page, session, ask);
    await opened.#install(await readFile(preloadFile, 'utf8'));
    return opened;
  }

  async #install(preload: string): Promise<void> {
    const session = this.#session;
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId, isDefault } = (context.auxData ?? {}) as { frameId?: string; isDefault?: boolean };
      if (context.name === WORLD && !isDefault && frameId === this.#mainFrame) this.#contextFound(context.id);
    });
    session.on('Runtime.executionContextsCleared', () => {
      this.#preloadContext = this.#nextContext();
    });
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === BINDING) void this.#invoke(JSON.parse(payload));
    });
    session.on('Page.windowOpen', ({ url }) => void this.#openWindow(url));
    this.#context.on('page', (page) => {
      if (page !== this.page) void page.close().catch(() => {});
    });
    await session.send('Page.enable');
    const { frameTree } = await session.send('Page.getFrameTree');
    this.#mainFrame = frameTree.frame.id;
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD });
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${installMainWorld})()` });
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${installPreloadWorld})(function (require, module, exports) {${preload}\n}, ${JSON.stringify(BINDING)})`,
      worldName: WORLD,
    });
    // The app's own requests never pass here: a route costs latency.
    await this.page.route(
      (url) => !url.host.endsWith('.localhost') && !url.hostname.endsWith('.localhost'),
      async (route) => {
        const request = route.request();
        const url = request.url();
        if (request.isNavigationRequest() && request.frame() === this.page.mainFrame()) {
          const prevented = await this.#ask('navigate', { window: this.#window, event: 'will-navigate', url });
          if (prevented) return route.abort('aborted');
        }
        const { cancel } = (await this.#ask('before-request', url)) as { cancel?: boolean };
        return cancel ? route.abort('blockedbyclient') : route.continue();
      },
    );
  }

  #mainFrame = '';

  #nextContext(): Promise<number> {
    return new Promise((resolve) => {
      this.#contextFound = resolve;
    });
  }

  async load(url: string, address: string): Promise<void> {
    this.#url = url;
    this.#address = address;
    await this.page.goto(address, { waitUntil: 'load' });
    await this.#ask('act', { window: this.#window, action: 'ready-to-show' });
  }

  /** A message from main, as ipcRenderer hears it. */
  async receive(message: Record<string, unknown>): Promise<void> {
    await this.#session.send('Runtime.evaluate', {
      contextId: await this.#preloadContext,
      expression: `doubleReceive(${JSON.stringify(message)})`,
    });
  }

  async #invoke({ id, channel, values }: { id: number; channel: string; values: unknown[] }): Promise<void> {
    const frame = { url: this.#mainUrl(), isMain: true };
    const argument: InvokeArgument = { window: this.#window, channel, values, frame };
    let reply: Record<string, unknown>;
    try {
      reply = { type: 'reply', id, value: await this.#ask('invoke', argument) };
    } catch (error) {
      reply = { type: 'reply', id, fault: error instanceof Error ? error.message : String(error) };
    }
    await this.receive(reply).catch(() => {});
  }

  #mainUrl(): string {
    const { origin } = new URL(this.#address);
    return this.page.url().startsWith(`${origin}/`) ? this.#url : this.page.url();
  }

  async #openWindow(url: string): Promise<void> {
    const action = (await this.#ask('open-window', { window: this.#window, url })) as string;
    this.openedWindows.push({ url, action });
  }

  close(): Promise<void> {
    return this.#context.close().catch(() => {});
  }
}
