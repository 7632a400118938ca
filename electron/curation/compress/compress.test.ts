import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, copyFile, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../../test/support/built-worker.ts';
import { compareHdf5, writeEverything } from '../../../test/support/hdf5-of-everything.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { rewriteFile } from '../../hdf5/rewrite-file.ts';

/** A busy machine needs its time: nothing here is about speed. */
const PATIENCE_MS = 600_000;

let home: string;
let workerDir: string;
beforeAll(async () => {
  home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-compress-')));
  workerDir = await builtWorkerDir();
}, PATIENCE_MS);
afterAll(() => rmSync(home, { recursive: true, force: true }));

function compress(file: string, more: { level?: number; signal?: AbortSignal } = {}) {
  return rewriteFile(file, {
    ...{ verb: 'compress', edit: null },
    level: more.level ?? 4,
    workerDir,
    pluginDir,
    signal: more.signal ?? new AbortController().signal,
    release: async () => {},
    onBytes: () => {},
    onStep: () => {},
  });
}

describe.skipIf(!pythonWithHdf5())(`compressing what h5py wrote (${NO_PYTHON})`, { timeout: PATIENCE_MS }, () => {
  it.each([
    ['earliest', 'plain'],
    ['earliest', 'ordered'],
    ['latest', 'ordered'],
  ])('keeps everything of a file of %s structures, %s', async (libver, order) => {
    const original = path.join(home, `${libver}-${order}.h5`);
    const file = path.join(home, `${libver}-${order}-packed.h5`);
    writeEverything(original, libver, order);
    await copyFile(original, file);
    await chmod(file, 0o640);
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const done = await compress(file);
    expect(done.state).toBe('rewritten');
    expect(compareHdf5(original, file, { packed: true })).toBe('equal');
    const { mode, mtimeMs } = statSync(file);
    expect([mode & 0o777, mtimeMs]).toEqual([0o640, 1_700_000_000_000]);
    expect(readdirSync(home).filter((name) => name.includes('compress_tmp'))).toEqual([]);
    const bytes = readFileSync(file);
    expect((await compress(file)).state).toBe('packed-already');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  const REFUSED: [name: string, script: string, sentence: RegExp][] = [
    [
      'data in other files',
      "f.create_dataset('x', shape=(4,), dtype='u1', external=[(sys.argv[1] + '.raw', 0, 4)])",
      /x keeps its data in other files/,
    ],
    [
      'data shown from other files',
      "layout = h5py.VirtualLayout((4,), 'u1'); layout[:] = h5py.VirtualSource('o.h5', 'y', (4,)); f.create_virtual_dataset('x', layout)",
      /shows the data of other files/,
    ],
    [
      'chunks that cannot be unpacked',
      "f.create_dataset('x', data=np.arange(99, dtype='u1'), chunks=(9,), compression='gzip'); at = f['x'].id.get_chunk_info(3).byte_offset; f.close(); raw = open(sys.argv[1], 'r+b'); raw.seek(at); raw.write(b'damaged!'); raw.close(); sys.exit()",
      /x is damaged at \d+ and cannot be read/,
    ],
  ];
  it.each(REFUSED)('refuses %s with a sentence and leaves the file as it was', async (_, script, sentence) => {
    const file = path.join(home, 'refused.h5');
    runPython(
      `import sys, h5py, numpy as np\nf = h5py.File(sys.argv[1], 'w')\nf.create_dataset('y', data=np.arange(8.0), chunks=(8,))\n${script}\nf.close()`,
      file,
    );
    const bytes = readFileSync(file);
    const refusal = await compress(file).then(String, (error: Error) => error.message);
    expect(refusal).toMatch(sentence);
    expect(refusal).toMatch(/^refused\.h5 stays as it is: [^\n]+\.$/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(home).filter((name) => name.includes('compress_tmp'))).toEqual([]);
  });

  it('stops when it is cancelled, and leaves nothing behind', async () => {
    const file = path.join(home, 'cancelled.h5');
    writeEverything(file, 'earliest', 'plain');
    const bytes = readFileSync(file);
    const cancel = new AbortController();
    const run = rewriteFile(file, {
      ...{ verb: 'compress', edit: null },
      ...{ level: 9, workerDir, pluginDir, signal: cancel.signal, release: async () => {}, onBytes: () => {} },
      onStep: (step) => {
        if (step === 'comparing') cancel.abort(new Error('cancelled'));
      },
    });
    await expect(run).rejects.toThrow('cancelled');
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(home).filter((name) => name.includes('compress_tmp'))).toEqual([]);
  });

  it('removes what a run that ended left, and leaves alone what one that goes on writes', async () => {
    const file = path.join(home, 'leftover.h5');
    runPython(
      "import sys, h5py\nf = h5py.File(sys.argv[1], 'w')\nf.create_dataset('x', data=range(99), chunks=(9,))",
      file,
    );
    const running = `${file}.${process.ppid}-00aa11bb.compress_tmp`;
    writeFileSync(running, 'half');
    await expect(compress(file)).rejects.toThrow(/another run/);
    rmSync(running);
    // No system hands out process numbers like this one.
    writeFileSync(`${file}.999999999-00aa11bb.compress_tmp`, 'half');
    expect((await compress(file)).state).toBe('rewritten');
    expect(readdirSync(home).filter((name) => name.includes('compress_tmp'))).toEqual([]);
  });
});
