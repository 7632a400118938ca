import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

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

/** `workerDir` is the folder of the built entries (out/main), which only an entry can tell: shared chunks lie deeper. */
export function builtPaths(workerDir: string): BuiltPaths {
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

/** Folder of the embedded encoder's core, two files that a person may replace: installed and packed beside the plugins' package. */
export function embeddedCoreDir(pluginDir: string): string {
  return path.join(pluginDir, '..', '..', '@ffmpeg', 'core', 'dist', 'umd');
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
