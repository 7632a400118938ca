import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Written, writeForeignTfds } from '../../../test/support/foreign/tfds.ts';
import { NO_PLAIN_PYTHON, plainPython } from '../../../test/support/python.ts';
import { openFileOf, portsFor } from '../../../test/support/source-ports.ts';
import { eulerOfQuaternion } from '../common/euler.ts';
import type { Hdf5Reader } from '../source.ts';
import { source } from './index.ts';

describe.skipIf(!plainPython())(`a dataset that Python wrote (${NO_PLAIN_PYTHON})`, () => {
  const ANCHOR = 'foreign_rig/2.1.0/dataset_info.json';
  let root: string;
  let told: Written[];
  beforeAll(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-rlds-foreign-')));
    told = writeForeignTfds(path.join(root, path.dirname(ANCHOR)));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const INNERS = ['train_000000', 'train_000001', 'train_000002', 'train_000003', 'train_000004', 'test_000000'];

  it('lists every episode with its steps, outcome and instruction', async () => {
    const file = openFileOf(root, ANCHOR);
    const ports = portsFor(root, {} as Hdf5Reader);
    expect(await source.recognizes(file, ports)).toBe(true);
    const listed = await source.recordings?.(file, ports);
    expect(
      listed?.map(({ inner, ticks, outcome, instruction, complete }) => [inner, ticks, outcome, instruction, complete]),
    ).toEqual(INNERS.map((inner, e) => [inner, 4 + e, e % 2 ? 'success' : 'failure', 'go left', true]));
  });

  it.each(INNERS.map((inner, e) => [inner, e] as const))(
    'gives every value of %s as it was written',
    async (inner, e) => {
      const file = openFileOf(root, ANCHOR, inner);
      const ports = portsFor(root, {} as Hdf5Reader);
      const opened = await source.open(file, ports);
      const { episode, values, readers, poses } = opened;
      const found = await source.check?.(file, opened, ports);
      expect([...episode.problems, ...(found?.problems ?? [])]).toMatchObject([
        { severity: 'warning', code: 'ragged', stream: 'observation/points' },
      ]);
      expect(episode.problems[0]?.message).toMatch(
        /^foreign_rig-.*: record \d has a list of its own length at every step/,
      );
      const written = told[e] as Written;
      const steps = 4 + e;
      expect(episode.clocks).toMatchObject([{ count: steps }]);
      expect(episode.properties).toMatchObject({ weight: 0.25 * e, seed: 0 - e, split: inner.split('_')[0] });
      const numbers = (id: string) => [...(values.get(id) ?? [])];
      expect(numbers('observation/state')).toEqual(written.state.flat().map(Math.fround));
      expect(numbers('observation/precise')).toEqual(written.precise.flat());
      expect(numbers('observation/packed')).toEqual(written.precise.flat());
      expect(numbers('observation/counts')).toEqual(written.counts.flat());
      expect(numbers('reward')).toEqual(written.reward);
      expect(episode.tracks).toMatchObject([
        { id: 'observation/cartesian_position', name: 'End effector', count: steps },
      ]);
      for (const [step, [x, y, z, ...angles]] of written.poses.entries()) {
        const pose = poses.get('observation/cartesian_position')?.subarray(7 * step, 7 * step + 7) ?? [];
        expect([...pose].slice(0, 3)).toEqual([x, y, z]);
        const turned = eulerOfQuaternion(...([...pose].slice(3) as [number, number, number, number]));
        turned.forEach((angle, axis) => {
          expect(angle).toBeCloseTo(angles[axis] as number, 6);
        });
      }
      expect(episode.marks.filter(({ kind }) => kind === 'task').map(({ text }) => text)).toEqual([
        'go left',
        'go right →',
      ]);
      expect(episode.metadata.note).toBe('same');
      expect(Object.keys(episode.metadata.not_shown as object)).toEqual(['language_embedding', 'observation/points']);
      expect(
        episode.streams.map(({ id, kind, encoding, dtype, channels }) => [id, kind, encoding, dtype, channels]),
      ).toEqual([
        ['observation/rgb', 'color', 'png', 'uint8', 3],
        ['observation/depth', 'depth', 'png', 'uint16', 1],
        ['observation/touch', 'color', 'pixels', 'uint8', 1],
      ]);
      for (let step = 0; step < steps; step++) {
        const sample = async (id: string) => (await readers?.get(id)?.read(step)) as Uint8Array;
        expect([...decode(await sample('observation/rgb')).data]).toEqual(written.colour[step]?.flat());
        expect([...decode(await sample('observation/depth')).data]).toEqual(written.depth[step]?.flat());
        expect([...(await sample('observation/touch'))]).toEqual(written.raw[step]);
      }
    },
  );
});
