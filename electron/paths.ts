import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the built files lie, in a checkout and in a package alike. All absolute. */
export interface BuiltPaths {
  /** Folder of package.json: the checkout, or app.asar. */
  appFolder: string;
  rendererDir: string;
  workerDir: string;
  pluginDir: string;
  preloadFile: string;
  iconFile: string;
}

/** `entry` is the import.meta.url of a built entry of out/main: not of a shared chunk, which lies deeper. */
export function builtPaths(entry: string): BuiltPaths {
  const workerDir = path.dirname(fileURLToPath(entry));
  const out = path.dirname(workerDir);
  const appFolder = path.dirname(out);
  return {
    appFolder,
    rendererDir: path.join(out, 'renderer'),
    workerDir,
    pluginDir: onRealDisk(findPlugins(appFolder)),
    preloadFile: path.join(out, 'preload', 'preload.cjs'),
    iconFile: path.join(appFolder, 'resources', 'icon.png'),
  };
}

/** The plugins are shared libraries that the codec opens by itself: it cannot see into an archive. */
export function onRealDisk(place: string): string {
  return place.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');
}

function findPlugins(appFolder: string): string {
  const own = path.join(appFolder, 'node_modules', 'h5wasm-plugins', 'plugins');
  if (existsSync(own) || existsSync(onRealDisk(own))) return own;
  try {
    // Installed as somebody's dependency: the package manager may have put it further up.
    const resolve = createRequire(path.join(appFolder, 'package.json')).resolve;
    return path.join(path.dirname(resolve('h5wasm-plugins/package.json')), 'plugins');
  } catch {
    return own;
  }
}

/**
 * Folder of this person's settings, recent list and reviews of read-only roots; the same in every door.
 * REGRASP_USER_DATA names another one.
 */
export function userDataFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (environment.REGRASP_USER_DATA) return path.resolve(environment.REGRASP_USER_DATA);
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Regrasp');
  if (platform === 'win32') return path.join(environment.APPDATA ?? path.join(home, 'AppData', 'Roaming'), 'Regrasp');
  return path.join(environment.XDG_CONFIG_HOME || path.join(home, '.config'), 'regrasp');
}
