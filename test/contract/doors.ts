import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { serveWorkstation } from '../../electron/serve.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { Workstation } from '../../electron/workstation-types.ts';
import type { contract } from '../../shared/api/contract.ts';
import { builtWorkerDir, pluginDir } from '../support/built-worker.ts';
import type { SmallDisk } from '../support/small-disk.ts';
import { endOf, said, startRegrasp } from '../support/terminal.ts';
import type { Fixture } from './fixture.ts';

export type Client = ContractRouterClient<typeof contract>;

/** A way into the workstation, as its own page sees it. */
export interface Door {
  name: string;
  /** Sends what the page would send; `path` begins with a slash. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  client: Client;
  /** What the door does when a person chooses a path: answers the grant. Rejects with a sentence. */
  grant(path: string): Promise<string>;
  close(): Promise<void>;
}

/** How a suite opens a door on its fixture. */
export interface DoorKind {
  name: string;
  open(fixture: Fixture): Promise<Door>;
}

export function clientOf(fetch: Door['fetch'], origin: string): Client {
  const link = new RPCLink({
    url: `${origin}/api/rpc`,
    fetch: async (request, init, { signal }) => {
      const { pathname, search } = new URL(request.url);
      const body = request.body === null ? null : await request.arrayBuffer();
      const { method, headers } = request;
      // The caller's own signal: a Request's is let go of with the Request, and then never fires.
      return fetch(`${pathname}${search}`, { ...init, method, headers, signal: signal ?? null, body });
    },
  });
  return createORPCClient(link);
}

export async function workstationFor(fixture: Fixture, door: 'desktop' | 'browser' | 'none'): Promise<Workstation> {
  return openWorkstation({
    ...{ door, version: '0.0.0-test', userDataDir: fixture.userDataDir, rendererDir: fixture.rendererDir },
    ...{ workerDir: await builtWorkerDir(), pluginDir },
  });
}

/** The workstation's own fetch, as the desktop window's scheme calls it. */
export const handlerDoor: DoorKind = {
  name: 'the handler itself',
  async open(fixture) {
    const workstation = await workstationFor(fixture, 'desktop');
    const origin = 'regrasp://app';
    const fetch: Door['fetch'] = async (path, init) =>
      cutOff(await workstation.fetch(new Request(`${origin}${path}`, init)), init?.signal);
    return {
      ...{ name: this.name, fetch, client: clientOf(fetch, origin) },
      grant: (path) => workstation.grant(path),
      close: () => workstation.close(),
    };
  },
};

/** As a window does it: leaving cancels the body. The workstation may not count on hearing of the signal. */
function cutOff(response: Response, signal: AbortSignal | null | undefined): Response {
  if (!signal || !response.body) return response;
  const { readable, writable } = new TransformStream();
  response.body.pipeTo(writable, { signal }).catch(() => undefined);
  return new Response(readable, response);
}

/** Real HTTP on loopback, with the cookie a browser would hold. */
export const browserDoor: DoorKind = {
  name: 'the browser door',
  async open(fixture) {
    const workstation = await workstationFor(fixture, 'browser');
    const served = await serveWorkstation(workstation);
    const send = withCookie(served.origin, await cookieFrom(served.url));
    return {
      ...{ name: this.name, fetch: send, client: clientOf(send, served.origin) },
      grant: (path) => workstation.grant(path),
      async close() {
        await served.close();
        await workstation.close();
      },
    };
  },
};

/**
 * A process of its own that serves a dataset, as somebody started it in a terminal; `disk`: where that is mounted. `hold`
 * stops all that it does, until it is let go on.
 */
export async function servedDoor(
  userDataDir: string,
  dataset: string,
  disk?: SmallDisk,
): Promise<Pick<Door, 'fetch' | 'client' | 'close'> & { hold(isHeld: boolean): void }> {
  const child = startRegrasp(userDataDir, ['serve', dataset, '--port', '0'], disk);
  const [url] = await said(child, 'stdout', /http:\S+/);
  const { origin } = new URL(url);
  const send = withCookie(origin, await cookieFrom(url));
  return {
    ...{ fetch: send, client: clientOf(send, origin) },
    hold: (isHeld) => child.kill(isHeld ? 'SIGSTOP' : 'SIGCONT'),
    async close() {
      const ended = endOf(child);
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** As a page of that origin sends it. */
function withCookie(origin: string, cookie: string): Door['fetch'] {
  return (path, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie);
    headers.set('origin', origin);
    return fetch(`${origin}${path}`, { ...init, headers });
  };
}

export async function cookieFrom(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (!cookie) throw new Error(`The door gave no cookie (${response.status}).`);
  return cookie;
}
