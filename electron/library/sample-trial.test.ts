import { describe, expect, it } from 'vitest';
import { portsFor } from '../../test/support/source-ports.ts';
import { Superseded } from '../frames/decode-pool.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import { SourceFault } from '../sources/source.ts';
import { triedIndices, trySamples } from './sample-trial.ts';
import { idlePool, takeSource } from './testing.ts';

const frame = { width: 1, height: 1, channels: 3, format: 'u8' as const, bytes: new Uint8Array(3), decodeMs: 0 };

async function opened(count: number) {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const folder = await mkdtemp(`${(await import('node:os')).tmpdir()}/regrasp-trial-`);
  const path = `${folder}/episode.take`;
  await writeFile(path, `${count} pictures`);
  const facts = { path, name: 'episode.take', sizeBytes: 1, modifiedMs: 1 };
  const file = {
    ...facts,
    root: folder,
    rootId: '0123456789abcdef',
    pathBelowRoot: 'data/episode.take',
    inner: '',
    stated: {},
  };
  try {
    return await takeSource().open(file, portsFor(folder, idlePool()));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const failing = (isBad: (index: number) => boolean, fault: Error): Pick<DecodePool, 'frame'> => ({
  frame: async (_place, _stream, index) => {
    if (isBad(index)) throw fault;
    return frame;
  },
});
const corrupt = new SourceFault('corrupt-chunk', 'damaged');
const always = () => true;

describe('trying the samples of a recording', () => {
  it('tries all of a short one, and sixteen of a longer with first and last', () => {
    expect(triedIndices(0)).toEqual([]);
    expect(triedIndices(3)).toEqual([0, 1, 2]);
    expect(triedIndices(64)).toHaveLength(64);
    for (const count of [65, 660, 20_001]) {
      const indices = triedIndices(count);
      expect(indices).toHaveLength(16);
      expect([indices[0], indices.at(-1)]).toEqual([0, count - 1]);
      expect(new Set(indices).size).toBe(16);
      expect([...indices].sort((a, b) => a - b)).toEqual(indices);
    }
  });

  it('finds nothing in a whole recording, and behind everything else', async () => {
    const priorities: unknown[] = [];
    const pool: Pick<DecodePool, 'frame'> = {
      frame: async (_place, _stream, _index, options) => {
        priorities.push(options?.priority);
        return frame;
      },
    };
    expect(await trySamples(await opened(100), pool, always)).toEqual([]);
    expect(priorities).toHaveLength(16);
    expect(Math.max(...(priorities as number[]))).toBeLessThan(-100);
  });

  it('says how many frames of which stream are damaged', async () => {
    const [all] =
      (await trySamples(
        await opened(10),
        failing((index) => index % 4 === 2, corrupt),
        always,
      )) ?? [];
    expect(all).toMatchObject({ severity: 'error', code: 'corrupt-chunk', stream: 'pictures' });
    expect(all?.message).toContain('episode.take: 2 of 10 frames of Pictures (pictures) cannot be decoded');
    expect(all?.message).toContain('the first of them frame 2');
    const [some] =
      (await trySamples(
        await opened(600),
        failing((index) => index === 599, corrupt),
        always,
      )) ?? [];
    expect(some?.message).toContain('1 of 16 sampled frames');
    expect(some?.message).toContain('frame 599');
  });

  it('finds out nothing where the reason lies in the moment, or when it is stopped', async () => {
    const recording = await opened(10);
    for (const fault of [
      new SourceFault('gone', 'it is gone'),
      new SourceFault('closed', 'closed'),
      new Superseded(),
    ]) {
      expect(
        await trySamples(
          recording,
          failing((index) => index === 4, fault),
          always,
        ),
      ).toBeUndefined();
    }
    let left = 3;
    const asked: number[] = [];
    const pool: Pick<DecodePool, 'frame'> = {
      frame: async (_place, _stream, index) => {
        asked.push(index);
        return frame;
      },
    };
    expect(await trySamples(recording, pool, () => left-- > 0)).toBeUndefined();
    expect(asked).toEqual([0, 1, 2]);
  });
});
