import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { EventHub } from './api/event-hub.ts';
import { createHandler } from './api/handler.ts';
import type { Services } from './api/services.ts';
import { serveWorkstation } from './serve.ts';

/** A handler whose only living part is the hub. */
function handlerOf(hub: EventHub) {
  const empty = { list: () => [] };
  const services = { hub, jobs: empty, roots: empty } as Partial<Record<keyof Services, unknown>> as Services;
  return createHandler(services, undefined, () => undefined);
}

describe('the browser door', () => {
  it.each([
    ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+\/\?token=/],
    ['::', /^http:\/\/\[::1\]:\d+\/\?token=/],
  ])('that listens everywhere (%s) names addresses that can be opened', async (host, address) => {
    const served = await serveWorkstation({ fetch: async () => new Response('here') }, { host });
    try {
      expect(served.url).toMatch(address);
      expect((await fetch(served.url, { redirect: 'manual' })).status).toBe(303);
      expect(served.urlsForOthers.length).toBeGreaterThan(0);
      for (const url of served.urlsForOthers) expect(new URL(url).hostname).not.toMatch(/^(0\.0\.0\.0|127\.|\[::)/);
    } finally {
      await served.close();
    }
  });

  it('names nothing to others while it listens on loopback alone', async () => {
    const served = await serveWorkstation({ fetch: async () => new Response('here') });
    expect(served.urlsForOthers).toEqual([]);
    await served.close();
  });

  it('locks paths that look like addresses of another host, and takes them for paths', async () => {
    const asked: string[] = [];
    const answer = async ({ url }: Request) => new Response(String(asked.push(new URL(url).host)));
    const served = await serveWorkstation({ fetch: answer });
    const cookie = `regrasp_${served.port}=${new URL(served.url).searchParams.get('token')}`;
    const statusOf = (path: string, headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { host: '127.0.0.1', port: served.port, path, headers };
        http.get(options, (response) => resolve(response.resume().statusCode)).on('error', reject);
      });
    try {
      for (const path of ['//', '///', '//elsewhere.example/index.html', 'http://elsewhere.example/']) {
        expect(await statusOf(path, {}), path).toBe(401);
        expect(await statusOf(path, { cookie }), path).toBe(200);
      }
      expect(new Set(asked)).toEqual(new Set([`127.0.0.1:${served.port}`]));
    } finally {
      await served.close();
    }
  });

  it('lets the page ask for itself where a link elsewhere led to it, for a strict cookie stays behind then', async () => {
    const served = await serveWorkstation({ fetch: async () => new Response('here') });
    const ask = (path: string, site: string, more: Record<string, string> = {}) => {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', ...more };
      return new Promise<{ status: number | undefined; text: string; policy: unknown }>((resolve, reject) => {
        const options = { host: '127.0.0.1', port: served.port, path, headers };
        http
          .get(options, async (response) => {
            let text = '';
            for await (const piece of response) text += piece;
            resolve({ status: response.statusCode, text, policy: response.headers['content-security-policy'] });
          })
          .on('error', reject);
      });
    };
    try {
      const first = await ask('/', 'cross-site');
      expect(first).toMatchObject({ status: 401, policy: expect.stringContaining("script-src 'sha256-") });
      expect(first.text).toContain('<script>location.reload()</script>');
      // What the page then asks is of its own site: a stranger's browser, without a cookie, is not sent round.
      for (const again of [
        await ask('/', 'same-origin'),
        await ask('/', 'none'),
        await ask('/api/events', 'cross-site'),
        await ask('/?token=wrong', 'cross-site'),
      ]) {
        expect(again.status).toBe(401);
        expect(again.text).not.toContain('<script>');
      }
      expect((await ask('/', 'cross-site', { 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    } finally {
      await served.close();
    }
  });

  const readers = (hub: EventHub) => (hub as unknown as { streams: Set<unknown> }).streams.size;

  it('ends an event stream when the browser drops the connection', async () => {
    const hub = new EventHub();
    const served = await serveWorkstation({ fetch: handlerOf(hub) });
    try {
      const token = new URL(served.url).searchParams.get('token');
      const headers = { cookie: `regrasp_${served.port}=${token}` };
      const request = http.request(`${served.origin}/api/rpc/events`, { method: 'POST', headers });
      request.on('error', () => undefined);
      request.on('response', (response) => response.resume().on('error', () => undefined));
      request.end('{}');
      await expect.poll(() => readers(hub)).toBe(1);
      request.destroy();
      await expect.poll(() => readers(hub)).toBe(0);
    } finally {
      await served.close();
    }
  });

  it('waits for a slow reader as often as it takes, without a listener more each time', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    const pieces = 200;
    let left = pieces;
    const body = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (left-- > 0) controller.enqueue(new Uint8Array(256 * 1024));
          else controller.close();
        },
      });
    const served = await serveWorkstation({ fetch: async () => new Response(body()) });
    try {
      const token = new URL(served.url).searchParams.get('token');
      const answer = await fetch(served.origin, { headers: { cookie: `regrasp_${served.port}=${token}` } });
      expect((await answer.arrayBuffer()).byteLength).toBe(pieces * 256 * 1024);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', warned);
      await served.close();
    }
  });
});
