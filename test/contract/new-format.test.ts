import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadingThread } from '../../electron/library/reading-thread.ts';
import type { Hdf5Reader } from '../../electron/sources/source.ts';
import mainConfig from '../../vite.main.config.ts';
import { openFileOf } from '../support/source-ports.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The reading thread as the product builds it, of a tree that has one folder more and no other change. */
async function buildWithFolder(outDir: string, folder: string): Promise<void> {
  await build({
    ...mainConfig,
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'one-folder-more',
        transform: {
          order: 'pre',
          handler: (code, id) =>
            id.endsWith('electron/sources/index.ts')
              ? code.replace("'./*/index.ts'", `['./*/index.ts', '${folder}/*/index.ts']`)
              : undefined,
        },
      },
    ],
    build: {
      ...mainConfig.build,
      outDir,
      sourcemap: false,
      rolldownOptions: {
        ...mainConfig.build?.rolldownOptions,
        input: { 'reading-worker': path.join(root, 'electron/library/reading-worker.ts') },
      },
    },
  });
}

describe('a new format', () => {
  let base: string;
  let thread: ReadingThread;
  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-new-format-')));
    await buildWithFolder(path.join(base, 'out'), '/test/fixtures/formats');
    thread = new ReadingThread({ workerDir: path.join(base, 'out'), hdf5: {} as Hdf5Reader });
    mkdirSync(path.join(base, 'lab'));
    writeFileSync(path.join(base, 'lab', 'monday.temperatures'), 'thermometer 1\n20.5\n21\n');
    writeFileSync(path.join(base, 'lab', 'tuesday.temperatures'), 'thermometer 1\n20.5\nwarm\n');
    writeFileSync(path.join(base, 'lab', 'poem.temperatures'), 'Shall I compare thee');
  });
  afterAll(async () => {
    await thread?.close();
    rmSync(base, { recursive: true, force: true });
  });

  it('is one folder: it is recognised by content and opened without a line anywhere else', async () => {
    const lab = path.join(base, 'lab');
    const { source, opened } = await thread.open(undefined, openFileOf(lab, 'monday.temperatures'));
    expect(source).toBe('thermometer');
    expect(opened.episode).toMatchObject({ name: 'monday', problems: [], series: [{ unit: '°C', count: 2 }] });
    expect(opened.values.get('temperature')).toEqual(Float64Array.of(20.5, 21));
    const looked = await thread.look(openFileOf(lab, 'tuesday.temperatures'));
    expect(looked?.episode?.problems[0]?.message).toBe(
      'tuesday.temperatures: line 3 is no temperature: write a number there.',
    );
    expect(await thread.look(openFileOf(lab, 'poem.temperatures'))).toBeUndefined();
  });
});
