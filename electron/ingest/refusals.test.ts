import { existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noFfmpeg } from '../../test/support/bit-pattern-video.ts';
import {
  dump,
  EVENTS,
  openDumps,
  removeDumps,
  robotTime,
  root,
  run,
  sync,
  UNIX,
} from '../../test/support/ingest-dumps.ts';
import type { IngestOptions } from './plan.ts';

beforeAll(openDumps);
afterAll(removeDumps);

describe.skipIf(noFfmpeg)('ingest refuses with a sentence', () => {
  const cases: [string, (folder: string) => void, Partial<IngestOptions>, RegExp][] = [
    [
      'nothing that ties',
      () => undefined,
      { sync: undefined },
      /^Nothing ties joints\.csv to the other streams: give --offset/,
    ],
    [
      'a residual above the limit',
      () => undefined,
      { sync: { videoSeconds: [0.2, 1, 1.9, 2.7], jointSeconds: [0.2, 1, 2.3, 2.7].map(robotTime) } },
      /joints\.csv was not laid over the clock of front: its pairs lie .* ms rms and .* ms at most \(pair 3 of 4\) from one line, where 30\.0 ms are allowed/,
    ],
    [
      'events that do not pair',
      () => undefined,
      { sync: { videoSeconds: [1, 2], jointSeconds: [813] } },
      /joints\.csv cannot be laid over the clock of front: 1 and 2 moments of the two clocks cannot be paired/,
    ],
    [
      'an event beyond the video',
      () => undefined,
      { sync: { videoSeconds: [1, 200], jointSeconds: [813, 1013] } },
      /front\.mp4 has no moment at 200 s; it lasts 2\.97 s/,
    ],
    [
      'a missing camera',
      () => undefined,
      { sync: { ...sync, camera: 'side' } },
      /no camera "side" for --sync-video: there are front/,
    ],
    [
      'a wrong count of stamps',
      (folder) => writeFileSync(path.join(folder, 'front.timestamps.txt'), '1.0\n2.5\n3.9\n'),
      {},
      /front\.mp4 has 90 frames and front\.timestamps\.txt 3 stamps/,
    ],
    [
      'stamps of another unit',
      (folder) =>
        writeFileSync(
          path.join(folder, 'front.mp4.timestamps.txt'),
          Array.from({ length: 90 }, (_, i) => i * 33_333 + 7).join('\n'),
        ),
      {},
      /lets front\.mp4 last .* s where its own times say .*--stamp-unit/,
    ],
    [
      'stamps that are no times',
      (folder) => writeFileSync(path.join(folder, 'front.timestamps.json'), JSON.stringify(Array(90).fill(null))),
      {},
      /holds no time that can be read/,
    ],
    ['a truncated video', (folder) => truncateSync(path.join(folder, 'front.mp4'), 900), {}, /front\.mp4/],
    [
      'a truncated parquet',
      (folder) => {
        rmSync(path.join(folder, 'joints.csv'));
        writeFileSync(path.join(folder, 'joints.parquet'), 'PAR1 half a file');
      },
      {},
      /joints\.parquet ends too early/,
    ],
    [
      'joints without a clock',
      (folder) => writeFileSync(path.join(folder, 'joints.csv'), 'a,b\n1,2\n3,4\n'),
      {},
      /joints\.csv has no column of time: name it by --time-column, or state the rate/,
    ],
    [
      'joints without rows',
      (folder) => writeFileSync(path.join(folder, 'joints.csv'), 'time_s,b\n'),
      {},
      /joints\.csv holds no rows/,
    ],
    [
      'joints without names',
      (folder) => writeFileSync(path.join(folder, 'joints.csv'), '1,2\n3,4\n'),
      {},
      /has no names above its columns/,
    ],
    [
      'a clock of NaN',
      (folder) => writeFileSync(path.join(folder, 'joints.csv'), 'time_s,b\nnan,2\nnan,4\n'),
      {},
      /joints\.csv: "time_s" holds no time that can be read/,
    ],
    ['a missing column', () => undefined, { timeColumn: 'clock' }, /has no column "clock", only time_s, painted_pos/],
    [
      'two tables',
      (folder) => writeFileSync(path.join(folder, 'robot_state.csv'), 'time_s,b\n1,2\n'),
      {},
      /several files that could be the tables of joints \(joints\.csv, robot_state\.csv\): say which by --joints/,
    ],
    [
      'a link that leads outside',
      (folder) => symlinkSync('/etc/hostname', path.join(folder, 'notes.txt')),
      {},
      /notes\.txt is a link that leads outside/,
    ],
    [
      'a name that leads outside',
      () => undefined,
      { joints: '../../etc/passwd' },
      /There is no \.\.\/\.\.\/etc\/passwd among the raw files/,
    ],
    ['an output inside of the dump', () => undefined, { out: 'inside' }, /lie in one another/],
    [
      'markers without times',
      (folder) => writeFileSync(path.join(folder, 'markers.json'), '[{"name": "Pick"}]'),
      {},
      /markers\.json has no column of times/,
    ],
    [
      'markers of the wall that nobody knows',
      (folder) => writeFileSync(path.join(folder, 'markers.csv'), `start,name\n${UNIX},Pick\n`),
      {},
      /markers by the wall's clock, which no stream knows/,
    ],
    [
      'clocks that cannot be',
      () => undefined,
      { sync: { videoSeconds: EVENTS, jointSeconds: EVENTS.map((at) => 812 + at * 1.5) } },
      /clocks seem to run .* % apart/,
    ],
  ];
  it.each(cases)('%s', async (_, change, more, sentence) => {
    const raw = dump(change);
    const options = more.out === 'inside' ? { ...more, out: path.join(raw, 'out') } : more;
    const error = await run(raw, options).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    const { message, name } = error as Error;
    expect(message).toMatch(sentence);
    expect(name).toBe('Fault');
    expect(message.split('\n')).toHaveLength(1);
    expect(existsSync(`${raw}-session`)).toBe(false);
  });

  it('a folder that is not there, holds nothing, or is a file', async () => {
    await expect(run(path.join(root, 'nowhere'))).rejects.toThrow(/nowhere cannot be used: it is not there any more/);
    mkdirSync(path.join(root, 'empty'));
    await expect(run(path.join(root, 'empty'))).rejects.toThrow(/holds no files/);
    await expect(run(path.join(root, 'pattern.mp4'))).rejects.toThrow(/is a file: name the folder/);
  });
});
