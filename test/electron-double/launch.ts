import { type ChildProcess, fork } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { type AskMain, WindowPage } from './browser-side.ts';
import { builtDouble } from './build.ts';
import {
  CONFIGURATION_VARIABLE,
  type DoubleConfiguration,
  type InvokeArgument,
  type MenuEntry,
  type Notification,
  type RecordedDialog,
} from './messages.ts';

const root = path.resolve(import.meta.dirname, '../..');
const QUIT_LIMIT_MS = 15_000;

export interface LaunchOptions {
  userDataDir: string;
  /** Words of the command line after the app. */
  words?: string[];
  /** Folder that holds package.json and out/; default the checkout. */
  appFolder?: string;
  isPackaged?: boolean;
  workAreas?: DoubleConfiguration['workAreas'];
  workingFolder?: string;
  /** Reused and left open; default one of its own. */
  browser?: Browser;
}

/** The app as a person has it on the screen: its window, menu and dialogs, and the process behind them. */
export class Desktop {
  readonly #child: ChildProcess;
  readonly #browser: Browser;
  readonly #ownsBrowser: boolean;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #windows = new Map<number, WindowPage>();
  readonly #firstWindow: Promise<WindowPage>;
  /** Notifications are worked off one by one: a window is open before its address is loaded. */
  #work: Promise<unknown> = Promise.resolve();
  #address = '';
  #questions = 0;
  #firstLoaded: (window: WindowPage) => void = () => {};
  /** Exit code of the process. */
  readonly ended: Promise<number | null>;
  /** What the process printed, for messages of failing tests. */
  log = '';
  windowOptions: Record<string, unknown>[] = [];

