import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { chromiumLaunch } from '../support/chromium.ts';

type Answer = { id: number; result?: unknown; error?: { message: string } };
type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

/**
 * A headless Chromium with one page of 1280×720, driven over the debugging pipe with nothing switched on that watches it.
 * Test drivers switch on network instrumentation, which copies every body once more: half as much again on every tick,
 * and none of it the product's. Linux.
 */
export class BenchBrowser {
  private readonly waiting = new Map<number, Waiting>();
  private session: string | undefined;
  private lastId = 0;
  private unread = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
  ) {
    const replies = child.stdio[4] as Readable;
    replies.setEncoding('utf8').on('data', (text: string) => this.read(text));
    child.once('exit', () => this.fail(new Error('The browser ended early.')));
  }

  static async open(): Promise<BenchBrowser> {
    if (!chromiumLaunch) throw new Error('The bench needs a Chromium: see npm test.');
    const profile = mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-profile-'));
    const child = spawn(
      chromiumLaunch.executablePath,
      [...FLAGS, ...chromiumLaunch.args, `--user-data-dir=${profile}`, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    const browser = new BenchBrowser(child, profile);
    const { targetInfos } = await browser.send<{ targetInfos: { targetId: string; type: string }[] }>(
      'Target.getTargets',
    );
    const page = targetInfos.find(({ type }) => type === 'page') as { targetId: string };
    const attached = await browser.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId: page.targetId,
      flatten: true,
    });
    browser.session = attached.sessionId;
    await browser.send('Emulation.setDeviceMetricsOverride', {
      width: 1280,
      height: 720,
      deviceScaleFactor: 1,
      mobile: false,
    });
    return browser;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  async goto(url: string): Promise<void> {
    await this.send('Page.navigate', { url });
  }

  /** Runs a function in the page; its argument and what it (or its promise) answers cross as JSON. */
  async evaluate<Argument, Result>(run: (argument: Argument) => Result, argument?: Argument): Promise<Awaited<Result>> {
    const { result, exceptionDetails } = await this.send<{
      result: { value: Awaited<Result> };
      exceptionDetails?: { exception?: { description?: string }; text: string };
    }>('Runtime.evaluate', {
      expression: `(${run.toString()})(${JSON.stringify(argument)})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until the page answers true; asks every 20 ms. */
  async until(isTrue: () => boolean, what: string, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await this.evaluate(isTrue).catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** A physical key, e.g. "KeyL" or "Control+KeyL", down and up. */
  async press(keys: string): Promise<void> {
    const modifiers = keys.startsWith('Control+') ? CONTROL : 0;
    const code = keys.replace('Control+', '');
    await this.key('rawKeyDown', code, { modifiers });
    await this.key('keyUp', code, { modifiers });
  }

  /** Half of a key press; `autoRepeat` as a held key sends it. */
  async key(
    type: 'rawKeyDown' | 'keyUp',
    code: string,
    more: { autoRepeat?: boolean; modifiers?: number } = {},
  ): Promise<void> {
    const { key, windowsVirtualKeyCode } = keyOf(code);
    await this.send('Input.dispatchKeyEvent', { type, code, key, windowsVirtualKeyCode, ...more });
  }

  /** The mouse in page pixels, fractions kept. */
  async mouse(type: 'mouseMoved' | 'mousePressed' | 'mouseReleased', x: number, y: number): Promise<void> {
    const button = type === 'mouseMoved' ? {} : { button: 'left', clickCount: 1 };
    await this.send('Input.dispatchMouseEvent', { type, x, y, ...button });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.send('Browser.close').catch(() => undefined);
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private send<Result>(method: string, params: object = {}): Promise<Result> {
    this.lastId += 1;
    const id = this.lastId;
    const isBrowsers = method.startsWith('Target.') || method.startsWith('Browser.');
    const sessionId = isBrowsers ? undefined : this.session;
    (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private read(text: string): void {
    const messages = (this.unread + text).split('\0');
    this.unread = messages.pop() as string;
    for (const message of messages) {
      const { id, result, error } = JSON.parse(message) as Answer;
      const waiting = this.waiting.get(id);
      if (!waiting) continue;
      this.waiting.delete(id);
      if (error) waiting.reject(new Error(error.message));
      else waiting.resolve(result as never);
    }
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

const CONTROL = 2;

/** What a window that a person looks at has anyway. */
const FLAGS = ['--headless=new', '--remote-debugging-pipe', '--hide-scrollbars', '--mute-audio'];

function keyOf(code: string): { key: string; windowsVirtualKeyCode: number } {
  if (code.startsWith('Key')) return { key: code.slice(3).toLowerCase(), windowsVirtualKeyCode: code.charCodeAt(3) };
  if (code.startsWith('Digit')) return { key: code.slice(5), windowsVirtualKeyCode: code.charCodeAt(5) };
  const known: Record<string, number> = { Escape: 27, ArrowLeft: 37, ArrowRight: 39 };
  return { key: code, windowsVirtualKeyCode: known[code] as number };
}
