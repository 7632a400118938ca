import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../../test/support/built-worker.ts';
import { NO_OPENCV, pythonHasOpenCv } from '../../../test/support/curation-recordings.ts';
import { runPython } from '../../../test/support/python.ts';
import { decodeRecording, type StreamToDecode } from './decode-recording.ts';
import { DECODED, type DecodedSamples, REPEATED, type ScanOrder, UNREADABLE } from './scan-protocol.ts';
import { ScanWorkers, WorkerEnded } from './scan-workers.ts';

const SIZE = { width: 40, height: 30, channels: 3, bytesPerValue: 1, encoding: 'pixels' } as const;

/** What a sample holds: a number stands for its picture, null for damage, "ends" for one that ends its worker. */
type Sample = number | null | 'ends';

/** One sample after the other, as they are told: the definition. */
function told(samples: readonly Sample[]): DecodedSamples {
  let before: number | undefined;
  let isBlack = true;
  const outcomes = samples.map((sample) => {
    if (typeof sample !== 'number') return UNREADABLE;
    const outcome = sample === before ? REPEATED : DECODED;
    before = sample;
    isBlack &&= sample === 0;
    return outcome;
  });
  return { outcomes: Uint8Array.from(outcomes), isBlack };
}

/** Workers that have these samples before them, by dataset. */
function workersOf(recording: Readonly<Record<string, readonly Sample[]>>, count: number) {
  const ask = async ({ streams }: ScanOrder & { op: 'decode' }): Promise<DecodedSamples[]> => {
    const chosen = streams.map(({ dataset, indices, ruined }) =>
      [...indices].map((index) => {
        const sample = recording[dataset]?.[index] as Sample;
        return sample === 'ends' && ruined.includes(index) ? null : sample;
      }),
    );
    const at = chosen.findIndex((samples) => samples.includes('ends'));
    const ending = streams[at]?.indices[chosen[at]?.indexOf('ends') ?? 0];
    if (ending !== undefined) throw new WorkerEnded(at, ending, 'test');
    return chosen.map(told);
  };
  return { count, ask: ask as never, release: async () => undefined };
}

describe('decoding a recording in parts', () => {
  it('tells the same as one sample after the other', async () => {
    const samples = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.nat(1) },
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.constant('ends' as const) },
      ),
      { maxLength: 150 },
    );
    await fc.assert(
      fc.asyncProperty(samples, samples, fc.integer({ min: 1, max: 4 }), async (a, b, count) => {
        const recording = { a, b };
        const streams = Object.entries(recording).map(([dataset, each]) => ({ dataset, ...SIZE, count: each.length }));
        expect(await decodeRecording(workersOf(recording, count), '/x.h5', streams)).toEqual([told(a), told(b)]);
      }),
    );
  });
});

/** Pictures that repeat twice and once more with other stored bytes, and are damaged in the ways that filters know. */
const WRITE = `
import sys, numpy as np, h5py, cv2
n, h, w = 60, ${SIZE.height}, ${SIZE.width}
rng = np.random.default_rng(5)
noise = rng.integers(0, 256, (h, w, 3), np.uint8)
frames = np.stack([noise // (1 + i) for i in range(n)])
for i in (4, 5, 30, 52): frames[i] = frames[i - 1]
depth = frames[..., 0].astype(np.uint16) * 257
gzip = dict(compression='gzip', compression_opts=4, shuffle=True)
with h5py.File(sys.argv[1], 'w') as f:
    for name, options in dict(gzip=gzip, lzf=dict(compression='lzf', shuffle=True), none={}).items():
        f.create_dataset(name, data=frames, chunks=(1, h, w, 3), **options)
    f.create_dataset('depth', data=depth, chunks=(1, h, w), **gzip)
    f.create_dataset('turned', data=depth.astype('>u2'), chunks=(1, h, w), **gzip)
    f.create_dataset('black', shape=depth.shape, dtype='u2', chunks=(1, h, w), **gzip)
    packed = f.create_dataset('jpeg', shape=(n,), dtype=h5py.vlen_dtype(np.uint8))
    for i in range(n): packed[i] = cv2.imencode('.jpg', frames[i])[1].ravel()
    packed[7] = packed[7][:40]
    bad = [f[d].id.get_chunk_info_by_coord((i, 0, 0, 0)[:f[d].ndim]) for d, i in (('gzip', 3), ('gzip', 29), ('lzf', 10), ('depth', 23))]
with open(sys.argv[1], 'r+b') as raw:
    for chunk in bad:
        raw.seek(chunk.byte_offset + 20)
        raw.write(b'\\xa5' * (chunk.size - 40))
    raw.seek(bad[1].byte_offset + bad[1].size - 1)
    raw.write(b'\\x00')
`;

