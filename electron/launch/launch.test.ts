import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseDoor, type DoorOptions } from './choose-door.ts';
import { findElectron } from './find-electron.ts';
import { runDesktop } from './run-desktop.ts';
import { sampleDataset } from './sample-dataset.ts';

let folder: string;
let electron: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-launch-')));
  electron = path.join(folder, 'node_modules', 'electron');
  mkdirSync(electron, { recursive: true });
  writeFileSync(path.join(electron, 'package.json'), '{"name": "electron", "version": "45.0.0"}');
  // Loading the package is what must not happen: it would start a download.
  writeFileSync(path.join(electron, 'index.js'), 'throw new Error("loaded");');
});
afterEach(() => rmSync(folder, { recursive: true }));

function installer(script: string): void {
  writeFileSync(path.join(electron, 'install.js'), script);
}

const FETCHES = `
const fs = require('node:fs'); const path = require('node:path');
fs.mkdirSync(path.join(__dirname, 'dist')); fs.writeFileSync(path.join(__dirname, 'dist', 'electron'), '');
fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron');`;

const door = (more: Partial<DoorOptions> = {}) =>
  chooseDoor({
    appFolder: folder,
    browserWanted: false,
    environment: { DISPLAY: ':0' },
    platform: 'linux',
    isRoot: false,
    progress: () => {},
    ...more,
  });

describe('the door', () => {
  it('is a browser when that is asked for, or where no window can be', async () => {
    installer('throw new Error("was run")');
    expect(await door({ browserWanted: true })).toEqual({
      door: 'browser',
      reason: expect.stringContaining('--browser'),
    });
    expect(await door({ environment: {} })).toMatchObject({ reason: expect.stringContaining('no screen') });
    expect(await door({ isRoot: true })).toMatchObject({ reason: expect.stringContaining('root') });
    expect(readdirSync(folder)).toEqual(['node_modules']);
  });

  it('is a window where Electron is, without a download', async () => {
    installer('throw new Error("was run")');
    const executable = path.join(electron, 'dist', 'electron');
    mkdirSync(path.dirname(executable));
    writeFileSync(executable, '');
    expect(await door()).toEqual({ door: 'desktop', executable });
    expect(await door({ environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toMatchObject({ door: 'desktop' });
  });

  it('is a window after the download, with progress', async () => {
    installer(`${FETCHES} setTimeout(() => {}, 1300);`);
    const lines: string[] = [];
    expect(await door({ progress: (line) => lines.push(line) })).toMatchObject({ door: 'desktop' });
    expect(lines[0]).toMatch(/^Downloading Electron: \d+ MB in 1 s/);
  });

  it('is a browser when the download fails, and the download is tried once', async () => {
    installer('console.error("TypeError: fetch failed\\n    at x"); process.exit(1);');
    const reason = 'the Electron executable is missing and its download failed: fetch failed';
    expect(await door()).toEqual({ door: 'browser', reason });
    installer('require("node:fs").writeFileSync(__dirname + "/again", ""); process.exit(1);');
    const again = await door();
    expect(again).toMatchObject({
      reason: expect.stringMatching(/failed before \(fetch failed\); delete .*\.cache.* to try again/),
    });
    expect(readdirSync(electron)).not.toContain('again');
    expect(readdirSync(path.join(folder, '.cache'))).toEqual(['electron-45.0.0-download-failed']);
  });

  it('does not wait for ever, and a stop is not held against the download', async () => {
    installer('setTimeout(() => {}, 60_000);');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    expect(await door({ signal: stop.signal })).toMatchObject({ reason: expect.stringContaining('it was stopped') });
    expect(readdirSync(path.join(folder, '.cache'))).toEqual([]);
    expect(await door({ limitMs: 200 })).toMatchObject({ reason: expect.stringContaining('took longer than') });
  });

  it('says so when the package is not there at all', async () => {
    rmSync(electron, { recursive: true });
    expect(await door()).toMatchObject({ reason: expect.stringContaining('"electron" is not installed') });
  });
});

describe('the executable', () => {
  it('of a named folder goes first, but only when it is there', () => {
    const named = path.join(folder, 'own');
    mkdirSync(path.join(electron, 'dist'));
    writeFileSync(path.join(electron, 'dist', 'electron'), '');
    const environment = { ELECTRON_OVERRIDE_DIST_PATH: named };
    expect(findElectron(folder, environment, 'linux')).toBe(path.join(electron, 'dist', 'electron'));
    mkdirSync(named);
    writeFileSync(path.join(named, 'electron'), '');
    expect(findElectron(folder, environment, 'linux')).toBe(path.join(named, 'electron'));
    expect(findElectron(folder, {}, 'win32')).toBeUndefined();
  });
});

describe('the window', () => {
  const program = (script: string): string => {
    const file = path.join(folder, 'program');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it('gets the app, the folder and the moment', async () => {
    const executable = program(`printf '%s\\n' "$@" > "${folder}/words"`);
    const run = await runDesktop({ executable, appFolder: '/app', root: '/lab', at: 'episode=a&t=1' });
    expect(run).toEqual({ exitCode: 0, neverCameUp: false });
    expect(readFileSync(path.join(folder, 'words'), 'utf8')).toBe('/app\n/lab\n--at=episode=a&t=1\n');
  });

  it('that fails at once never came up; one that is stopped did', async () => {
    expect(await runDesktop({ executable: program('exit 127'), appFolder: folder })).toMatchObject({
      neverCameUp: true,
    });
    expect(await runDesktop({ executable: path.join(folder, 'none'), appFolder: folder })).toMatchObject({
      neverCameUp: true,
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const run = runDesktop({ executable: program('exec sleep 30'), appFolder: folder, signal: stop.signal });
    expect(await run).toEqual({ exitCode: 0, neverCameUp: false });
  });
});

describe('the sample', () => {
  it('is recorded once, whole or not at all', async () => {
    const fail = sampleDataset(folder, async (place) => {
      writeFileSync(path.join(place, 'half'), '');
      throw new Error('stopped');
    });
    await expect(fail).rejects.toThrow('stopped');
    expect(readdirSync(folder)).toEqual(['node_modules']);
    const place = await sampleDataset(folder, async (growing) => writeFileSync(path.join(growing, 'whole'), ''));
    expect(readdirSync(place)).toEqual(['whole']);
    expect(await sampleDataset(folder, () => expect.unreachable('recorded twice'))).toBe(place);
  });

  it('recorded by two starts at once is the first one’s', async () => {
    const [first, second] = await Promise.all(
      ['a', 'b'].map((name) => sampleDataset(folder, async (growing) => writeFileSync(path.join(growing, name), ''))),
    );
    expect(first).toBe(second);
    expect(readdirSync(first as string)).toHaveLength(1);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('removes what a start that was killed days ago left behind, not what another one is recording', async () => {
    const [killed, growing] = ['sample-recording-a', 'sample-recording-b'].map((name) => path.join(folder, name));
    for (const place of [killed, growing]) {
      mkdirSync(place as string);
      writeFileSync(path.join(place as string, 'half'), '');
    }
    utimesSync(killed as string, new Date(0), new Date(0));
    await sampleDataset(folder, async () => {});
    expect(readdirSync(folder).sort()).toEqual(['node_modules', 'sample-1', 'sample-recording-b']);
  });
});
