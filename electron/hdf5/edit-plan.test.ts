import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { compareHdf5, writeEverything } from '../../test/support/hdf5-of-everything.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../test/support/python.ts';
import type { FileEdit } from './edit-plan.ts';
import { type RewriteOptions, rewriteFile } from './rewrite-file.ts';

const PATIENCE_MS = 600_000;

let home: string;
let workerDir: string;
beforeAll(async () => {
  home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-edit-')));
  workerDir = await builtWorkerDir();
}, PATIENCE_MS);
afterAll(() => rmSync(home, { recursive: true, force: true }));

function edit(file: string, what: FileEdit, more: Partial<RewriteOptions> = {}) {
  const parts = { workerDir, pluginDir, signal: new AbortController().signal, release: async () => {} };
  return rewriteFile(file, { verb: 'publish', level: null, edit: what, ...parts, ...more });
}

const leftovers = () => readdirSync(home).filter((name) => name.includes('publish_'));
const LONG = 'ö🤖'.repeat(12_000);
const EDIT: FileEdit = {
  attributes: {
    '': {
      language_instruction: { text: 'Lege den Würfel auf das Tablett.\n🤖' },
      many_03: { text: '' },
      many_04: null,
    },
    metadata: { fps: { whole: -7 }, large: { text: LONG } },
    'wide/member_005': { success: { float: 1 } },
    'wide/new/segments/000': { start_timestep: { whole: 12 }, start_seconds: { float: 0.1 }, severity: { text: '' } },
  },
  removed: ['wide/member_007', 'gelsight/right'],
};
/** Prints what the edit should have made, by h5py's own types. */
const READ = `
import sys, json, h5py
with h5py.File(sys.argv[1]) as f:
    def told(at, name):
        v, i = f[at].attrs[name], f[at].attrs.get_id(name)
        s = h5py.check_string_dtype(i.dtype)
        return [type(v).__name__, s.encoding if s else str(i.dtype), i.shape, v if isinstance(v, str) else v.item()]
    assert 'many_04' not in f.attrs and 'member_007' not in f['wide'] and 'right' not in f['gelsight']
    names = [('/', 'language_instruction'), ('/', 'many_03'), ('metadata', 'fps'), ('metadata', 'large'), ('wide/member_005', 'success')]
    names += [('wide/new/segments/000', n) for n in f['wide/new/segments/000'].attrs]
    print(json.dumps([told(*n) for n in names] + [list(f['wide/new'])]))
`;

describe.skipIf(!pythonWithHdf5())(`an edit of what h5py wrote (${NO_PYTHON})`, { timeout: PATIENCE_MS }, () => {
  it.each([
    ['earliest', 'plain'],
    ['latest', 'ordered'],
  ])(
    'says what it names as h5py writes it, and keeps all else of a file of %s structures, %s',
    async (libver, order) => {
      const original = path.join(home, `${libver}-${order}.h5`);
      const file = path.join(home, `${libver}-${order}-edited.h5`);
      writeEverything(original, libver, order);
      await copyFile(original, file);
      await chmod(file, 0o640);
      expect(await edit(file, EDIT)).toMatchObject({ state: 'rewritten' });
      const text = (value: string) => ['str', 'utf-8', [], value];
      expect(JSON.parse(runPython(READ, file))).toEqual([
        text('Lege den Würfel auf das Tablett.\n🤖'),
        text(''),
        ['int64', 'int64', [], -7],
        text(LONG),
        ['float64', 'float64', [], 1],
        text(''),
        ['float64', 'float64', [], 0.1],
        ['int64', 'int64', [], 12],
        ['segments'],
      ]);
      const except = {
        '': ['language_instruction', 'many_03', 'many_04'],
        '/metadata': ['fps', 'large'],
        '/wide': ['member_007', 'new'],
        '/wide/member_005': ['success'],
        '/gelsight': ['right'],
      };
      expect(compareHdf5(original, file, { except })).toBe('equal');
      expect(statSync(file).mode & 0o777).toBe(0o640);
      expect(leftovers()).toEqual([]);
    },
  );
});
