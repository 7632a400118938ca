import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Folder of the installed npm package "electron"; undefined in a package, which is itself the window. */
export function electronPackage(appFolder: string): string | undefined {
  try {
    return path.dirname(createRequire(path.join(appFolder, 'package.json')).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
}

/**
 * The Electron executable that is already on this machine: that of ELECTRON_OVERRIDE_DIST_PATH, else the one its package
 * has downloaded. Never loads the package, which would start a download by itself.
 */
export function findElectron(
  appFolder: string,
  environment: Environment,
  platform: NodeJS.Platform,
): string | undefined {
  const own = electronPackage(appFolder);
  const folders = [environment.ELECTRON_OVERRIDE_DIST_PATH || undefined, own && path.join(own, 'dist')];
  return folders
    .filter((folder): folder is string => folder !== undefined)
    .map((folder) => path.join(folder, executableName(own, platform)))
    .find((file) => existsSync(file));
}

function executableName(own: string | undefined, platform: NodeJS.Platform): string {
  const told = own && path.join(own, 'path.txt');
  if (told && existsSync(told)) return readFileSync(told, 'utf8').trim();
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}
