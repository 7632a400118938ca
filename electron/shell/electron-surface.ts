/**
 * Every function, property and event of Electron this door uses, and nothing else. What is listed here is what the double
 * in test/electron-double implements, and a test reads main, preload and this folder to prove that they use no more and
 * no less. Adding a line here means adding it there.
 */
export const ELECTRON_SURFACE = {
  App: {
    members: [
      'enableSandbox',
      'exit',
      'getVersion',
      'isPackaged',
      'on',
      'quit',
      'requestSingleInstanceLock',
      'setPath',
      'whenReady',
    ],
    events: ['open-file', 'second-instance', 'web-contents-created', 'will-quit', 'window-all-closed'],
  },
  BrowserWindow: {
    members: [
      'focus',
      'fromWebContents',
      'getNormalBounds',
      'isDestroyed',
      'isMaximized',
      'isMinimized',
      'loadURL',
      'maximize',
      'on',
      'once',
      'restore',
      'show',
      'webContents',
    ],
    events: ['close', 'ready-to-show'],
  },
  WebContents: {
    members: ['on', 'send', 'setWindowOpenHandler'],
    events: ['will-attach-webview', 'will-navigate', 'will-redirect'],
  },
  Session: {
    members: [
      'defaultSession',
      'setDevicePermissionHandler',
      'setPermissionCheckHandler',
      'setPermissionRequestHandler',
      'webRequest',
    ],
    events: [],
  },
  WebRequest: { members: ['onBeforeRequest'], events: [] },
  Protocol: { members: ['handle', 'registerSchemesAsPrivileged'], events: [] },
  IpcMain: { members: ['handle'], events: [] },
  IpcMainInvokeEvent: { members: ['sender', 'senderFrame'], events: [] },
  WebFrameMain: { members: ['parent', 'url'], events: [] },
  Dialog: { members: ['showErrorBox', 'showMessageBox', 'showOpenDialog'], events: [] },
  Menu: { members: ['buildFromTemplate', 'getMenuItemById', 'setApplicationMenu'], events: [] },
  MenuItem: { members: ['checked', 'enabled'], events: [] },
  Clipboard: { members: ['writeText'], events: [] },
  NativeTheme: { members: ['shouldUseDarkColors', 'themeSource'], events: [] },
  Shell: { members: ['showItemInFolder'], events: [] },
  Screen: { members: ['getAllDisplays'], events: [] },
  Display: { members: ['workArea'], events: [] },
  ContextBridge: { members: ['exposeInMainWorld'], events: [] },
  IpcRenderer: { members: ['invoke', 'on'], events: [] },
  WebUtils: { members: ['getPathForFile'], events: [] },
} as const satisfies Record<string, { members: readonly string[]; events: readonly string[] }>;
