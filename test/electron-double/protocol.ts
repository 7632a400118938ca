import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CustomScheme } from 'electron';
import type { Exactly } from './emitter.ts';

/**
 * `scheme://host/x` stands behind `http://host.scheme.localhost:port/x`: Chromium resolves *.localhost by itself and holds
 * it for secure, so streams, wasm and WebCodecs behave as on the real scheme. Main sees the real address.
 */

type Handler = (request: Request) => Response | Promise<Response>;

const REQUIRED_PRIVILEGES = ['standard', 'secure', 'supportFetchAPI', 'stream'] as const;
const schemes = new Map<string, CustomScheme>();
const handlers = new Map<string, Handler>();
let isReady = false;
let port: Promise<number> | undefined;

export function markProtocolReady(): void {
  isReady = true;
}

export const protocol: Exactly<'Protocol'> = {
  registerSchemesAsPrivileged(list: CustomScheme[]) {
    if (isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    if (schemes.size > 0) throw new Error('protocol.registerSchemesAsPrivileged can be called only once');
    for (const scheme of list) {
      for (const privilege of REQUIRED_PRIVILEGES) {
        if (!scheme.privileges?.[privilege]) throw new Error(`The scheme ${scheme.scheme} needs "${privilege}".`);
      }
      if (scheme.privileges?.bypassCSP) throw new Error(`The scheme ${scheme.scheme} must not bypass the CSP.`);
      schemes.set(scheme.scheme, scheme);
    }
  },
  handle(scheme: string, handler: Handler) {
    if (!isReady) throw new Error('protocol.handle can be called only after app is ready');
    if (!schemes.has(scheme)) throw new Error(`The scheme ${scheme} was never registered.`);
    if (handlers.has(scheme)) throw new Error('Protocol scheme already handled');
    handlers.set(scheme, handler);
  },
};

/** Address at which Chromium reaches what main calls `url`. Other addresses stay as they are. */
export async function toChromium(url: string): Promise<string> {
  const { protocol: scheme, host, pathname, search, hash } = new URL(url);
  if (!schemes.has(scheme.slice(0, -1))) return url;
  return `http://${host}.${scheme.slice(0, -1)}.localhost:${await listen()}${pathname}${search}${hash}`;
}

/** What main calls the page that Chromium shows at `address`. */
export function toMain(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  const match = /^(.+)\.([a-z]+)\.localhost$/.exec(url.hostname);
  if (!match || !schemes.has(match[2]!)) return address;
  return `${match[2]}://${match[1]}${url.pathname}${url.search}${url.hash}`;
}

function listen(): Promise<number> {
  port ??= new Promise((resolve, reject) => {
    const server = http.createServer((incoming, outgoing) => void serve(incoming, outgoing));
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  return port;
}

async function serve(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  try {
    const url = toMain(`http://${incoming.headers.host}${incoming.url}`);
    const handler = handlers.get(new URL(url).protocol.slice(0, -1));
    if (!handler) throw new Error(`Nothing handles ${url}.`);
    const response = await handler(requestOf(url, incoming, gone.signal));
    // Any status a Response may have is valid here; the page reads what it would read in Electron.
    outgoing.writeHead(response.status, [...response.headers].flat());
    if (!response.body) outgoing.end();
    else await pipeline(Readable.fromWeb(response.body as never), outgoing);
  } catch (error) {
    if (gone.signal.aborted) return;
    console.error(error);
    outgoing.destroy();
  }
}

function requestOf(url: string, incoming: http.IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name === 'host' || name === 'connection') continue;
    const text = Array.isArray(value) ? value.join(', ') : value;
    headers.set(name, name === 'origin' ? toMain(text).replace(/\/$/, '') : name === 'referer' ? toMain(text) : text);
  }
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  return new Request(url, {
    method: incoming.method,
    headers,
    signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as never, duplex: 'half' } : {}),
  } as RequestInit);
}
