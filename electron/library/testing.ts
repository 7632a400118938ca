import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Episode } from '../../shared/episode/episode.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import type { OpenedEpisode, Source } from '../sources/source.ts';

/**
 * A format for tests: files named *.take whose text is the number of ticks. "boom" makes opening throw, which no real
 * source does; "broken" opens with an error among its problems. The root is the parent of a `data` folder.
 */
export function takeSource(onOpen: (path: string) => void = () => undefined): Source {
  return {
    id: 'take',
    name: 'Takes',
    recognizes: (file) => file.name.endsWith('.take'),
    rootOf(chosen, isFolder) {
      const parts = chosen.split(path.sep);
      const data = parts.lastIndexOf('data');
      if (data > 0) return parts.slice(0, data).join(path.sep) || path.sep;
      return isFolder ? chosen : path.dirname(chosen);
    },
    placeOf: (below) => ({ task: '', date: '', name: path.posix.basename(below, '.take') }),
    async open(file) {
      onOpen(file.path);
      const text = (await readFile(file.path, 'utf8')).trim();
      if (text === 'boom') throw new Error('The reader tripped.');
      return openedTake(file.rootId, file.pathBelowRoot, text === 'broken' ? 0 : Number(text), text === 'broken');
    },
    calibrations: async () => [],
  };
}

function openedTake(rootId: string, below: string, ticks: number, isBroken: boolean): OpenedEpisode {
  const times = Float64Array.from({ length: ticks }, (_, tick) => tick * 1e9);
  const episode: Episode = {
    ...{ id: `${rootId}/${below}`, root: rootId, path: below, format: 'take', name: below, task: 'a task', date: '' },
    ...{ sizeBytes: 1, modifiedMs: 1, createdAt: null, startUnixSeconds: null, masterClock: 'ticks' },
    clocks: [
      {
        ...{ id: 'ticks', name: 'ticks', count: ticks, basis: 'recorded', ascending: true },
        ...{ firstNs: times[0] ?? null, lastNs: times[ticks - 1] ?? null, medianPeriodNs: 1e9, worstGapNs: 1e9 },
      },
    ],
    ...{ streams: [], series: [], tracks: [], metadata: {}, suggestedTactileOffset: null },
    problems: isBroken ? [{ severity: 'error', code: 'truncated', message: `${below} is cut short.` }] : [],
  };
  return {
    episode,
    clocks: new Map([['ticks', times]]),
    poses: new Map(),
    values: new Map(),
    location: () => ({ file: '', dataset: '' }),
  };
}

/** A pool for sources that do not read HDF5: it only notes which files were let go of. */
export function idlePool(released: string[] = []): DecodePool {
  return {
    release: async (file: string) => {
      released.push(file);
    },
  } as Partial<DecodePool> as DecodePool;
}
