import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../library/paths.ts';
import { binaryResponse, textResponse } from './binary.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** The page may run its own scripts and wasm, speak to where it came from, and nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** Vite writes "name-HASH.ext": the name changes with the content. */
const HASHED = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** A built file of the renderer; index.html at "/". Never anything outside its folder, links included. */
export async function answerStatic(rendererDir: string | undefined, pathname: string): Promise<Response> {
  if (rendererDir === undefined) return textResponse(404, 'This workstation serves no page.', SECURITY_HEADERS);
  const file = await resolveStatic(rendererDir, pathname);
  if (!file) return textResponse(404, 'There is no such page here.', SECURITY_HEADERS);
  const cached = HASHED.test(file.real) && pathname.startsWith('/assets/');
  return binaryResponse([await readFile(file.real)], {
    'content-type': TYPES[path.extname(file.real).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': cached ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...SECURITY_HEADERS,
  });
}

async function resolveStatic(rendererDir: string, pathname: string): Promise<{ real: string } | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return undefined;
  const wanted = decoded === '/' ? 'index.html' : decoded.slice(1);
  const joined = path.join(rendererDir, ...wanted.split('/'));
  if (!isWithin(rendererDir, joined)) return undefined;
  try {
    const [root, real] = await Promise.all([realpath(rendererDir), realpath(joined)]);
    if (!isWithin(root, real) || !(await stat(real)).isFile()) return undefined;
    return { real };
  } catch {
    return undefined;
  }
}
