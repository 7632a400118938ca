import { describe, expect, it } from 'vitest';
import type { ContractStage } from './stage.ts';

/** The page itself: its headers, its files, and what is no file of it. */
export function describePages(stage: ContractStage): void {
  describe('pages', () => {
    it('serves the page closed in by its headers', async () => {
      const response = await stage.door.fetch('/');
      expect(await response.text()).toContain('<title>Regrasp</title>');
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy.split('; ')).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self' 'wasm-unsafe-eval'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(policy).not.toContain("'unsafe-eval'");
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      });
    });

    it('keeps hashed files for good, asks again for the rest and names wasm', async () => {
      const script = await stage.door.fetch('/assets/index-C0ffee12.js');
      expect(script.headers.get('cache-control')).toContain('immutable');
      expect(script.headers.get('content-type')).toContain('text/javascript');
      const wasm = await stage.door.fetch('/assets/decoder.wasm');
      expect(wasm.headers.get('content-type')).toBe('application/wasm');
      expect(wasm.headers.get('cache-control')).toBe('no-cache');
      expect(new Uint8Array(await wasm.arrayBuffer())).toEqual(new Uint8Array([0, 0x61, 0x73, 0x6d]));
    });

    it.each([
      ['/..%2fsecret.txt'],
      ['/assets/..%2f..%2fsecret.txt'],
      ['/%2e%2e%2fsecret.txt'],
      ['/..%5csecret.txt'],
      ['/assets/link.txt'],
      ['/index.html%00.js'],
      ['/%'],
      ['/assets'],
      ['/nothing.js'],
      ['/api/nothing'],
    ])('answers 404 to %s', async (hostile) => {
      const response = await stage.door.fetch(hostile);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('nobody may read this');
    });

    it('takes no other method', async () => {
      expect((await stage.door.fetch('/', { method: 'DELETE' })).status).toBe(405);
      expect((await stage.door.fetch('/api/tick', { method: 'POST', body: '{}' })).status).toBe(405);
    });
  });
}
