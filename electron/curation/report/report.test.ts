import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectSettingsSchema } from '../../../shared/detect/settings.ts';
import { writePatternRecording } from '../../../test/support/pattern-recording.ts';
import { openStageBench, type StageBench } from '../../../test/support/stage-bench.ts';
import { writeFindings } from '../detect/findings-store.ts';

const SLOW_MS = 240_000;
const TICKS = 24;
const TASK = 'pat<b>&tern';
const DATE = '2026-07-02';
const below = (number: number, date = DATE) => `data/${TASK}/${date}/episode_00${number}.h5`;

describe('the report of a session', { timeout: SLOW_MS }, () => {
  let root: string;
  let bench: StageBench;

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-report-')));
    await writePatternRecording(root, below(0), { ticks: TICKS });
    await writePatternRecording(root, below(1, '2026-07-03'), { ticks: TICKS });
    writeFileSync(path.join(root, below(2)), 'This is no recording.');
    bench = await openStageBench(root);
    const { fingerprint } = await bench.workstation.openEpisode(`${bench.root.id}/${below(0)}`);
    const [startNs, endNs] = [1e8, 2e8];
    await writeFindings(path.join(root, '.regrasp'), {
      ...{
        version: 1,
        fingerprint: fingerprint ?? '',
        path: below(0),
        task: TASK,
        date: DATE,
        at: '2026-07-02T10:00:00Z',
      },
      ...{ settings: detectSettingsSchema.parse({}), activeSides: ['left'], ticks: TICKS },
      ...{ trim: { first: 0, last: TICKS - 1, reason: 'no trim required' } },
      findings: [
        {
          ...{ id: 'pose-freeze:left:3-6', detector: 'pose-freeze', class: 'ot_loss', side: 'left', ticks: [3, 6] },
          ...{ streams: [], tracks: [], series: [], startNs, endNs, signals: {}, thresholds: {} },
          ...{ margin: 0, severity: 0.5, text: '<script>one</script>' },
        },
      ],
    });
  }, SLOW_MS);
  afterAll(async () => {
    await bench?.close();
    rmSync(root, { recursive: true, force: true });
  }, SLOW_MS);

  const figures = () => path.join(root, 'figures/dataset_figures');
  const file = () => path.join(figures(), 'report_pat_b_&tern_2026-07-02.html');
  const write = () => bench.run('report', { options: { date: DATE } });

  it('is one file of the date that was named, with the GIF it has; one that cannot be read is in it and told', async () => {
    const gif = path.join(root, 'figures/episode_previews', TASK, DATE, 'episode_000.gif');
    await bench.run('gallery', { options: { frames: 3 } });
    const { end, failures } = await write();
    expect(failures).toEqual([{ item: below(2), message: expect.stringContaining('no HDF5 file') }]);
    expect(end.message).toContain('2 recordings, 1 findings, 1 undecided');
    expect(readdirSync(figures())).toEqual([path.basename(file())]);
    const page = readFileSync(file(), 'utf8');
    expect(page).toContain(readFileSync(gif).toString('base64'));
    expect(page).toContain('&lt;script&gt;one&lt;/script&gt;');
    expect(page).not.toMatch(/<script|2026-07-03/);
    expect(page).toContain(`episode=data%2Fpat%3Cb%3E%26tern%2F${DATE}%2Fepisode_000.h5&amp;t=3..6`);
    // Moments are links also where nobody said where to: to where it is served the next time.
    expect(page).toMatch(/href="http:\/\/127\.0\.0\.1:\d{4,5}\/#episode=[^"]+&amp;t=3\.\.6"/);
    expect(page).toContain('It cannot be read, so nothing was looked for.');
    // Boxes of preflight, computed for this date: the file that is none has no GIF, no .pt and no entry.
    expect(page).toContain('episode_002 has no GIF');
    expect(page).toMatch(/<span class="(keep|cut)">(yes|no)<\/span> cameras: /);
  });

  it('is left alone while nothing changed, and written anew with what did', async () => {
    const before = statSync(file());
    expect((await write()).end.result).toMatchObject({ isFresh: true });
    expect(statSync(file())).toEqual(before);
    rmSync(path.join(root, 'figures/episode_previews'), { recursive: true });
    expect((await write()).end.result).toMatchObject({ isFresh: false });
    const page = readFileSync(file(), 'utf8');
    expect(page).toContain('There is no GIF: run regrasp gallery.');
    expect(page).not.toContain('data:image');
    expect(readdirSync(figures())).toEqual([path.basename(file())]);
  });

  it('does not pass off the GIF of another recording', async () => {
    await bench.run('gallery', { options: { frames: 3 } });
    // Recorded again under the same name: what was made of the first one still lies there.
    await bench.close();
    rmSync(path.join(root, below(0)));
    await writePatternRecording(root, below(0), { ticks: TICKS + 1 });
    bench = await openStageBench(root);
    await write();
    const page = readFileSync(file(), 'utf8');
    expect(page).toContain('The GIF there is of another recording: run regrasp gallery.');
    expect(page).toContain('Nothing was looked for in it yet');
    expect(page).not.toContain('data:image');
  });

  it('refuses a date that is not there and an address that is none', async () => {
    await expect(bench.run('report', { options: { date: '2020-01-01' } })).rejects.toThrow(
      /no recording of 2020-01-01/,
    );
    await expect(bench.run('report', { options: { link: 'file:///etc' } })).rejects.toThrow(
      /address that regrasp serve/,
    );
    const link = 'http://127.0.0.1:4321/?token=secret';
    await bench.run('report', { options: { date: DATE, link } });
    const page = readFileSync(file(), 'utf8');
    expect(page).toContain('href="http://127.0.0.1:4321/#episode=');
    expect(page).not.toContain('secret');
  });
});
