import { createHash } from 'node:crypto';
import { openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Emitter, type Exactly } from './emitter.ts';
import { answer } from './host.ts';
import { CONFIGURATION_VARIABLE, type DoubleConfiguration } from './messages.ts';
import { markProtocolReady } from './protocol.ts';
import { BrowserWindow, tellApp } from './window.ts';

export const configuration = JSON.parse(process.env[CONFIGURATION_VARIABLE] ?? '{}') as DoubleConfiguration;

const emitter = new Emitter('App');
let userData = '';
let sandboxed = false;
let ready: () => void = () => {};
const isReady = new Promise<void>((resolve) => {
  ready = resolve;
});
let started = false;
let delivery: Promise<unknown> = Promise.resolve();

export const app: Exactly<'App'> = {
  isPackaged: configuration.isPackaged,
  on: emitter.on,
  enableSandbox() {
    if (started) throw new Error('app.enableSandbox() can only be called before app is ready');
    sandboxed = true;
  },
  exit: (code = 0) => end(code),
  getVersion: () => JSON.parse(readFileSync(path.join(configuration.appFolder, 'package.json'), 'utf8')).version,
  quit,
  requestSingleInstanceLock,
  setPath(name: string, place: string) {
    if (name !== 'userData') throw new Error(`The double keeps no path "${name}".`);
    userData = place;
  },
  whenReady: () => isReady,
};

/** Electron is ready only after the main module has run to its end: one that awaits whenReady() at its top never starts. */
export function becomeReady(): void {
  if (!sandboxed) throw new Error('Main did not call app.enableSandbox() before it was ready.');
  started = true;
  markProtocolReady();
  ready();
}

tellApp(
  (contents) => emitter.emit('web-contents-created', {}, contents),
  () => emitter.emit('window-all-closed'),
);

function quit(): void {
  // As in Electron the windows close first, and a window may refuse.
  setImmediate(() => {
    if (!BrowserWindow.closeAll()) return;
    if (!emitter.emit('will-quit')) end(0);
  });
}

function end(code: number): void {
  void delivery.finally(() => {
    if (lockFile) rmSync(lockFile, { force: true });
    process.exit(code);
  });
}

let lockFile: string | undefined;

/** One holder for one user-data folder; a second asker's data reaches the first before the second has ended. */
function requestSingleInstanceLock(data: unknown): boolean {
  const name = createHash('sha256').update(userData).digest('hex').slice(0, 16);
  const lock = path.join(os.tmpdir(), `electron-double-${name}`);
  try {
    writeFileSync(openSync(lock, 'wx'), String(process.pid));
  } catch {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) {
      delivery = new Promise((resolve) => {
        const line = net.connect(`${lock}.socket`, () => line.end(JSON.stringify({ words: process.argv, data })));
        line.on('close', resolve).on('error', resolve);
      });
      return false;
    }
    writeFileSync(lock, String(process.pid));
  }
  lockFile = lock;
  rmSync(`${lock}.socket`, { force: true });
  net
    .createServer({ allowHalfOpen: true }, async (line) => {
      let text = '';
      for await (const piece of line) text += piece;
      line.end();
      const second = JSON.parse(text) as { words: string[]; data: unknown };
      emitter.emit('second-instance', {}, second.words, '/', second.data);
    })
    .listen(`${lock}.socket`);
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

answer('quit', quit);
answer('open-file', (place: string) => emitter.emit('open-file', {}, place));
