import { createReadStream, existsSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { answerStatic } from '../../../electron/api/static-files.ts';
import { decodeVideoRequest } from '../../../shared/api/video.ts';
import { sharedChromium } from '../../support/chromium.ts';
import type { Painted, VideoOfPage, VideoPage } from './page.ts';

type Method = keyof VideoPage;

/** A window with the product's player and panes on videos of a folder; files are named `<stream>` and `<stream>.proxy`. */
export class VideoStage {
  readonly complaints: string[] = [];

  private constructor(
    readonly folder: string,
    /** Parts of video files that the window asked for, as its headers name them. */
    readonly askedRanges: string[],
    private readonly server: Server,
    readonly page: Page,
  ) {}

  static async make(): Promise<VideoStage> {
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp video ')));
    const pageFolder = path.join(folder, 'page');
    await buildPage(pageFolder);
    const askedRanges: string[] = [];
    const server = createServer((request, response) => {
      const address = new URL(request.url ?? '/', 'http://localhost');
      if (address.pathname === '/api/video') {
        askedRanges.push(request.headers.range ?? '');
        answerVideo(folder, address.search, request.headers.range, response);
      } else void answerPage(pageFolder, address.pathname, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await sharedChromium(['--disable-gpu']);
    const page = await browser.newPage({ viewport: { width: 1000, height: 520 } });
    const stage = new VideoStage(folder, askedRanges, server, page);
    page.on('pageerror', (error) => stage.complaints.push(String(error)));
    page.on('console', (message) => {
      // A file that is not there is a 404, which every browser logs.
      if (['error', 'warning'].includes(message.type()) && !message.text().includes('404')) {
        stage.complaints.push(message.text());
      }
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'videoPage' in window);
    return stage;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  open(videos: VideoOfPage[], ticks: number): Promise<void> {
    return this.call('open', videos, ticks);
  }

  seek(tick: number): Promise<Painted> {
    return this.call('seek', tick);
  }

  call<Name extends Method>(
    method: Name,
    ...args: Parameters<VideoPage[Name]>
  ): Promise<Awaited<ReturnType<VideoPage[Name]>>> {
    return this.page.evaluate(
      ([name, given]) =>
        (window as unknown as { videoPage: Record<string, (...args: unknown[]) => unknown> }).videoPage[name]?.(
          ...given,
        ),
      [method, args] as [string, unknown[]],
    ) as Promise<Awaited<ReturnType<VideoPage[Name]>>>;
  }

  async close(): Promise<void> {
    await this.page.close();
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function buildPage(outDir: string): Promise<void> {
  const root = import.meta.dirname;
  await build({
    configFile: false,
    root,
    base: './',
    logLevel: 'error',
    build: {
      outDir,
      target: 'chrome140',
      rolldownOptions: { input: path.join(root, 'page.ts'), output: { entryFileNames: 'page.js' } },
    },
  });
  writeFileSync(path.join(outDir, 'index.html'), '<!doctype html><script type="module" src="/page.js"></script>');
}

/** With the product's own headers: what its policy forbids is forbidden here. */
async function answerPage(folder: string, pathname: string, response: ServerResponse): Promise<void> {
  const answer = await answerStatic(folder, pathname);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

function answerVideo(folder: string, query: string, range: string | undefined, response: ServerResponse): void {
  const request = decodeVideoRequest(query);
  const file = path.join(folder, `${request?.stream}${request?.form === 'proxy' ? '.proxy' : ''}`);
  if (!request || !existsSync(file)) {
    response.writeHead(request?.form === 'proxy' ? 204 : 404, { 'content-type': 'text/plain' });
    response.end(`${path.basename(file)} is not there: put the video back beside its data.\n`);
    return;
  }
  const { size } = statSync(file);
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
  const start = match ? Number(match[1]) : 0;
  const end = match?.[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
  response.writeHead(match ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    ...(match ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  });
  createReadStream(file, { start, end }).pipe(response);
}