  private constructor(child: ChildProcess, browser: Browser, ownsBrowser: boolean) {
    this.#child = child;
    this.#browser = browser;
    this.#ownsBrowser = ownsBrowser;
    this.#firstWindow = new Promise((resolve) => {
      this.#firstLoaded = resolve;
    });
    child.stdout?.on('data', (text) => {
      this.log += text;
    });
    child.stderr?.on('data', (text) => {
      this.log += text;
    });
    child.on('message', (message: Notification) => this.#hear(message));
    this.ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    void this.ended.then((code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The app has ended (${code}).\n${this.log}`));
      this.#waiting.clear();
    });
  }

  /** Starts the app; answers at once, before there is a window. */
  static async start(options: LaunchOptions): Promise<Desktop> {
    const appFolder = options.appFolder ?? root;
    const configuration: DoubleConfiguration = {
      mainFile: path.join(appFolder, 'out', 'main', 'main.js'),
      appFolder,
      isPackaged: options.isPackaged ?? false,
      words: options.words ?? [],
      workAreas: options.workAreas ?? [{ x: 0, y: 0, width: 1920, height: 1080 }],
    };
    const file = await builtDouble();
    const browser = options.browser ?? (await launchChromium());
    const child = fork(file, {
      cwd: options.workingFolder ?? appFolder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        REGRASP_USER_DATA: options.userDataDir,
        [CONFIGURATION_VARIABLE]: JSON.stringify(configuration),
        REGRASP_ELECTRON_DOUBLE_HOOKS: new URL('hooks.mjs', import.meta.url).href,
      },
    });
    return new Desktop(child, browser, options.browser === undefined);
  }

  /** Starts the app and waits until its window has loaded. */
  static async launch(options: LaunchOptions): Promise<Desktop> {
    const desktop = await Desktop.start(options);
    await desktop.page();
    return desktop;
  }

  /** The first window's page; rejects when the app ends before it has one. */
  async page(): Promise<Page> {
    return (await this.#window()).page;
  }

  async openedWindows(): Promise<{ url: string; action: string }[]> {
    return (await this.#window()).openedWindows;
  }

  #window(): Promise<WindowPage> {
    const ended = this.ended.then((code) => {
      throw new Error(`The app ended with ${code} before it had a window.\n${this.log}`);
    });
    return Promise.race([this.#firstWindow, ended]);
  }

  readonly ask: AskMain = (ask, argument) =>
    new Promise((resolve, reject) => {
      this.#questions += 1;
      this.#waiting.set(this.#questions, { resolve, reject });
      this.#child.send({ id: this.#questions, ask, argument }, (error) => error && reject(error));
    });

  menu = (): Promise<MenuEntry[]> => this.ask('menu', null) as Promise<MenuEntry[]>;
  /** Clicks a menu item by id; rejects when it is not there or disabled. */
  click = (id: string) => this.ask('click', id);
  /** What the person will choose in the next dialog; null = Cancel. */
  answerDialog = (paths: string[] | null) => this.ask('answer-dialog', paths);
  dialogs = () => this.ask('dialogs', null) as Promise<RecordedDialog[]>;
  shownInFolder = () => this.ask('shown-in-folder', null) as Promise<string[]>;
  clipboard = () => this.ask('clipboard', null) as Promise<string>;
  windows = () => this.ask('windows', null) as Promise<Record<string, unknown>[]>;
  act = (action: string, bounds?: object) => this.ask('act', { window: 1, action, bounds });
  navigate = (event: string, url: string) => this.ask('navigate', { window: 1, event, url }) as Promise<boolean>;
  permission = (permission: string) => this.ask('permission', { window: 1, permission });
  openFile = (place: string) => this.ask('open-file', place);
  /** A message as from a page of any address. */
  invoke = (channel: string, values: unknown[], frame: InvokeArgument['frame']) =>
    this.ask('invoke', { window: 1, channel, values, frame } satisfies InvokeArgument);

  /** Drops files onto an element: they carry their real paths, which only the preload can read. */
  async drop(selector: string, paths: readonly string[]): Promise<void> {
    const window = await this.#window();
    const files = paths.map((place): [string, string] => [path.basename(place), place]);
    await window.receive({ type: 'files', value: files });
    await window.page.locator(selector).evaluate(
      (element, names) => {
        const dataTransfer = new DataTransfer();
        for (const name of names) dataTransfer.items.add(new File([''], name));
        for (const type of ['dragenter', 'dragover', 'drop']) {
          element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        }
      },
      files.map(([name]) => name),
    );
  }

  /** Asks the scheme's handler as the window's page would; `target` begins with "/" and is sent as it is. */
  async fetch(target: string, init: RequestInit = {}): Promise<Response> {
    await this.page();
    const { host, port } = new URL(this.#address);
    const headers: Record<string, string> = { ...Object.fromEntries(new Headers(init.headers)), host };
    const method = init.method ?? 'GET';
    if (method !== 'GET' && method !== 'HEAD') headers.origin = `http://${host}`;
    const body = init.body == null ? undefined : Buffer.from(await new Response(init.body).arrayBuffer());
    const signal = init.signal ?? undefined;
    return new Promise<Response>((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port, path: target, method, headers, signal }, (incoming) => {
        const status = incoming.statusCode ?? 500;
        const hasBody = method !== 'HEAD' && ![204, 304].includes(status);
        const answered = new Headers();
        for (const [name, value] of Object.entries(incoming.headers)) {
          if (value !== undefined) answered.set(name, String(value));
        }
        const stream = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null;
        if (!stream) incoming.resume();
        resolve(new Response(stream, { status, headers: answered }));
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Quits as a person does and waits for the process's end; answers its exit code. Safe to call twice. */
  async close(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.connected) await this.ask('quit', null).catch(() => {});
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), QUIT_LIMIT_MS);
    const code = await this.ended;
    clearTimeout(limit);
    await Promise.all([...this.#windows.values()].map((window) => window.close()));
    if (this.#ownsBrowser) await this.#browser.close();
    return code;
  }

  #hear(message: Notification): void {
    if (message.type === 'reply') {
      const question = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.fault !== undefined) question?.reject(new Error(message.fault));
      else question?.resolve(message.value);
      return;
    }
    this.#work = this.#work
      .then(() => this.#obey(message))
      .catch((error) => {
        this.log += `\n${error instanceof Error ? error.stack : error}`;
      });
  }

  async #obey(message: Exclude<Notification, { type: 'reply' }>): Promise<void> {
    if (message.type === 'window') {
      this.windowOptions.push(message.options);
      const preload = String(message.options.webPreferences.preload);
      this.#windows.set(message.window, await WindowPage.open(this.#browser, message.window, preload, this.ask));
    } else if (message.type === 'theme') {
      const colorScheme = message.source === 'system' ? null : message.source;
      for (const { page } of this.#windows.values()) await page.emulateMedia({ colorScheme });
    } else {
      const window = this.#windows.get(message.window);
      if (!window) return;
      if (message.type === 'load') {
        this.#address = message.address;
        await window.load(message.url, message.address);
        this.#firstLoaded(window);
      } else if (message.type === 'send') {
        await window.receive({ type: 'send', channel: message.channel, values: message.values });
      } else {
        this.#windows.delete(message.window);
        await window.close();
      }
    }
  }
}
