import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { WorkstationPage } from '../pages/workstation-page.ts';
import { sharedChromium } from '../support/chromium.ts';
import { endOf, said, startRegrasp } from '../support/terminal.ts';
import { copyOfSample } from './sample.ts';

interface StageOptions {
  broken?: boolean;
  empty?: boolean;
  write?(dataset: string): Promise<void>;
}

export interface WindowOptions extends BrowserContextOptions {
  /** Behind "#" in the page's address. */
  address?: string;
}

/**
 * One journey's surroundings: a folder, a dataset, `regrasp serve` on it as a process of its own, and windows of a real
 * browser. What a page complains of is kept: see `complaints`.
 */
export class Stage {
  /** Sentences of page errors and console errors, in order. A journey that provokes none expects none. */
  readonly complaints: string[] = [];
  private readonly contexts: BrowserContext[] = [];
  private server: ChildProcess | undefined;
  private url = '';

  private constructor(
    readonly folder: string,
    readonly dataset: string,
    private readonly browser: Browser,
  ) {}

  /** `write` writes the dataset, which is a copy of the sample without it. */
  static async make({ broken = false, empty = false, write }: StageOptions = {}): Promise<Stage> {
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp e2e ')));
    const dataset = empty || write ? path.join(folder, 'nothing') : await copyOfSample(folder, { broken });
    mkdirSync(dataset, { recursive: true });
    await write?.(dataset);
    // Software painting on every machine: it is what the figures are about, and its canvases can be read back.
    const stage = new Stage(folder, dataset, await sharedChromium(['--disable-gpu']));
    await stage.serve();
    return stage;
  }

  /** Takes back complaints that a journey provoked on purpose. */
  forgive(expected: RegExp): void {
    this.complaints.splice(0, Infinity, ...this.complaints.filter((complaint) => !expected.test(complaint)));
  }

  get userDataDir(): string {
    return path.join(this.folder, 'user');
  }

  /** Serves (again), at the same port so that an open window may find it. */
  async serve(): Promise<void> {
    const port = this.url === '' ? [] : ['--port', new URL(this.url).port];
    const server = startRegrasp(this.userDataDir, ['serve', this.dataset, ...port]);
    // Its progress goes to a pipe that somebody has to empty.
    server.stderr?.resume();
    this.server = server;
    [this.url] = (await said(server, 'stdout', /http:\/\/\S+token=\S+/)) as unknown as [string];
  }

  /** As a crash or `kill -9` ends it: without a last word. */
  async killServer(): Promise<void> {
    await this.endServer('SIGKILL');
  }

  /** A window with storage and cookies of its own, on the address that was printed. */
  async openWindow({ address, ...options }: WindowOptions = {}): Promise<WorkstationPage> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    this.contexts.push(context);
    return this.openTab(context, address);
  }

  /** Another window of the same person: storage and cookies are shared. */
  async openTab(context: BrowserContext, address?: string): Promise<WorkstationPage> {
    const page = await context.newPage();
    this.watch(page);
    await page.goto(address === undefined ? this.url : `${this.url}#${address}`);
    return new WorkstationPage(page);
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    await this.endServer('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private watch(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('response', (response) => {
      if (response.status() < 400) return;
      // What was refused, beside the browser's word that something was.
      void response.text().then(
        (text) => this.explain(response.url(), text),
        () => undefined,
      );
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} (${message.location().url})`);
    });
  }

  private explain(url: string, answer: string): void {
    const at = this.complaints.findIndex((complaint) => complaint.endsWith(`(${url})`));
    if (at >= 0) this.complaints[at] += `: ${answer.slice(0, 400)}`;
  }

  private async endServer(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server || server.exitCode !== null) return;
    const ended = endOf(server);
    server.kill(signal);
    await ended;
  }
}
