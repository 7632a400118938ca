import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPattern } from '../support/bit-pattern-video.ts';
import { FOREIGN_KINDS, foreignRecordings, type Told } from '../support/foreign/recordings.ts';
import { callRegrasp } from '../support/terminal.ts';

/** The door without a window: the same recordings as in the contract's suite, a sample of each. */
describe('recordings that others wrote, at the terminal', () => {
  let base: string;
  let folder: string;
  let told: Record<string, Told>;
  const run = (...words: string[]) => callRegrasp(path.join(base, 'user'), ...words);

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-cli-foreign-')));
    ({ folder, told } = await foreignRecordings());
  }, 600_000);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  for (const { id, name, missing } of FOREIGN_KINDS) {
    it.skipIf(missing)(`${name}${missing ? ` (${missing})` : ''}: its samples as they were painted`, async () => {
      const known = told[id] as Told;
      const recording = path.join(folder, id, known.path);
      const [picture, video] = [known.pictures.at(-1), known.videos.at(-1)];
      const stream = picture?.stream ?? video?.stream ?? '';
      const index = picture?.tick ?? known.ticks - 2;
      const out = path.join(base, `${id}.png`);
      const written = await run('frame', recording, '--stream', stream, '--index', String(index), '--out', out);
      expect(written, written.stderr).toMatchObject({ exitCode: 0, stdout: '' });
      const { data, width, height, channels } = decode(readFileSync(out));
      if (picture) expect([...data]).toEqual(picture.values);
      else {
        const at = (x: number, y: number) =>
          data[(Math.floor(y * height) * width + Math.floor(x * width)) * channels] as number;
        expect(readPattern(at)).toBe(video?.painted[index]);
      }
    });
  }
});
