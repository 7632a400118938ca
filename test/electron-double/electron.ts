// What `import … from 'electron'` finds in the double's process: the listed functions, and nothing else.
import { configuration } from './app.ts';
import type { Exactly } from './emitter.ts';
import { answer, tell } from './host.ts';
import type { InvokeArgument, RecordedDialog } from './messages.ts';
import { contentsOf, type WebContents } from './window.ts';

export { app } from './app.ts';
export { Menu } from './menu.ts';
export { protocol } from './protocol.ts';
export { BrowserWindow } from './window.ts';

// --- messages from pages

type InvokeHandler = (event: Exactly<'IpcMainInvokeEvent'>, ...values: unknown[]) => unknown;
const invokeHandlers = new Map<string, InvokeHandler>();

export const ipcMain: Exactly<'IpcMain'> = {
  handle(channel: string, handler: InvokeHandler) {
    if (invokeHandlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    invokeHandlers.set(channel, handler);
  },
};

answer('invoke', async ({ window, channel, values, frame }: InvokeArgument) => {
  const handler = invokeHandlers.get(channel);
  if (!handler) throw new Error(`Error invoking remote method '${channel}': No handler registered for '${channel}'`);
  const parent = frame?.isMain === false ? { url: 'regrasp://app/index.html', parent: null } : null;
  const senderFrame: Exactly<'WebFrameMain'> | null = frame && { url: frame.url, parent };
  return handler({ sender: contentsOf(window), senderFrame }, ...values);
});

// --- dialogs: canned answers, and a record of what was asked

const cannedPaths: (string[] | null)[] = [];
const shown: RecordedDialog[] = [];

export const dialog: Exactly<'Dialog'> = {
  async showOpenDialog(_window: unknown, options: Record<string, unknown>) {
    shown.push({ kind: 'open', options });
    const paths = cannedPaths.shift() ?? null;
    return { canceled: paths === null, filePaths: paths ?? [] };
  },
  async showMessageBox(_window: unknown, options: Record<string, unknown>) {
    shown.push({ kind: 'message', options });
    return { response: 0, checkboxChecked: false };
  },
  showErrorBox(title: string, content: string) {
    shown.push({ kind: 'error', options: { title, content } });
  },
};

answer('answer-dialog', (paths: string[] | null) => {
  cannedPaths.push(paths);
});
answer('dialogs', () => shown);

// --- the session's rules

type PermissionRequest = (contents: WebContents, permission: string, answer: (granted: boolean) => void) => void;
type BeforeRequest = (details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void;

// Electron's own defaults: everything is granted.
let permissionRequest: PermissionRequest = (_contents, _permission, give) => give(true);
let permissionCheck: (contents: WebContents, permission: string) => boolean = () => true;
let devicePermission: (details: unknown) => boolean = () => true;
let beforeRequest: { patterns: RegExp[]; listener: BeforeRequest } | undefined;

const webRequest: Exactly<'WebRequest'> = {
  onBeforeRequest({ urls }: { urls: string[] }, listener: BeforeRequest) {
    beforeRequest = { patterns: urls.map(patternOf), listener };
  },
};

const defaultSession: Omit<Exactly<'Session'>, 'defaultSession'> = {
  setPermissionRequestHandler(handler: PermissionRequest) {
    permissionRequest = handler;
  },
  setPermissionCheckHandler(handler: typeof permissionCheck) {
    permissionCheck = handler;
  },
  setDevicePermissionHandler(handler: typeof devicePermission) {
    devicePermission = handler;
  },
  webRequest,
};

export const session = { defaultSession };

/** "https://*\/*" as Electron reads it. */
function patternOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

answer('permission', async ({ window, permission }: { window: number; permission: string }) => {
  const contents = contentsOf(window);
  const request = await new Promise<boolean>((resolve) => permissionRequest(contents, permission, resolve));
  return {
    request,
    check: permissionCheck(contents, permission),
    device: devicePermission({ deviceType: permission, origin: 'regrasp://app' }),
  };
});
answer('before-request', async (url: string) => {
  if (!beforeRequest?.patterns.some((pattern) => pattern.test(url))) return { cancel: false };
  return new Promise((resolve) => beforeRequest?.listener({ url }, resolve));
});

// --- the desktop around it

let themeSource: 'system' | 'light' | 'dark' = 'system';

export const nativeTheme: Exactly<'NativeTheme'> = {
  get shouldUseDarkColors() {
    return themeSource === 'dark';
  },
  get themeSource() {
    return themeSource;
  },
  set themeSource(source) {
    themeSource = source as typeof themeSource;
    tell({ type: 'theme', source: themeSource });
  },
};

export const screen: Exactly<'Screen'> = {
  getAllDisplays: (): Exactly<'Display'>[] => configuration.workAreas.map((workArea) => ({ workArea })),
};

let copied = '';
export const clipboard: Exactly<'Clipboard'> = {
  writeText(text: string) {
    copied = text;
  },
};
answer('clipboard', () => copied);

const shownInFolder: string[] = [];
export const shell: Exactly<'Shell'> = {
  showItemInFolder(place: string) {
    shownInFolder.push(place);
  },
};
answer('shown-in-folder', () => shownInFolder);
