import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256OfFile } from './file-digest.ts';

describe('the digest of a file', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-digest-'));
  const file = path.join(folder, 'file');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20 + 7])('holds every byte of %i', async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 9)) & 255);
    writeFileSync(file, bytes);
    expect(await sha256OfFile(file)).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('is given up with the reason of the signal, and with the error of the system', async () => {
    await expect(sha256OfFile(file, AbortSignal.abort(new Error('Stopped.')))).rejects.toThrow('Stopped.');
    await expect(sha256OfFile(path.join(folder, 'gone'))).rejects.toThrow('ENOENT');
  });
});
