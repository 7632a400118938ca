import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Lets the HDF5 library of this worker open granted files and nothing else. A recording can name any file of the
 * machine (external storage, external links, virtual datasets); whatever it names meets this gate.
 * The library opens files through node:fs, so the gate stands there. It is meant for worker threads only.
 */
export interface FileGate {
  allow(realPath: string): void;
  withdraw(realPath: string): void;
  /**
   * The descriptor that a granted file was last opened under; null when it was not opened since it was granted, or is
   * closed: a library that has the file open already looks at what it opened and goes on with what it had.
   */
  descriptorOf(realPath: string): number | null;
  /** Paths refused since the last call, oldest first. */
  takeRefusals(): string[];
}

/** The library's C runtime makes a file like this for each error text it composes. */
const LIBRARY_SCRATCH = /^\/tmp\/(tmpfile_[^/]+)$/;

/** Files of `pluginDir` itself (the filter plugins) are always granted. */
export function installFileGate(pluginDir: string): FileGate {
  const allowed = new Set<string>();
  const descriptors = new Map<string, number>();
  const plugins = path.resolve(pluginDir);
  let refusals: string[] = [];
  const openSync = fs.openSync;
  const scratch = (file: unknown) => {
    const name = typeof file === 'string' ? LIBRARY_SCRATCH.exec(file)?.[1] : undefined;
    return name === undefined ? undefined : path.join(os.tmpdir(), `regrasp-${name}`);
  };
  const isNew = (flags: unknown) =>
    typeof flags === 'number' && (flags & fs.constants.O_CREAT) !== 0 && (flags & fs.constants.O_EXCL) !== 0;

  fs.openSync = ((file: fs.PathLike, flags?: fs.OpenMode, mode?: fs.Mode) => {
    const ours = scratch(file);
    if (ours !== undefined && isNew(flags)) return openSync(ours, flags as number, 0o600);
    if (typeof file === 'string' && allowed.has(file)) {
      const descriptor = openSync(file, flags as fs.OpenMode, mode);
      descriptors.set(file, descriptor);
      return descriptor;
    }
    if (typeof file === 'string' && (file === plugins || path.dirname(file) === plugins))
      return openSync(file, flags as fs.OpenMode, mode);
    refusals.push(String(file));
    throw Object.assign(new Error(`EACCES: not granted, open '${String(file)}'`), {
      code: 'EACCES',
      errno: -os.constants.errno.EACCES,
    });
  }) as typeof fs.openSync;
  // Node has no temporary folder of that name on every system, so all that is done to such a file is led to ours.
  const redirect = <F extends (file: fs.PathLike, ...rest: never[]) => unknown>(use: F) =>
    ((file: fs.PathLike, ...rest: never[]) => use(scratch(file) ?? file, ...rest)) as F;
  const { lstatSync, statSync, unlinkSync } = fs;
  const redirected = { lstatSync: redirect(lstatSync as never), statSync: redirect(statSync as never) };
  Object.assign(fs, { ...redirected, unlinkSync: redirect(unlinkSync) });

  return {
    allow: (realPath) => allowed.add(realPath),
    withdraw: (realPath) => {
      allowed.delete(realPath);
      descriptors.delete(realPath);
    },
    descriptorOf: (realPath) => {
      const descriptor = descriptors.get(realPath);
      return descriptor !== undefined && isOpenOn(descriptor, realPath) ? descriptor : null;
    },
    takeRefusals: () => {
      const taken = refusals;
      refusals = [];
      return taken;
    },
  };
}

function isOpenOn(descriptor: number, realPath: string): boolean {
  try {
    const [open, there] = [fs.fstatSync(descriptor), fs.statSync(realPath)];
    return open.dev === there.dev && open.ino === there.ino;
  } catch {
    return false;
  }
}
