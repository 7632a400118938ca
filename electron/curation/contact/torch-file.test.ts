import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { READ_TORCH_FILE } from '../../../test/support/torch-file.ts';
import type { Picklable } from './pickle.ts';
import { TorchFile } from './torch-file.ts';

const python = pythonWithHdf5();
const hasTorch = python !== null && spawnSync(python, ['-c', 'import torch']).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-torch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NUMBERS = [0, 1.5, -2.25];
const LARGE = 2 ** 40;

async function write(file: string, zip64From?: number): Promise<void> {
  const torch = new TorchFile(zip64From);
  const bytes = torch.tensor('uint8', [2, 3, 4]);
  const doubles = torch.tensor('float64', [3]);
  const floats = torch.tensor('float32', [3, 1]);
  expect([bytes, doubles, floats].map(({ record }) => record.at % 64)).toEqual([0, 0, 0]);
  const handle = await open(file, 'wx+');
  // What lies behind the end is cut off.
  await handle.write(Buffer.alloc(5000, 7), 0, 5000, 20_000);
  await torch.write(handle, floats.record, new Uint8Array(Float32Array.from(NUMBERS).buffer));
  await torch.write(handle, doubles.record, new Uint8Array(Float64Array.from(NUMBERS).buffer));
  const written = Uint8Array.from({ length: 24 }, (_, at) => at * 10);
  await torch.write(handle, bytes.record, written);
  const meta = new Map<string, Picklable>([
    ['text', 'Ölfilm'],
    ['none', null],
    ['yes', true],
    ['no', false],
    ['small', -7n],
    ['large', BigInt(LARGE)],
    ['float', 0.1],
    ['list', ['left', 'right']],
  ]);
  const whole = new Map<string, Picklable>([
    ['bytes', { tensor: bytes.facts }],
    ['doubles', { tensor: doubles.facts }],
    ['floats', { tensor: floats.facts }],
    ['meta', meta],
  ]);
  await torch.finish(handle, whole);
  await handle.close();
}

const PRINT = `
import sys, json
def plain(v):
    if isinstance(v, dict): return {k: plain(x) for k, x in v.items()}
    return {'dtype': str(v.dtype).split('.')[-1], 'values': v.tolist()} if hasattr(v, 'dtype') else v
`;

const inOrder = [0, 1].map((a) => [0, 1, 2].map((b) => [0, 1, 2, 3].map((c) => ((a * 3 + b) * 4 + c) * 10)));
const EXPECTED = {
  bytes: { dtype: 'uint8', values: inOrder },
  doubles: { dtype: 'float64', values: NUMBERS },
  floats: { dtype: 'float32', values: NUMBERS.map((value) => [value]) },
  meta: {
    ...{ text: 'Ölfilm', none: null, yes: true, no: false, small: -7, large: LARGE, float: 0.1 },
    list: ['left', 'right'],
  },
};

describe.skipIf(!python)(`torch files (${NO_PYTHON})`, () => {
  it.each([
    ['plain', undefined],
    ['with the fields of files beyond four gigabytes', 1],
    ['with those fields for some records', 100],
  ])('are read by the standard library of Python and by NumPy: %s', async (_, zip64From) => {
    const file = path.join(folder, 'a.pt');
    await write(file, zip64From);
    const print = `${READ_TORCH_FILE}${PRINT}print(json.dumps(plain(read_torch_file(sys.argv[1]))))`;
    expect(JSON.parse(runPython(print, file))).toEqual(EXPECTED);
  });

  it.skipIf(!hasTorch)('are loaded by torch with weights_only=True (needs torch)', async () => {
    const file = path.join(folder, 'a.pt');
    await write(file);
    const print = `import torch${PRINT}print(json.dumps(plain(torch.load(sys.argv[1], weights_only=True))))`;
    expect(JSON.parse(runPython(print, file))).toEqual(EXPECTED);
  });
});
