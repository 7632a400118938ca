import type { BrowserWindowConstructorOptions } from 'electron';
import { Emitter, type Exactly } from './emitter.ts';
import { answer, tell } from './host.ts';
import { toChromium } from './protocol.ts';

/** Settings of a window with which a page could reach beyond itself; Electron would obey, the double does not. */
const REQUIRED: Record<string, boolean> = {
  sandbox: true,
  contextIsolation: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
};

type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

export class WebContents implements Exactly<'WebContents'> {
  readonly #emitter = new Emitter('WebContents');
  readonly #window: number;
  #openHandler: OpenHandler = () => ({ action: 'allow' });
  on = this.#emitter.on;

  constructor(window: number) {
    this.#window = window;
  }

  send(channel: string, ...values: unknown[]): void {
    tell({ type: 'send', window: this.#window, channel, values });
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  static emit(contents: WebContents, event: string, details: Record<string, unknown>): boolean {
    return contents.#emitter.emit(event, details);
  }

  static openAction(contents: WebContents, url: string): string {
    return contents.#openHandler({ url }).action;
  }
}

const windows = new Map<number, BrowserWindow>();
let announce: (contents: WebContents) => void = () => {};
let afterLast: () => void = () => {};

/** How the app hears of new web contents and of the last window's end. */
export function tellApp(onContents: typeof announce, onLastClosed: typeof afterLast): void {
  announce = onContents;
  afterLast = onLastClosed;
}

export class BrowserWindow implements Omit<Exactly<'BrowserWindow'>, 'fromWebContents'> {
  static #count = 0;
  readonly #emitter = new Emitter('BrowserWindow');
  readonly #id: number;
  #state = { isShown: false, isFocused: false, isMaximized: false, isMinimized: false, isDestroyed: false };
  readonly #bounds: { x: number; y: number; width: number; height: number };
  readonly webContents: WebContents;
  on = this.#emitter.on;
  once = this.#emitter.once;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    for (const [name, value] of Object.entries(REQUIRED)) {
      const given = (options.webPreferences as Record<string, unknown> | undefined)?.[name];
      if (given !== value) throw new Error(`webPreferences.${name} has to be ${value}, is ${given}.`);
    }
    BrowserWindow.#count += 1;
    this.#id = BrowserWindow.#count;
    this.#bounds = {
      x: options.x ?? 0,
      y: options.y ?? 0,
      width: options.width ?? 800,
      height: options.height ?? 600,
    };
    this.#state.isShown = options.show ?? true;
    this.webContents = new WebContents(this.#id);
    windows.set(this.#id, this);
    tell({ type: 'window', window: this.#id, options: options as never });
    announce(this.webContents);
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows.values()].find((window) => window.webContents === contents) ?? null;
  }

  async loadURL(url: string): Promise<void> {
    tell({ type: 'load', window: this.#id, url, address: await toChromium(url) });
  }

  getNormalBounds = () => ({ ...this.#bounds });
  isDestroyed = () => this.#state.isDestroyed;
  isMaximized = () => this.#state.isMaximized;
  isMinimized = () => this.#state.isMinimized;
  maximize(): void {
    this.#state.isMaximized = true;
  }
  restore(): void {
    this.#state.isMinimized = false;
  }
  show(): void {
    this.#state.isShown = true;
  }
  focus(): void {
    this.#state.isFocused = true;
  }

  /** What a person or the system does to a window. */
  static act(id: number, action: 'close' | 'minimize' | 'ready-to-show' | 'move', bounds?: object): boolean {
    const window = windows.get(id);
    if (!window) return false;
    if (action === 'minimize') {
      window.#state = { ...window.#state, isMinimized: true, isFocused: false };
      return true;
    }
    if (action === 'move') {
      Object.assign(window.#bounds, bounds);
      return true;
    }
    if (action === 'ready-to-show') return window.#emitter.emit('ready-to-show');
    if (window.#emitter.emit('close')) return false;
    window.#state.isDestroyed = true;
    windows.delete(id);
    tell({ type: 'destroyed', window: id });
    if (windows.size === 0) afterLast();
    return true;
  }

  static closeAll(): boolean {
    return [...windows.keys()].every((id) => BrowserWindow.act(id, 'close'));
  }

  static describe() {
    return [...windows.values()].map((window) => ({ id: window.#id, bounds: window.#bounds, ...window.#state }));
  }
}

export function contentsOf(window: number): WebContents {
  const found = windows.get(window);
  if (!found) throw new Error(`There is no window ${window}.`);
  return found.webContents;
}

answer('windows', () => BrowserWindow.describe());
answer('act', ({ window, action, bounds }: { window: number; action: 'close'; bounds?: object }) =>
  BrowserWindow.act(window, action, bounds),
);
answer('navigate', ({ window, event, url }: { window: number; event: string; url: string }) =>
  WebContents.emit(contentsOf(window), event, { url, isMainFrame: true, isSameDocument: false }),
);
answer('open-window', ({ window, url }: { window: number; url: string }) =>
  WebContents.openAction(contentsOf(window), url),
);
