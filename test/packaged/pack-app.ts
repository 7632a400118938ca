import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { extractAll } from '@electron/asar';

const root = path.resolve(import.meta.dirname, '../..');
/** By these bytes a fuse tool finds the fuses in an Electron executable; then version 1, their number, and their states. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = '111111111';

export interface PackedApp {
  folder: string;
  executable: string;
  asar: string;
  /** The archive's files on disk where Electron would see them: …/resources/app.asar/, with app.asar.unpacked beside it. */
  appFolder: string;
  remove(): void;
}

/**
 * Packs the checkout's out/ as a release is packed, over an Electron that is only an executable with fuses, and lays the
 * archive open in a folder with no node_modules above it.
 */
export function packApp(): PackedApp {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-packed-')));
  const stub = path.join(folder, 'stub');
  mkdirSync(stub);
  const executable = path.join(stub, 'electron');
  const wire = Buffer.from([1, FUSES.length, ...Buffer.from(FUSES)]);
  writeFileSync(executable, Buffer.concat([Buffer.from(`#!/bin/sh\nexit 0\n${FUSE_SENTINEL}`), wire]));
  chmodSync(executable, 0o755);
  execFileSync(
    process.execPath,
    [
      path.join(root, 'node_modules/electron-builder/cli.js'),
      ...['--linux', 'dir', '--publish', 'never', '--config', 'electron-builder.yml'],
      `-c.electronDist=${stub}`,
      `-c.directories.output=${path.join(folder, 'dist')}`,
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const packed = path.join(folder, 'dist', 'linux-unpacked');
  const asar = path.join(packed, 'resources', 'app.asar');
  const open = path.join(folder, 'open', 'resources');
  const appFolder = path.join(open, 'app.asar');
  extractAll(asar, appFolder);
  // The extraction lays unpacked files into the archive's folder too: they are to be found only beside it.
  execFileSync('cp', ['-R', `${asar}.unpacked`, `${appFolder}.unpacked`]);
  rmSync(path.join(appFolder, 'node_modules'), { recursive: true });
  return {
    folder,
    executable: path.join(packed, 'regrasp'),
    asar,
    appFolder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
