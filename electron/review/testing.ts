import type { Episode, Stream } from '../../shared/episode/episode.ts';
import type { OpenedEpisode } from '../sources/source.ts';

/** An opened episode for the tests of this folder: a master clock with these times, and these streams on it. */
export function openedWith(options: {
  times: number[];
  streams?: Stream[];
  path?: string;
  createdAt?: string;
}): OpenedEpisode {
  const { times, streams = [], path = 'episode_000.h5', createdAt = '2026-05-11T10:00:00' } = options;
  const episode: Episode = {
    id: `0123456789abcdef/${path}`,
    root: '0123456789abcdef',
    path,
    format: 'react',
    name: path,
    task: '',
    date: '',
    sizeBytes: 1,
    modifiedMs: 1,
    createdAt,
    startUnixSeconds: 1.7e9,
    masterClock: 'timestamps',
    clocks: [],
    streams,
    series: [],
    tracks: [],
    metadata: {},
    suggestedTactileOffset: null,
    problems: [],
  };
  return {
    episode,
    clocks: new Map([['timestamps', Float64Array.from(times)]]),
    poses: new Map(),
    values: new Map(),
    location: (stream) => ({ file: path, dataset: stream.id }),
  };
}

export function streamWith(more: Partial<Stream> & { id: string }): Stream {
  return {
    ...{ name: more.id, kind: 'color', position: null, shape: [more.count ?? 1, 1, 1, 3], dtype: 'uint8' },
    ...{ width: 1, height: 1, channels: 3, encoding: 'pixels', order: 'bgr', count: 1, clock: 'timestamps' },
    ...{ rule: 'latest', chunk: null, filter: 'none', filters: [], serial: null, fault: null },
    ...more,
  } as Stream;
}
