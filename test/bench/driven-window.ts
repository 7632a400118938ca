import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { chromiumLaunch } from '../support/chromium.ts';
import { cpuSeconds, processTree, pssBytes } from './memory.ts';

/** Milliseconds to the first painted picture: from opening the episode, and from loading the page. */
interface FirstPicture {
  openingMs: number;
  loadingMs: number;
}

/**
 * The workstation in a process of its own and a real window on it, driven by real input events. The browser is started
 * through Playwright, whose instrumentation costs some milliseconds a tick: the same for every figure.
 */
export class DrivenWindow {
  private constructor(
    readonly page: Page,
    private readonly devtools: CDPSession,
    private readonly context: BrowserContext,
    private readonly workstation: ChildProcess,
    private readonly answers: AsyncIterator<string>,
    private readonly folders: string[],
    readonly firstPicture: FirstPicture,
  ) {}

  static async open(script: string, mainDir: string, dataset: string, address: string): Promise<DrivenWindow> {
    const userData = mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-user-'));
    const workstation = spawn(process.execPath, [script, dataset, userData, mainDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const answers = createInterface({ input: workstation.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    const greeting = await answers.next();
    if (greeting.done) throw new Error('The workstation ended before it served.');
    const { url } = JSON.parse(greeting.value) as { url: string };

    const { context, page, profile } = await blankWindow();
    await page.goto(`${url}#${address}`);
    await page.getByTestId('shown-tick').waitFor({ timeout: 60_000 });
    const first = await page.evaluate(
      () =>
        new Promise<FirstPicture>((resolve) => {
          const look = () => {
            const [measure] = performance.getEntriesByName('open-to-paint');
            if (measure) resolve({ openingMs: measure.duration, loadingMs: measure.startTime + measure.duration });
            else setTimeout(look, 20);
          };
          look();
        }),
    );
    const devtools = await context.newCDPSession(page);
    return new DrivenWindow(page, devtools, context, workstation, answers, [userData, profile], first);
  }

  /** One physical key down (and up); `repeat` as a held key sends it. */
  async key(type: 'rawKeyDown' | 'keyUp', key: string, repeat = false): Promise<void> {
    await this.devtools.send('Input.dispatchKeyEvent', {
      type,
      key,
      code: key,
      autoRepeat: repeat,
      windowsVirtualKeyCode: key === 'ArrowRight' ? 39 : 37,
    });
  }

  /** Goes to a tick as a pasted address does, and answers the seek-to-paint of it. */
  async seek(episode: string, tick: number): Promise<number> {
    return this.page.evaluate(
      ([address, wanted]) =>
        new Promise<number>((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`Tick ${wanted} was not painted in 10 s.`)), 10_000);
          const observer = new PerformanceObserver((list) => {
            for (const entry of list.getEntriesByName('seek-to-paint')) {
              if ((entry as PerformanceMeasure).detail?.tick !== wanted) continue;
              clearTimeout(timer);
              observer.disconnect();
              resolve(entry.duration);
            }
          });
          observer.observe({ entryTypes: ['measure'] });
          window.location.hash = address;
        }),
      [`episode=${encodeURIComponent(episode)}&t=${tick}`, tick] as [string, number],
    );
  }

  /** Distinct ticks painted while `during` runs, and for how many seconds that was. */
  async countTicks(during: () => Promise<void>): Promise<{ ticks: number; seconds: number; perSecond: number }> {
    await this.page.evaluate(() => {
      // The panes name the tick they were painted with; the number beside the transport is written less often.
      const panes = document.querySelector('[data-painted-tick]') as HTMLElement;
      const seen = { values: new Set<string>(), startMs: performance.now() };
      const observer = new MutationObserver(() => seen.values.add(panes.dataset.paintedTick ?? ''));
      observer.observe(panes, { attributes: true, attributeFilter: ['data-painted-tick'] });
      Object.assign(window, { benchSeen: seen, benchObserver: observer });
    });
    await during();
    return this.page.evaluate(() => {
      const { benchSeen, benchObserver } = window as unknown as {
        benchSeen: { values: Set<string>; startMs: number };
        benchObserver: MutationObserver;
      };
      benchObserver.disconnect();
      const seconds = (performance.now() - benchSeen.startMs) / 1000;
      return { ticks: benchSeen.values.size, seconds, perSecond: benchSeen.values.size / seconds };
    });
  }

  /** seek-to-paint measures since the last call. */
  async takeSeekMeasures(): Promise<number[]> {
    return this.page.evaluate(() => {
      const durations = performance.getEntriesByName('seek-to-paint').map((entry) => entry.duration);
      performance.clearMeasures('seek-to-paint');
      return durations;
    });
  }

  async eventLoopDelay(): Promise<{ p50: number; p99: number; max: number }> {
    this.workstation.stdin?.write('delay\n');
    return JSON.parse((await this.answers.next()).value as string) as { p50: number; p99: number; max: number };
  }

  /** PSS of the workstation and the whole browser. */
  memoryBytes(): number {
    return pssBytes(this.processes());
  }

  /** CPU time that the workstation and the whole browser have used so far. */
  cpuSeconds(): number {
    return cpuSeconds(this.processes());
  }

  private processes(): number[] {
    const pid = this.workstation.pid as number;
    return [...processTree(pid), ...browserProcesses(pid)];
  }

  async close(): Promise<void> {
    await this.context.close();
    this.workstation.stdin?.end();
    await new Promise((resolve) => this.workstation.once('exit', resolve));
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }
}

/** PSS of the same browser on a blank page. */
export async function blankBrowserBytes(): Promise<number> {
  const { context, profile } = await blankWindow();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const bytes = pssBytes(browserProcesses());
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  return bytes;
}

async function blankWindow() {
  if (!chromiumLaunch) throw new Error('The bench needs a Chromium: see npm test.');
  const profile = mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumLaunch.executablePath,
    args: chromiumLaunch.args,
    viewport: { width: 1280, height: 720 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto('about:blank');
  return { context, page, profile };
}

/** Every process below this one but the workstation's: the one browser that is open. */
function browserProcesses(workstationPid?: number): number[] {
  const others = new Set(workstationPid === undefined ? [] : processTree(workstationPid));
  return processTree(process.pid).filter((pid) => pid !== process.pid && !others.has(pid));
}
