import { chmodSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { asFault } from './encode.ts';
import { EngineFault } from './engine.ts';
import { findEngine } from './find-engine.ts';
import { createNativeEngine } from './native-engine.ts';
import { temporaryFolder } from './testing.ts';

const place = temporaryFolder();
afterAll(() => place.remove());

/** A program in ffmpeg's stead. */
function program(name: string, script: string): string {
  writeFileSync(place.at(name), `#!/bin/sh\n${script}\n`);
  chmodSync(place.at(name), 0o755);
  return place.at(name);
}

const output = { kind: 'file', path: place.at('out.mp4') } as const;

test.skipIf(process.platform === 'win32')('frames wait for a program that does not take them', async () => {
  const engine = createNativeEngine(program('sleeps', 'exec sleep 60'));
  const abort = new AbortController();
  let made = 0;
  function* frames(): Generator<Uint8Array> {
    for (; made < 1000; made += 1) yield new Uint8Array(500_000);
  }
  const run = engine.run({
    input: { kind: 'frames', frames: frames() },
    outputArguments: [],
    output,
    signal: abort.signal,
  });
  await wait(300);
  expect(made).toBeLessThan(4);
  abort.abort(new Error('enough'));
  await expect(run).rejects.toThrow('enough');
});

test.skipIf(process.platform === 'win32')('a program that fails is quoted, and one that dies is told', async () => {
  const failing = createNativeEngine(program('fails', 'echo "[out#0 @ 0x55] No space left on device" >&2; exit 1'));
  const run = { input: { kind: 'file', path: '/dev/null' }, outputArguments: [], output } as const;
  await expect(failing.run(run)).rejects.toMatchObject({ reason: 'No space left on device' });
  await expect(createNativeEngine(program('dies', 'kill -9 $$')).run(run)).rejects.toThrow(/ended by SIGKILL/);
  await expect(createNativeEngine(place.at('nothing')).run(run)).rejects.toThrow(EngineFault);
});

test.skipIf(process.platform === 'win32')('its surroundings cannot make ffmpeg write elsewhere', async () => {
  process.env.FFREPORT = 'file=/tmp/should-not-be.log';
  const run = { input: { kind: 'file', path: '/dev/null' }, outputArguments: [], output } as const;
  await createNativeEngine(program('tells', `env > ${place.at('env.txt')}`)).run(run);
  delete process.env.FFREPORT;
  const { readFileSync } = await import('node:fs');
  expect(readFileSync(place.at('env.txt'), 'utf8')).not.toContain('FFREPORT');
});

test.skipIf(process.platform === 'win32')(
  'only a program that writes H.264, at an absolute path, is taken',
  async () => {
    const old = program('ffmpeg', 'echo "ffmpeg version 4.4.2"; echo " V..... mpeg4  MPEG-4"');
    // The embedded engine is not there: that it is asked for is what is looked at.
    const embedded = { workerDir: place.folder, coreDir: place.folder };
    for (const environment of [
      { REGRASP_FFMPEG: old },
      { PATH: place.folder },
      { PATH: '.' },
      { REGRASP_FFMPEG: 'ffmpeg' },
    ]) {
      await expect(findEngine(embedded, environment)).rejects.toThrow(/embedded encoder/);
    }
    const good = program('good', 'echo "ffmpeg version 6.0"; echo " V....D libx264              H.264"');
    const found = await findEngine(embedded, { REGRASP_FFMPEG: good });
    expect(found).toMatchObject({ note: null, description: { engine: 'ffmpeg', version: '6.0', path: good } });
  },
);

test('a full disk is told as one, and other words of the program are quoted', () => {
  const told = (reason: string) => (asFault(new EngineFault(reason), 'a.mp4 was not written') as Error).message;
  expect(told('av_interleaved_write_frame(): No space left on device')).toBe(
    'a.mp4 was not written: the disk is full: free some space.',
  );
  expect(told('file:/data/a.mp4: Read-only file system')).toBe('a.mp4 was not written: the disk is read-only.');
  expect(told('Unknown encoder')).toMatch(/^a\.mp4 was not written: ffmpeg says "Unknown encoder"\. /);
});
