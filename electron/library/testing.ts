import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { blankEpisode, type Episode, type Problem, type Stream } from '../../shared/episode/episode.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import { createVideoProbe } from '../media/probe.ts';
import { probeWithin } from '../media/probe-within.ts';
import { type FileFacts, type Hdf5Reader, type OpenedEpisode, type Source, SourceFault } from '../sources/source.ts';
import { createFileReader } from './file-reader.ts';
import { SourceReading } from './source-reading.ts';

/**
 * A format for tests: files named *.take whose text is the number of ticks; "5 pictures" has a stream of them, too. "boom" makes opening throw, which no real
 * source does; "broken" opens with an error among its problems. The root is the parent of a `data` folder.
 */
export function takeSource(onOpen: (path: string) => void = () => undefined): Source {
  return {
    id: 'take',
    name: 'Takes',
    mightBe: (file) => file.name.endsWith('.take'),
    recognizes: async (file) => file.name.endsWith('.take'),
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
      const opened = openedTake(file.rootId, file.pathBelowRoot, Number.parseInt(text, 10) || 0, text === 'broken');
      if (text.endsWith('pictures')) opened.episode.streams.push(pictures(Number.parseInt(text, 10)));
      return opened;
    },
    calibrations: async () => [],
  };
}

function openedTake(rootId: string, below: string, ticks: number, isBroken: boolean, periodNs = 1e9): OpenedEpisode {
  const times = Float64Array.from({ length: ticks }, (_, tick) => tick * periodNs);
  const episode: Episode = {
    ...{ id: `${rootId}/${below}`, root: rootId, path: below, format: 'take', name: below, task: 'a task', date: '' },
    ...{ sizeBytes: 1, modifiedMs: 1, createdAt: null, startUnixSeconds: null, masterClock: 'ticks' },
    clocks: [
      {
        ...{ id: 'ticks', name: 'ticks', count: ticks, basis: 'recorded', ascending: true },
        ...{ firstNs: times[0] ?? null, lastNs: times[ticks - 1] ?? null, medianPeriodNs: 1e9, worstGapNs: 1e9 },
      },
    ],
    ...blankEpisode(),
    problems: isBroken ? [{ severity: 'error', code: 'truncated', message: `${below} is cut short.` }] : [],
  };
  return {
    episode,
    clocks: new Map([['ticks', times]]),
    poses: new Map(),
    values: new Map(),
    locations: new Map([['pictures', { kind: 'hdf5', file: below, dataset: 'pictures' }]]),
  };
}

function pictures(count: number): Stream {
  return {
    ...{ id: 'pictures', name: 'Pictures', kind: 'color', position: null, shape: [count, 1, 1, 3], dtype: 'uint8' },
    ...{ width: 1, height: 1, channels: 3, encoding: 'pixels', order: 'rgb', count, clock: 'ticks', rule: 'latest' },
    ...{ chunk: null, filter: 'none', filters: [], serial: null, fault: null, video: null },
  } as Stream;
}

/**
 * A pool for sources that do not read HDF5: it notes which files were let go of and which frames were asked for.
 * Frame 3 of a file named damaged.take cannot be decoded.
 */
export function idlePool(released: string[] = [], asked: string[] = []): DecodePool {
  return {
    frame: async (location, stream, index) => {
      const file = location.kind === 'hdf5' ? location.file : '';
      asked.push(`${path.basename(file)} ${index}`);
      if (file.endsWith('damaged.take') && index === 3) throw new SourceFault('corrupt-chunk', `${file} is damaged.`);
      const { width, height, channels } = stream;
      return { width, height, channels, format: 'u8', bytes: new Uint8Array(3), decodeMs: 0 };
    },
    release: async (file: string) => {
      released.push(file);
    },
  } as Partial<DecodePool> as DecodePool;
}

/**
 * A format for tests whose files hold several recordings: `*.bag` whose first line is "bag" and every other a recording,
 * "<name> <ticks>", "complete" after it where the list needs no more, "torn" where it knows a problem too. A stated rate sets the distance of the ticks; what a
 * file `*.bag.beside` says becomes a property of each.
 */
export function bagSource(onOpen: (path: string) => void = () => undefined): Source {
  const linesOf = async (file: FileFacts) => (await readFile(file.path, 'utf8')).trim().split('\n');
  return {
    id: 'bag',
    name: 'Bags',
    mightBe: (file) => file.name.endsWith('.bag') || file.name.endsWith('.take'),
    recognizes: async (file) => (await linesOf(file))[0] === 'bag',
    rootOf: (chosen, isFolder) => (isFolder ? chosen : path.dirname(chosen)),
    placeOf: (below) => ({ task: 'bags', date: '', name: path.posix.basename(below) }),
    async recordings(file) {
      const lines = (await linesOf(file)).slice(1);
      if (lines[0] === 'boom') throw new SourceFault('truncated', `${file.name} is cut short: restore it from a copy.`);
      return lines.map((line) => {
        const [inner = '', ticks, complete] = line.split(' ');
        const said = { outcome: 'success', instruction: 'Fill the bag.' };
        if (complete === 'torn') {
          const torn: Problem = { severity: 'warning', code: 'torn', message: `${file.name} is torn: mend it.` };
          return { inner, ticks: Number(ticks), ...said, problems: [torn], complete: true };
        }
        return complete ? { inner, ticks: Number(ticks), streams: 2, ...said, complete: true } : { inner };
      });
    },
    async open(file, { files }) {
      onOpen(`${file.path}::${file.inner}`);
      const line = (await linesOf(file)).find((each) => each.startsWith(`${file.inner} `));
      const ticks = Number(line?.split(' ')[1] ?? 0);
      const below = `${file.pathBelowRoot}::${file.inner}`;
      const opened = openedTake(file.rootId, below, ticks, false, 1e9 / (file.stated.rateHz ?? 1));
      const beside = `${file.path}.beside`;
      const said = await files.read(beside).catch(() => undefined);
      if (said) opened.episode.properties = { beside: new TextDecoder().decode(said) };
      return { ...opened, files: [file.path, beside], episode: { ...opened.episode, format: 'bag', name: file.inner } };
    },
    async check() {
      return { problems: [{ severity: 'warning', code: 'one', message: 'One.' }], notes: ['Noted.'] };
    },
  };
}

/** Formats in this thread, reading what is really there. */
export function localReading(sources: readonly Source[], hdf5: Hdf5Reader): SourceReading {
  return new SourceReading(sources, (root) => {
    const files = createFileReader(root);
    return { hdf5, files, video: probeWithin(files, createVideoProbe()) };
  });
}
