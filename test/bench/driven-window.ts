import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { BenchBrowser } from './browser.ts';
import { browserPart, cpuSeconds, isProgramShared, type MemoryUse, memoryOf, processTree } from './processes.ts';

/** Milliseconds to the first painted picture: from opening the episode, and from loading the page. */
interface FirstPicture {
  openingMs: number;
  loadingMs: number;
}

/** The workstation in a process of its own and a real window on it, driven by real input events. */
export class DrivenWindow {
  private constructor(
    readonly page: BenchBrowser,
    private readonly workstation: ChildProcess,
    private readonly answers: AsyncIterator<string>,
    private readonly userData: string,
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

    const page = await BenchBrowser.open();
    await page.goto(`${url}#${address}`);
    await page.until(() => performance.getEntriesByName('open-to-paint').length > 0, 'the first picture');
    const firstPicture = await page.evaluate(() => {
      const [measure] = performance.getEntriesByName('open-to-paint') as [PerformanceEntry];
      return { openingMs: measure.duration, loadingMs: measure.startTime + measure.duration };
    });
    return new DrivenWindow(page, workstation, answers, userData, firstPicture);
  }

  /** Goes to a tick as a pasted address does, and answers the seek-to-paint of it. */
  async seek(episode: string, tick: number): Promise<number> {
    return this.page.evaluate(
      ([address, wanted]) =>
        new Promise<number>((resolve, reject) => {
          const painted = () => (document.querySelector('[data-painted-tick]') as HTMLElement).dataset.paintedTick;
          const timer = setTimeout(
            () => reject(new Error(`Tick ${wanted} was not painted in 10 s: ${painted()} is on screen.`)),
            10_000,
          );
          const observer = new PerformanceObserver((list) => {
            for (const entry of list.getEntriesByName('seek-to-paint')) {
              if ((entry as PerformanceMeasure).detail?.tick !== wanted) continue;
              clearTimeout(timer);
              observer.disconnect();
              resolve(entry.duration);
            }
          });
          observer.observe({ entryTypes: ['measure'] });
          if (window.location.hash === `#${address}`) window.dispatchEvent(new HashChangeEvent('hashchange'));
          else window.location.hash = address;
        }),
      [`episode=${encodeURIComponent(episode)}&t=${tick}`, tick] as [string, number],
    );
  }

