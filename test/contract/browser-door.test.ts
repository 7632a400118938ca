import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binaryResponse } from '../../electron/api/binary.ts';
import { type ServedWorkstation, serveWorkstation } from '../../electron/serve.ts';
import { describeContract } from './contract-suite.ts';
import { browserDoor, cookieFrom } from './doors.ts';

describeContract(browserDoor);

describe('the lock of the browser door', () => {
  let served: ServedWorkstation;
  let cookie: string;
  let seen: Request[];
  const aborted: string[] = [];

  beforeAll(async () => {
    seen = [];
    served = await serveWorkstation({
      async fetch(request) {
        seen.push(request);
        const { pathname } = new URL(request.url);
        if (pathname === '/slow') {
          request.signal.addEventListener('abort', () => aborted.push(pathname));
          await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
        }
        if (pathname === '/trickle') return new Response(trickle());
        if (pathname === '/pieces') return binaryResponse([new Uint8Array([1, 2]), new Uint8Array([3])]);
        if (pathname === '/boom') throw new Error('secret detail');
        return new Response(request.method === 'POST' ? await request.text() : 'inside');
      },
    });
    cookie = await cookieFrom(served.url);
  });
  afterAll(() => served.close());

  function trickle(): ReadableStream<Uint8Array> {
    return new ReadableStream({
      async pull(controller) {
        controller.enqueue(new TextEncoder().encode('drop '));
        await new Promise((resolve) => setTimeout(resolve, 300));
      },
    });
  }

  /** A request exactly as written: fetch would tidy the path and forbid these headers. */
  function raw(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string, port = served.port) {
    return new Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }>((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  it.each([['/'], ['/assets/index.js'], ['/api/tick'], ['/api/rpc/roots/list'], ['/favicon.ico'], ['/../x']])(
    'answers 401 to %s without the token',
    async (path) => {
      const before = seen.length;
      const strangers: Record<string, string>[] = [
        {},
        { cookie: `regrasp_${served.port}=wrong` },
        { cookie: 'regrasp=x' },
      ];
      for (const headers of strangers) {
        const answer = await raw(path, headers);
        expect(answer.status).toBe(401);
        expect(answer.text).toContain('address');
      }
      expect(seen).toHaveLength(before);
    },
  );

  it('turns the token into a cookie of this port and leaves the address clean', async () => {
    const token = new URL(served.url).searchParams.get('token') as string;
    const answer = await raw(`/?layout=a&token=${token}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/?layout=a');
    expect(answer.headers['set-cookie']).toEqual([
      `regrasp_${served.port}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    ]);
    expect((await raw('/?token=wrong')).status).toBe(401);
    expect((await raw(`//elsewhere.example/?token=${token}`)).headers.location).not.toMatch(/^\/\//);
  });

  it('lets the cookie in and keeps the token from what is behind the door', async () => {
    expect((await raw('/inner', { cookie })).text).toBe('inside');
    expect(seen.at(-1)?.headers.get('cookie')).toBeNull();
  });

  it('refuses the method that cannot be passed on, in a sentence', async () => {
    const answer = await raw('/inner', { cookie }, 'TRACE');
    expect([answer.status, answer.text]).toEqual([405, expect.stringContaining('Only GET')]);
  });

  it('refuses foreign names and foreign pages, cookie or not', async () => {
    const own = `127.0.0.1:${served.port}`;
    const status = async (headers: Record<string, string>) => (await raw('/api/rpc/x', { cookie, ...headers })).status;
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host: `evil.example:${served.port}` })).toBe(403);
    expect(await status({ origin: 'http://evil.example' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({ origin: `http://127.0.0.1:${served.port + 1}` })).toBe(403);
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await status({ origin: `http://${own}`, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await status({ host: 'localhost:9000', origin: 'http://localhost:9000' })).toBe(200);
  });

  it('takes a megabyte and no more', async () => {
    const headers = { cookie };
    expect((await raw('/echo', headers, 'POST', 'x'.repeat(1_000_000))).text).toHaveLength(1_000_000);
    expect((await raw('/echo', headers, 'POST', 'x'.repeat(1_000_001))).status).toBe(413);
    const chunked = { cookie, 'transfer-encoding': 'chunked' };
    expect((await raw('/echo', chunked, 'POST', 'x'.repeat(1_500_000)).catch(() => ({ status: 413 }))).status).toBe(
      413,
    );
  });

  it('tells nothing of a failure it did not foresee', async () => {
    const answer = await raw('/boom', { cookie });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret');
  });

  it('writes binary answers whole, and answers HEAD without a body', async () => {
    const answer = await fetch(`${served.origin}/pieces`, { headers: { cookie } });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    expect(answer.headers.get('content-length')).toBe('3');
    const head = await fetch(`${served.origin}/pieces`, { method: 'HEAD', headers: { cookie } });
    expect(head.headers.get('content-length')).toBe('3');
    expect(await head.text()).toBe('');
  });

  it('passes streams on as they come', async () => {
    const answer = await fetch(`${served.origin}/trickle`, { headers: { cookie } });
    const reader = answer.body?.getReader();
    const startedAt = performance.now();
    await reader?.read();
    expect(performance.now() - startedAt).toBeLessThan(250);
    await reader?.cancel();
  });

  it('tells the workstation when the browser went away', async () => {
    const abort = new AbortController();
    const asked = fetch(`${served.origin}/slow`, { headers: { cookie }, signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 50));
    abort.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => aborted).toEqual(['/slow']);
  });

  it('answers under addresses, not under foreign names, when a person serves it to the network', async () => {
    const open = await serveWorkstation({ fetch: async () => new Response('inside') }, { host: '0.0.0.0' });
    try {
      const ask = (host: string) => raw('/', { host }, 'GET', undefined, open.port);
      expect((await ask('192.168.1.5:80')).status).toBe(401);
      expect((await ask('localhost')).status).toBe(401);
      expect((await ask('evil.example')).status).toBe(403);
    } finally {
      await open.close();
    }
  });

  it('says so when the port is taken, or the address none of this machine', async () => {
    await expect(serveWorkstation({ fetch: async () => new Response() }, { port: served.port })).rejects.toThrow(
      /in use: choose another port/,
    );
    // An address that is kept for documentation, so no machine's own.
    await expect(serveWorkstation({ fetch: async () => new Response() }, { host: '192.0.2.1' })).rejects.toThrow(
      /^The workstation could not be served at 192\.0\.2\.1:0: this machine has no such address: name one of its own, or none\.$/,
    );
  });
});
