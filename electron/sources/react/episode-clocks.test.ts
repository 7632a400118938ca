import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { episodeSchema } from '../../../shared/episode/episode.ts';
import { nearest } from '../../../shared/time/sampling.ts';
import { builtWorkerDir, pluginDir } from '../../../test/support/built-worker.ts';
import { NO_PYTHON, pythonWithHdf5 } from '../../../test/support/python.ts';
import { RECORDING, writeReactRecordings } from '../../../test/support/react-recordings.ts';
import { openFileOf, portsFor } from '../../../test/support/source-ports.ts';
import { createDecodePool } from '../../frames/decode-pool.ts';
import type { DecodePool } from '../../frames/frame-source.ts';
import type { OpenedEpisode } from '../source.ts';
import { openReact } from './open.ts';

describe(`React recordings with stamps that cannot be trusted (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
  let root: string;
  let pool: DecodePool;
  let sound: OpenedEpisode;

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-clocks-')));
    writeReactRecordings(root);
    pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
    sound = await open('sound');
  }, 120_000);
  afterAll(async () => {
    await pool?.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function open(name: string): Promise<OpenedEpisode> {
    const pathBelowRoot = `clocks/${name}.h5`;
    const opened = await openReact(openFileOf(root, pathBelowRoot), portsFor(root, pool));
    // What crosses to the window: a number that is none would fail there.
    expect(episodeSchema.safeParse(JSON.parse(JSON.stringify(opened.episode))).error).toBeUndefined();
    for (const times of opened.clocks.values()) expect(times.every(Number.isSafeInteger)).toBe(true);
    return opened;
  }
  const said = ({ episode }: OpenedEpisode) => episode.problems.map(({ message }) => message);
  const clockOf = ({ episode }: OpenedEpisode, id: string) => episode.streams.find((each) => each.id === id)?.clock;
  const track = ({ episode }: OpenedEpisode, id: string) => episode.tracks.find((each) => each.id === id);
  const ticks = ({ clocks }: OpenedEpisode) => [...(clocks.get('timestamps') ?? [])];

  /** The x of the pose nearest to each tick: the row it was taken from. */
  function poseRows(opened: OpenedEpisode, id: string): number[] {
    const times = opened.clocks.get(`optitrack/${id}/timestamps`) ?? new Float64Array(0);
    const poses = opened.poses.get(id) ?? new Float64Array(0);
    return ticks(opened).map((now) => poses[nearest(times, now) * 7] as number);
  }

  it('are judged by a sound one', () => {
    expect(said(sound)).toEqual([]);
    expect(clockOf(sound, 'gelsight/right/frames')).toBe('gelsight/right/timestamps');
    expect(new Set(poseRows(sound, 'sensor_left')).size).toBe(RECORDING.ticks);
  });

  it.each([
    ['sensor-zero', ['left', 'right']],
    ['sensor-nan', ['right']],
  ])('show a sensor without a usable stamp by the ticks: %s', async (name, sides) => {
    const opened = await open(name);
    for (const side of sides) expect(clockOf(opened, `gelsight/${side}/frames`)).toBe('timestamps');
    expect(said(opened)).toEqual(
      sides.map((side) =>
        expect.stringMatching(
          new RegExp(`^\\S+\\.h5: gelsight/${side}/timestamps holds no usable stamps in 12 rows .* shown by position`),
        ),
      ),
    );
    expect(opened.clocks.has('gelsight/right/timestamps')).toBe(false);
  });

  it('draw a body without a usable stamp nowhere', async () => {
    const opened = await open('body-nan');
    expect(track(opened, 'sensor_right')).toMatchObject({ count: 0 });
    expect(opened.poses.get('sensor_right')).toHaveLength(0);
    expect(opened.clocks.get('optitrack/sensor_right/timestamps')).toHaveLength(0);
    expect(said(opened)).toEqual([expect.stringMatching(/40 rows.* so sensor_right cannot be placed in time/)]);
    expect(poseRows(opened, 'sensor_left')).toEqual(poseRows(sound, 'sensor_left'));
  });

  it('take the right poses around a stamp that jumps ahead or back', async () => {
    const opened = await open('body-jump');
    for (const body of ['sensor_left', 'sensor_right']) expect(poseRows(opened, body)).toEqual(poseRows(sound, body));
    expect(said(opened)).toEqual([
      expect.stringContaining('the clock of sensor_left jumps at 1 sample (sample 10)'),
      expect.stringContaining('the clock of sensor_right jumps at 1 sample (sample 20)'),
    ]);
  });

  it('keep every tick where it was when one jumps, and name it', async () => {
    const opened = await open('ticks-jump');
    const [expected, found] = [ticks(sound), ticks(opened)];
    expect(found.filter((ns, tick) => ns !== expected[tick])).toHaveLength(1);
    expect(found[5]).toBe(Math.round(((expected[4] as number) + (expected[6] as number)) / 2));
    expect(said(opened)[0]).toContain("the recorder's clock jumps at 1 tick (tick 5)");
    expect(said(opened)[1]).toContain('the clock of left gelsight jumps at 2 samples (the first at sample 4)');
    expect(said(opened)).toHaveLength(2);
  });

  it('open with any number among the stamps', async () => {
    const opened = await open('huge');
    expect(opened.episode.clocks[0]).toMatchObject({ ascending: false, lastNs: sound.episode.clocks[0]?.lastNs });
    expect(poseRows(opened, 'sensor_left')).toEqual(poseRows(sound, 'sensor_left'));
    const right = opened.clocks.get('gelsight/right/timestamps');
    expect(right?.[0]).toBeLessThan(right?.[1] as number);
    expect(opened.episode.problems.map(({ code }) => code)).toEqual([
      'stamp-missing',
      'stamp-missing',
      'stamp-missing',
    ]);
  });

  it('begin with the first usable stamp', async () => {
    const opened = await open('first-unset');
    expect(opened.episode.startUnixSeconds).toBe(1778400000.25 + 1 / 30 + 0.001);
    expect(ticks(opened).slice(0, 2)).toEqual([0, 0]);
    expect(opened.episode.clocks[0]?.lastNs).toBeLessThan(1e9);
  });

  it('are all right where the whole rig had its clock unset', async () => {
    const opened = await open('rig-unset');
    expect(said(opened)).toEqual([]);
    expect(poseRows(opened, 'sensor_left')).toEqual(poseRows(sound, 'sensor_left'));
  });

  it('are not laid beside each other when clocks were set differently', async () => {
    const opened = await open('two-epochs');
    expect(clockOf(opened, 'gelsight/left/frames')).toBe('timestamps');
    expect(track(opened, 'sensor_left')?.count).toBe(0);
    expect(ticks(opened)).toEqual(ticks(sound));
    expect(said(opened)).toEqual([
      expect.stringMatching(/gelsight\/left\/timestamps is 20583\.3 days away from the other clocks .* by position/),
      expect.stringMatching(/optitrack\/sensor_left\/timestamps is 20583\.3 days away .* is not drawn/),
    ]);
  });
});
