import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PictureOrder } from './picture-protocol.ts';
import { PictureThread } from './picture-thread.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp pictures '));
  // It ends over a reference, as one does that finds no memory, and does everything else.
  writeFileSync(
    path.join(folder, 'picture-worker.js'),
    `const { parentPort } = require('node:worker_threads');
     parentPort.on('message', ({ job, op }) => {
       if (op === 'reference') process.exit(1);
       parentPort.postMessage({ job, ok: true, value: null });
     });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a thread that ends costs the recording it was at, and no other', async () => {
  const thread = new PictureThread(folder);
  const open = { op: 'open' } as PictureOrder;
  const fatal = { op: 'reference' } as PictureOrder;
  await thread.ask(open);
  await expect(thread.ask(fatal)).rejects.toThrow('ended');
  // What is left of that recording is not drawn by a thread that knows nothing of it.
  await expect(thread.ask(fatal)).rejects.toThrow('ended');
  await expect(thread.ask(open)).resolves.toBeNull();
  await expect(thread.ask({ op: 'gif' } as PictureOrder)).resolves.toBeNull();
  await thread.close();
});
