import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { KnownRecordings, type RecordingFacts } from './known-recordings.ts';
import { stampOf } from './stamp.ts';

it('knows a recording while its files are as they were, and no more of them than there is room for', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp known '));
  try {
    const file = path.join(folder, 'a.h5');
    writeFileSync(file, 'first');
    const stamp = await stampOf({ path: file, opened: {} } as Parameters<typeof stampOf>[0]);
    const facts = (ticks: number) => ({ times: new Float64Array(ticks) }) as unknown as RecordingFacts;
    const known = new KnownRecordings();
    known.keep('r/a', { facts: facts(10), stamp });
    expect((await known.get('r/a'))?.facts.times.length).toBe(10);
    known.keep('r/b', { facts: facts(4e6), stamp });
    known.keep('r/a', { facts: facts(20), stamp });
    // 32 MB each: the third takes the room of the one looked at longest ago.
    known.keep('r/c', { facts: facts(4e6), stamp });
    expect(await known.get('r/b')).toBeUndefined();
    expect((await known.get('r/a'))?.facts.times.length).toBe(20);
    writeFileSync(file, 'another');
    expect(await known.get('r/a')).toBeUndefined();
    known.clear();
    expect(await known.get('r/c')).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