describe.skipIf(!pythonHasOpenCv())(`decoding a recording in threads (${NO_OPENCV})`, { timeout: 180_000 }, () => {
  let folder: string;
  let file: string;
  let workers: ScanWorkers;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-decoded-')));
    file = path.join(folder, 'all.h5');
    runPython(WRITE, file);
    workers = new ScanWorkers({ workerDir: await builtWorkerDir(), pluginDir, workers: 2 });
  }, 180_000);
  afterAll(async () => {
    await workers?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const stream = (dataset: string, more: Partial<StreamToDecode> = {}): StreamToDecode => ({
    ...{ dataset, ...SIZE, count: 60 },
    ...more,
  });
  const at = ({ outcomes }: DecodedSamples, wanted: number) =>
    [...outcomes.keys()].filter((index) => outcomes[index] === wanted);

  it('names what cannot be decoded, and what repeats the last one that could, however it is stored', async () => {
    const deep = { channels: 1, bytesPerValue: 2 };
    const streams = [
      ...['gzip', 'lzf', 'none'].map((name) => stream(name)),
      ...['depth', 'turned', 'black'].map((name) => stream(name, deep)),
      ...[stream('jpeg', { encoding: 'jpeg' }), stream('gzip', { width: 41 })],
    ];
    const decoded = await decodeRecording(workers, file, streams);
    const [gzip, lzf, none, depth, turned, black, jpeg, wrong] = decoded as [
      ...[DecodedSamples, DecodedSamples, DecodedSamples, DecodedSamples],
      ...[DecodedSamples, DecodedSamples, DecodedSamples, DecodedSamples],
    ];
    const all = Array.from({ length: 60 }, (_, index) => index);
    // 4 and 30 have nothing readable to repeat but what lies before the damage.
    expect([at(gzip, UNREADABLE), at(gzip, REPEATED)]).toEqual([
      [3, 29],
      [5, 52],
    ]);
    expect([at(lzf, UNREADABLE), at(lzf, REPEATED)]).toEqual([[10], [4, 5, 30, 52]]);
    expect([at(none, UNREADABLE), at(none, REPEATED)]).toEqual([[], [4, 5, 30, 52]]);
    expect([at(depth, UNREADABLE), at(depth, REPEATED)]).toEqual([[23], [4, 5, 30, 52]]);
    expect([at(turned, UNREADABLE), at(turned, REPEATED)]).toEqual([[], [4, 5, 30, 52]]);
    expect([at(black, UNREADABLE), at(black, REPEATED)]).toEqual([[], all.slice(1)]);
    expect([at(jpeg, UNREADABLE), at(jpeg, REPEATED)]).toEqual([[7], [4, 5, 30, 52]]);
    expect(at(wrong, UNREADABLE)).toEqual(all);
    expect(decoded.map(({ isBlack }) => isBlack)).toEqual([false, false, false, false, false, true, false, true]);
  });

  it('says in one sentence that there is nothing to be read', async () => {
    const gone = path.join(folder, 'gone.h5');
    await expect(decodeRecording(workers, gone, [stream('gzip')])).rejects.toThrow(/gone\.h5 is not there any more/);
  });
});