  /**
   * Presses the ruler of the timeline, which shows the whole episode of `ticks` ticks, where a tick lies. Answers the
   * tick that it came to, the neighbour where the clock jitters, and its seek-to-paint.
   */
  async press(tick: number, ticks: number): Promise<{ tick: number; tookMs: number }> {
    const { left, width, middle } = await this.page.evaluate(() => {
      performance.clearMeasures('seek-to-paint');
      const ruler = document.querySelector('[data-testid="ruler"]') as HTMLElement;
      const { left, width, top, height } = ruler.getBoundingClientRect();
      return { left, width, middle: top + height / 2 };
    });
    const x = left + Math.min((width * tick) / (ticks - 1), width - 0.1);
    const painted = this.page.evaluate(
      () =>
        new Promise<{ tick: number; tookMs: number }>((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error('A press on the timeline painted nothing in 10 s.')), 10_000);
          const observer = new PerformanceObserver((list) => {
            const [entry] = list.getEntriesByName('seek-to-paint') as PerformanceMeasure[];
            if (!entry) return;
            clearTimeout(timer);
            observer.disconnect();
            resolve({ tick: entry.detail.tick, tookMs: entry.duration });
          });
          observer.observe({ entryTypes: ['measure'] });
        }),
    );
    await this.page.mouse('mouseMoved', x, middle);
    await this.page.mouse('mousePressed', x, middle);
    const reached = await painted;
    await this.page.mouse('mouseReleased', x, middle);
    await this.page.mouse('mouseMoved', 2, 2);
    return reached;
  }

  /**
   * Distinct ticks painted while `during` runs, for how many seconds, and how many a second from the first on: the wait
   * for that one is a seek's, and no rate.
   */
  async countTicks(during: () => Promise<void>): Promise<{ ticks: number; seconds: number; perSecond: number }> {
    await this.page.evaluate(() => {
      // The panes name the tick they were painted with; the number beside the transport is written less often.
      const panes = document.querySelector('[data-painted-tick]') as HTMLElement;
      const seen = { values: new Set<string>(), startMs: performance.now(), firstMs: 0 };
      const observer = new MutationObserver(() => {
        if (seen.values.size === 0) seen.firstMs = performance.now();
        seen.values.add(panes.dataset.paintedTick ?? '');
      });
      observer.observe(panes, { attributes: true, attributeFilter: ['data-painted-tick'] });
      Object.assign(window, { benchSeen: seen, benchObserver: observer });
    });
    await during();
    return this.page.evaluate(() => {
      const { benchSeen, benchObserver } = window as unknown as {
        benchSeen: { values: Set<string>; startMs: number; firstMs: number };
        benchObserver: MutationObserver;
      };
      benchObserver.disconnect();
      const nowMs = performance.now();
      const ticks = benchSeen.values.size;
      const perSecond = ticks < 2 ? 0 : (ticks - 1) / ((nowMs - benchSeen.firstMs) / 1000);
      return { ticks, seconds: (nowMs - benchSeen.startMs) / 1000, perSecond };
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

  /** What the screen says of the pictures. */
  async pixels(): Promise<'stored' | 'scaled'> {
    return this.page.evaluate(() => {
      const bar = document.querySelector('[role="toolbar"][aria-label="Transport"]') as HTMLElement;
      return (bar.textContent ?? '').includes('Scaled') ? 'scaled' : 'stored';
    });
  }

  /** What the screen says of the rate while playing. */
  async saidRate(): Promise<string> {
    return this.page.evaluate(
      () => (document.querySelector('[data-testid="achieved"]') as HTMLElement | null)?.innerText ?? '',
    );
  }

  /** What the screen says of its cache: "61 MB of 64 MB". */
  async cacheReading(): Promise<string> {
    return this.page.evaluate(
      () => (document.querySelector('[data-testid="cache"]') as HTMLElement | null)?.innerText ?? '',
    );
  }

  async eventLoopDelay(): Promise<{ p50: number; p99: number; max: number }> {
    this.workstation.stdin?.write('delay\n');
    return JSON.parse((await this.answers.next()).value as string) as { p50: number; p99: number; max: number };
  }

  /** PSS of the workstation and the whole browser. */
  memoryBytes(): number {
    return memoryOf([...processTree(this.workstation.pid as number), ...browserProcesses(this.page.pid)]).pss;
  }

  /** Memory by what it is for. */
  memoryByPart(): Record<Part, MemoryUse> {
    const browser = browserProcesses(this.page.pid);
    const of = (part: Part) => memoryOf(browser.filter((pid) => browserPart(pid) === part));
    return {
      workstation: memoryOf(processTree(this.workstation.pid as number)),
      page: of('page'),
      network: of('network'),
      browser: of('browser'),
    };
  }

  /** Whether another Chromium runs on this machine now: PSS is then less than what ours takes alone. */
  isProgramShared(): boolean {
    return isProgramShared(this.page.pid);
  }

  /** CPU time that the workstation and the whole browser have used so far. */
  cpuSeconds(): number {
    return cpuSeconds(this.processes());
  }

  private processes(): number[] {
    return [...processTree(this.workstation.pid as number), ...processTree(this.page.pid)];
  }

  async close(): Promise<void> {
    await this.page.close();
    this.workstation.stdin?.end();
    await new Promise((resolve) => this.workstation.once('exit', resolve));
    rmSync(this.userData, { recursive: true, force: true });
  }
}

type Part = 'workstation' | 'page' | 'network' | 'browser';

/** The processes of a browser but for those that have nothing to do with a page. */
function browserProcesses(pid: number): number[] {
  return processTree(pid).filter((each) => browserPart(each) !== undefined);
}

/**
 * PSS of the same browser on a blank page. Measured before the driven window opens: two browsers share the pages of
 * their program, and each has a hundred megabytes less by that.
 */
export async function blankBrowserBytes(): Promise<number> {
  const page = await BenchBrowser.open();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const bytes = memoryOf(browserProcesses(page.pid)).pss;
  await page.close();
  return bytes;
}
