import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeEnvelopeHeader, envelopeHeadBytes } from '../../shared/api/envelope.ts';
import { encodeTickRequest, type TickHeader } from '../../shared/api/tick.ts';
import { Desktop } from '../electron-double/launch.ts';
import { callFromPage, openRoots } from '../shell/shell-stage.ts';
import { noChromium } from '../support/chromium.ts';
import { NO_PYTHON, pythonWithHdf5 } from '../support/python.ts';
import { FILTERED, FILTERED_STREAMS, storedBytes, writeFilteredRecording } from './filtered-recording.ts';
import { type PackedApp, packApp } from './pack-app.ts';

const root = path.resolve(import.meta.dirname, '../..');
const noPython = pythonWithHdf5() === null ? NO_PYTHON : undefined;
const EPISODE = 'data/filters/2026-09-10/episode_000.h5';

describe('the packed app', () => {
  let packed: PackedApp;
  let work: string;

  beforeAll(() => {
    if (!process.env.REGRASP_TEST_BUILT) execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')]);
    packed = packApp();
    work = mkdtempSync(path.join(os.tmpdir(), 'regrasp-packed-work-'));
  });
  afterAll(() => {
    packed?.remove();
    if (work) rmSync(work, { recursive: true, force: true });
  });

  it('holds what was built, and of other packages the filter plugins and the core of the encoder alone', () => {
    const files = listPackage(packed.asar, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/out/main/main.js',
        '/out/main/decode-worker.js',
        '/out/main/reading-worker.js',
        '/out/main/media-worker.js',
        '/out/main/sample-worker.js',
        '/out/main/signals-worker.js',
        '/out/preload/preload.cjs',
        '/out/renderer/index.html',
        '/LICENSE',
        '/THIRD_PARTY_NOTICES.md',
      ]),
    );
    const packages = new Set(
      files.flatMap((file) => /^\/node_modules\/((?:@[^/]+\/)?[^@/][^/]*)/.exec(file)?.[1] ?? []),
    );
    expect([...packages].sort()).toEqual(['@ffmpeg/core', 'h5wasm-plugins']);
    expect(files.filter((file) => /\.(?:map|tsx?)$|\/test/.test(file))).toEqual([]);
    const unpacked = readdirSync(`${packed.asar}.unpacked/node_modules/h5wasm-plugins/plugins`);
    expect(unpacked.filter((name) => name.endsWith('.so')).length).toBeGreaterThan(5);
    const core = readdirSync(`${packed.asar}.unpacked/node_modules/@ffmpeg/core`, { recursive: true });
    expect(core).toEqual(
      expect.arrayContaining(['package.json', 'dist/umd/ffmpeg-core.js', 'dist/umd/ffmpeg-core.wasm']),
    );
    expect(core).not.toContain('dist/esm');
  });

  it('has its fuses set', () => {
    const tool = path.join(root, 'node_modules/@electron/fuses/dist/bin.js');
    const text = execFileSync(process.execPath, [tool, 'read', '--app', packed.executable], { encoding: 'utf8' });
    const states = Object.fromEntries(
      [...text.matchAll(/(\w+) is (Enabled|Disabled)/g)].map(([, name, state]) => [name, state]),
    );
    expect(states).toMatchObject({
      RunAsNode: 'Disabled',
      EnableCookieEncryption: 'Enabled',
      EnableNodeOptionsEnvironmentVariable: 'Disabled',
      EnableNodeCliInspectArguments: 'Disabled',
      EnableEmbeddedAsarIntegrityValidation: 'Enabled',
      OnlyLoadAppFromAsar: 'Enabled',
      LoadBrowserProcessSpecificV8Snapshot: 'Disabled',
      GrantFileProtocolExtraPrivileges: 'Disabled',
    });
    // The ninth, WebAssembly's trap handlers, has no name in the tool yet: it stays as Electron ships it.
    const executable = readFileSync(packed.executable);
    expect(executable.subarray(-9).toString()).toHaveLength(9);
    expect(executable.at(-1)).toBe('1'.charCodeAt(0));
  });

  it.skipIf(noChromium !== undefined || noPython !== undefined)(
    `opens an episode with every filter, with no node_modules around it${noPython ? ` (${noPython})` : ''}`,
    async () => {
      for (let folder = packed.appFolder; folder !== path.dirname(folder); folder = path.dirname(folder)) {
        expect(existsSync(path.join(folder, 'node_modules')), folder).toBe(false);
      }
      const dataset = path.join(work, 'lab');
      mkdirSync(path.join(dataset, path.dirname(EPISODE)), { recursive: true });
      writeFilteredRecording(path.join(dataset, EPISODE));
      const desktop = await Desktop.launch({
        appFolder: packed.appFolder,
        isPackaged: true,
        userDataDir: path.join(work, 'user'),
        words: [dataset],
        workingFolder: work,
      });
      try {
        const page = await desktop.page();
        expect(await page.title()).toContain('Regrasp');
        const episode = `${(await openRoots(page))[0]?.id}/${EPISODE}`;
        await callFromPage(page, 'episodes/open', { episode });
        for (let tick = 0; tick < FILTERED.ticks; tick += 1) {
          const streams = FILTERED_STREAMS.map(({ stream }) => ({ stream }));
          const request = encodeTickRequest({
            episode,
            tick,
            streams,
            view: 'packed',
            sequence: tick + 1,
            direction: 0,
          });
          const response = await desktop.fetch(`/api/tick?${request}`);
          expect(response.status).toBe(200);
          const bytes = new Uint8Array(await response.arrayBuffer());
          const body = bytes.subarray(envelopeHeadBytes(bytes));
          const { samples } = decodeEnvelopeHeader<TickHeader>(bytes, (part) => new TextDecoder().decode(part));
          for (const [number, { stream, filter }] of FILTERED_STREAMS.entries()) {
            const sample = samples.find((candidate) => candidate.stream === stream);
            expect(sample, `${stream} (${filter})`).toMatchObject({ state: 'shown', index: tick });
            const { offset, bytes: length } = sample as NonNullable<typeof sample>;
            const same = Buffer.compare(body.subarray(offset, offset + length), storedBytes(number, tick)) === 0;
            expect(same, `${stream} (${filter}), sample ${tick}`).toBe(true);
          }
        }
      } finally {
        expect(await desktop.close()).toBe(0);
      }
    },
  );
});
