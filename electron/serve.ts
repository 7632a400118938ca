import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { piecesOf, releasePieces } from './api/binary.ts';
import { systemCodeOf } from './fault.ts';
import type { Workstation } from './workstation-types.ts';

export interface ServeOptions {
  /** Default 127.0.0.1. Anything else is reachable by others: only when a person says so. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Tried in this order before `port`; those that are taken are passed over. */
  preferredPorts?: readonly number[];
}

export interface ServedWorkstation {
  /** What a person opens: the address with the token that becomes a cookie. */
  url: string;
  origin: string;
  /** The same for other machines, none while it listens on loopback alone. */
  urlsForOthers: string[];
  port: number;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 1_000_000;
const LOCKED = 'Open the whole address that Regrasp printed when it started: it carries the key to this workstation.';

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The browser door: the workstation over HTTP for one person's browser. Every path answers 401 without the token, which
 * moves from the printed address into a cookie; requests of other pages and under foreign names are refused.
 */
export async function serveWorkstation(
  workstation: Pick<Workstation, 'fetch'>,
  { host = '127.0.0.1', port = 0, preferredPorts = [] }: ServeOptions = {},
): Promise<ServedWorkstation> {
  const token = randomBytes(24).toString('base64url');
  const server = http.createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    void answer(request, response);
  });

  async function answer(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    try {
      checkSender(incoming, host);
      const cookieName = `regrasp_${addressOf(server).port}`;
      const url = new URL(`http://${incoming.headers.host}${pathOf(incoming)}`);
      const offered = url.searchParams.get('token');
      if (offered !== null) {
        if (!isSame(offered, token)) throw new Refusal(401, LOCKED);
        url.searchParams.delete('token');
        outgoing.writeHead(303, {
          location: `${url.pathname.replace(/^\/+/, '/')}${url.search}`,
          'set-cookie': `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
        });
        outgoing.end();
        return;
      }
      if (!isSame(cookieOf(incoming, cookieName) ?? '', token)) throw new Refusal(401, LOCKED);
      await pass(incoming, outgoing, url, workstation);
    } catch (error) {
      refuse(outgoing, error, isFollowedLink(incoming));
    }
  }

  await listenAtFirstFree(server, host, [...preferredPorts, port]);
  const originAt = (name: string) => `http://${name.includes(':') ? `[${name}]` : name}:${addressOf(server).port}`;
  const origin = originAt(LOOPBACK_OF[host] ?? host);
  return {
    url: `${origin}/?token=${token}`,
    origin,
    urlsForOthers: namesForOthers(host).map((name) => `${originAt(name)}/?token=${token}`),
    port: addressOf(server).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * A page elsewhere can make this person's browser call us: under a name of its own that resolves here (Host), or from
 * its own page (Origin, Sec-Fetch-Site; another port of this machine counts as the same site to cookies).
 */
function checkSender(incoming: http.IncomingMessage, boundHost: string): void {
  const { host, origin } = incoming.headers;
  if (host === undefined || !isOwnName(host, boundHost)) {
    throw new Refusal(403, 'This workstation does not answer under that name: use the address it printed.');
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new Refusal(403, 'Another page tried to use this workstation: refused.');
  }
  const site = incoming.headers['sec-fetch-site'];
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  const opensPage =
    incoming.headers['sec-fetch-mode'] === 'navigate' && incoming.headers['sec-fetch-dest'] === 'document';
  if (!isOwnSite && !opensPage) throw new Refusal(403, 'Another page tried to use this workstation: refused.');
}

/**
 * Whether a person followed a link on another page (a report of ours, a message) to the page itself. A browser keeps a
 * strict cookie back then, and sends it once the page asks for itself.
 */
function isFollowedLink({ method, url = '/', headers }: http.IncomingMessage): boolean {
  const isElsewhere = headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site';
  const opensPage = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return method === 'GET' && url === '/' && isElsewhere && opensPage;
}

/** Never another host: resolved against ours, "//name/…" would be an address of that name's, and "//" none at all. */
function pathOf({ url = '/' }: http.IncomingMessage): string {
  return url.startsWith('/') ? url : '/';
}

/** Any port: an SSH tunnel ends at one of its own. Bare addresses cannot be pointed elsewhere by a name server. */
function isOwnName(hostHeader: string, boundHost: string): boolean {
  let name: string;
  try {
    name = new URL(`http://${hostHeader}`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return false;
  }
  if (name === 'localhost' || name === '127.0.0.1' || name === '::1') return true;
  if (isLoopback(boundHost)) return false;
  return name === boundHost.toLowerCase() || name === hostname().toLowerCase() || isIP(name) !== 0;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** "Every address of this machine" is none that a browser can open: from here, loopback is one of them. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Under which names other machines reach a server that listens on `host`. */
function namesForOthers(host: string): string[] {
  if (isLoopback(host)) return [];
  if (!(host in LOOPBACK_OF)) return [host];
  const outward = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );
  return outward.length > 0 ? outward : [hostname()];
}

async function pass(
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
  url: URL,
  workstation: Pick<Workstation, 'fetch'>,
): Promise<void> {
  const abort = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) abort.abort();
  });
  const method = incoming.method ?? 'GET';
  // The one method that the parser lets through and that no Request can be made of.
  if (method === 'TRACE') throw new Refusal(405, 'Only GET is answered here.');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(url, {
    method,
    headers: headersOf(incoming),
    body: hasBody ? await bodyOf(incoming) : null,
    signal: abort.signal,
  });
  const response = await workstation.fetch(request);
  if (outgoing.destroyed) {
    await response.body?.cancel().catch(() => undefined);
    return;
  }
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const pieces = piecesOf(response);
  if (method === 'HEAD') outgoing.end();
  else if (pieces) {
    // Sent, or cut off: either way nobody reads the pieces any more.
    outgoing.once('close', () => releasePieces(response));
    writePieces(outgoing, pieces);
  } else await writeStream(outgoing, response);
}

/** Straight to the socket, in one turn: what a tick's time depends on. */
function writePieces(outgoing: http.ServerResponse, pieces: readonly Uint8Array[]): void {
  outgoing.cork();
  for (const piece of pieces) outgoing.write(piece);
  outgoing.uncork();
  outgoing.end();
}

async function writeStream(outgoing: http.ServerResponse, response: Response): Promise<void> {
  if (!response.body) {
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  const reader = response.body.getReader();
  outgoing.once('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done || outgoing.destroyed) break;
    if (!outgoing.write(value)) await drained(outgoing);
  }
  outgoing.end();
}

/** Resolves when more can be written or nobody takes it any more. Leaves no listener: a video waits thousands of times. */
function drained(outgoing: http.ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      outgoing.off('drain', go).off('close', go);
      resolve();
    };
    outgoing.on('drain', go).on('close', go);
  });
}

async function bodyOf(incoming: http.IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new Refusal(413, 'The request is larger than this workstation takes.');
  if (Number(incoming.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Without the cookie: nothing behind the door has use for the token. */
function headersOf(incoming: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name === 'cookie' || name === 'connection') continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

const ASK_AGAIN = 'location.reload()';
const ASKING_POLICY = `default-src 'none'; frame-ancestors 'none'; script-src 'sha256-${createHash('sha256').update(ASK_AGAIN).digest('base64')}'`;

function refuse(outgoing: http.ServerResponse, error: unknown, isFollowedLink: boolean): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const status = error instanceof Refusal ? error.status : 500;
  const sentence = error instanceof Refusal ? error.message : 'The workstation could not answer: see its log.';
  const asksAgain = isFollowedLink && status === 401;
  // What was not read of a refused body must not be taken for the next request.
  outgoing.writeHead(status, {
    'content-type': `text/${asksAgain ? 'html' : 'plain'}; charset=utf-8`,
    ...(asksAgain ? { 'content-security-policy': ASKING_POLICY } : {}),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  // The whole address again, with the moment behind "#", which only the browser knows.
  outgoing.end(
    asksAgain ? `<!DOCTYPE html><title>Regrasp</title>${sentence}<script>${ASK_AGAIN}</script>\n` : `${sentence}\n`,
  );
}

function cookieOf(incoming: http.IncomingMessage, name: string): string | undefined {
  for (const pair of (incoming.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

function isSame(offered: string, token: string): boolean {
  const a = Buffer.from(offered);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}

function addressOf(server: http.Server): AddressInfo {
  return server.address() as AddressInfo;
}

const LISTEN_SENTENCES: Record<string, string> = {
  EADDRINUSE: 'it is in use: choose another port',
  EADDRNOTAVAIL: 'this machine has no such address: name one of its own, or none',
  ENOTFOUND: 'no machine is known by that name: name an address of this one, or none',
  EACCES: 'this account may not listen there: choose a port from 1024 on',
};

/** Rejects with a sentence on the last of the ports when none of them can be had. */
async function listenAtFirstFree(server: http.Server, host: string, ports: readonly number[]): Promise<void> {
  for (const [index, port] of ports.entries()) {
    const fault = await listen(server, host, port);
    if (fault === undefined) return;
    if (index < ports.length - 1) continue;
    const code = systemCodeOf(fault);
    const sentence = LISTEN_SENTENCES[code] ?? `it cannot be listened at (${code || fault.message}): choose another`;
    throw new Error(`The workstation could not be served at ${host}:${port}: ${sentence}.`);
  }
}

/** Answers what went wrong, undefined when it listens. */
function listen(server: http.Server, host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const onListening = () => {
      server.off('error', onError);
      resolve(undefined);
    };
    const onError = (error: Error) => {
      server.off('listening', onListening);
      resolve(error);
    };
    server.once('error', onError).once('listening', onListening).listen(port, host);
  });
}
