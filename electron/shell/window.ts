import { BrowserWindow, nativeTheme, screen } from 'electron';
import { START_ADDRESS } from './scheme.ts';
import { fitToScreens, readWindowState, writeWindowState } from './window-state.ts';

export interface WindowOptions {
  preloadFile: string;
  iconFile: string;
  /** Where the window's place is remembered. */
  stateFolder: string;
  developerTools: boolean;
  /** Address of the moment to show first, without "#". */
  at: string | null;
}

/** Opens the one window: closed in by every rule Electron has, shown only once there is something to see. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const state = fitToScreens(readWindowState(options.stateFolder), areas);
  const window = new BrowserWindow({
    x: state.x,
    y: state.y,
    width: state.widthPx,
    height: state.heightPx,
    minWidth: 900,
    minHeight: 560,
    show: false,
    title: 'Regrasp',
    icon: options.iconFile,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#101214' : '#e6e8eb',
    webPreferences: {
      preload: options.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      // The spelling checker fetches its dictionaries from the network.
      spellcheck: false,
      devTools: options.developerTools,
      // Play and exports go on when the window is covered.
      backgroundThrottling: false,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    writeWindowState(
      options.stateFolder,
      { x, y, widthPx: width, heightPx: height, maximized: window.isMaximized() },
      (error) => console.error(error),
    );
  });
  void window.loadURL(options.at === null ? START_ADDRESS : `${START_ADDRESS}#${options.at.replace(/^[#?]/, '')}`);
  return window;
}

/** Brings the window to the front, out of the dock too. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
