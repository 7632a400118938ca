import { type DownloadOptions, downloadElectron } from './download-electron.ts';
import { findElectron } from './find-electron.ts';

export type Door =
  | { door: 'desktop'; executable: string }
  /** `reason` completes "Regrasp opens in a browser because …". */
  | { door: 'browser'; reason: string };

export interface DoorOptions extends DownloadOptions {
  browserWanted: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  isRoot: boolean;
}

/**
 * Which door this machine can open: the window where there is a screen and Electron, else a browser with the reason. What
 * costs nothing is asked first; the download of Electron is tried last, and once.
 */
export async function chooseDoor(options: DoorOptions): Promise<Door> {
  const { environment, platform } = options;
  if (options.browserWanted) return { door: 'browser', reason: 'it was asked for with --browser' };
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
    return { door: 'browser', reason: 'no screen was found (neither DISPLAY nor WAYLAND_DISPLAY is set)' };
  }
  if (platform === 'linux' && options.isRoot) {
    return {
      door: 'browser',
      reason: "Electron's sandbox does not run as root (start Regrasp as another user for a window)",
    };
  }
  const found = findElectron(options.appFolder, environment, platform);
  if (found) return { door: 'desktop', executable: found };
  const fault = await downloadElectron(options);
  const fetched = findElectron(options.appFolder, environment, platform);
  if (fetched) return { door: 'desktop', executable: fetched };
  return { door: 'browser', reason: `the Electron executable is missing and ${fault ?? 'its download left none'}` };
}
