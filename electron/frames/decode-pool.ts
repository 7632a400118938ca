import path from 'node:path';
import type { Stream } from '../../shared/episode/episode.ts';
import { SourceFault } from '../sources/source.ts';
import { fittedSize } from './area-average.ts';
import type { FrameOrder, PictureOrder, WorkerAnswers, WorkerOrder } from './decode-protocol.ts';
import { type DecodeJob, DecodeWorkerSlot } from './decode-worker-slot.ts';
import type { DecodePool } from './frame-source.ts';
import { SpareBuffers } from './spare-buffers.ts';

export { Superseded } from './decode-worker-slot.ts';

export interface DecodePoolOptions {
  /** Folder of the built `decode-worker.js`. */
  workerDir: string;
  /** Folder of the HDF5 filter plugins, on a real disk. */
  pluginDir: string;
  /** Default 2: more gain nothing on two cores and cost memory each. */
  workers?: number;
}

/** Looking into files stands behind every picture. */
const INSPECT_PRIORITY = -100;

/** Two or three ticks of five full-size streams. */
const SPARE_BYTES = 16 * 2 ** 20;

const always = () => true;

export function createDecodePool({ workerDir, pluginDir, workers = 2 }: DecodePoolOptions): DecodePool {
  const ruined = new Map<string, SourceFault>();
  const onCulprit = (order: WorkerOrder) => {
    const fault = faultOfCulprit(order);
    if (order.op !== 'filters' && order.op !== 'release' && order.op !== 'picture') ruined.set(keyOf(order), fault);
    return fault;
  };
  const spares = new SpareBuffers(SPARE_BYTES);
  const spareFor = (order: WorkerOrder) =>
    order.op === 'frame' || order.op === 'picture' ? spares.take(bytesOf(order)) : undefined;
  const slots = Array.from(
    { length: Math.max(1, workers) },
    () => new DecodeWorkerSlot({ workerDir, birth: { pluginDir }, onCulprit, spareFor }),
  );
  const homes = new StreamHomes(slots.length);
  let trial: Promise<WorkerAnswers['filters']> | undefined;

  function ask<Op extends WorkerOrder['op']>(
    slot: DecodeWorkerSlot,
    order: WorkerOrder & { op: Op },
    priority: () => number,
    isWanted = always,
  ): Promise<WorkerAnswers[Op]> {
    const known = ruined.get(keyOf(order));
    if (known) return Promise.reject(known);
    return new Promise((resolve, reject) => {
      slot.add({ order, priority, isWanted, resolve: resolve as DecodeJob['resolve'], reject, casualties: 0 });
    });
  }

  const leastBusy = () => slots.reduce((best, slot) => (slot.load < best.load ? slot : best));

  return {
    ready: () =>
      Promise.any(slots.map((slot) => slot.ready())).catch((error: AggregateError) => Promise.reject(error.errors[0])),
    inspect: (file, scope) =>
      ask(leastBusy(), { op: 'inspect', path: file, ...(scope ? { scope } : {}) }, () => INSPECT_PRIORITY),
    numbers: (file, dataset) => ask(leastBusy(), { op: 'numbers', path: file, dataset }, () => INSPECT_PRIORITY),
    strings: (file, dataset) => ask(leastBusy(), { op: 'strings', path: file, dataset }, () => INSPECT_PRIORITY),
    frame: async (location, stream, index, options = {}) => {
      if (location.kind !== 'hdf5' || stream.encoding === 'video' || stream.encoding === 'png') {
        throw new SourceFault('not-hdf5', `${stream.name} is not stored in HDF5.`);
      }
      const { file, dataset } = location;
      const { maxWidth = 0, maxHeight = 0, priority = 0, isWanted = always } = options;
      const { width, height, channels } = stream;
      const slot = slots[homes.of(file, dataset, costOf(stream))] as DecodeWorkerSlot;
      const order = {
        op: 'frame' as const,
        path: file,
        dataset,
        index,
        width,
        height,
        channels,
        encoding: stream.encoding,
        maxWidth,
        maxHeight,
        bytesPerValue: stream.dtype === 'uint16' ? 2 : 1,
      };
      return ask(slot, order, typeof priority === 'function' ? priority : () => priority, isWanted);
    },
    picture: (given, stream, what, options = {}) => {
      // A view of a larger buffer would take all of that along.
      const bytes = given.byteLength === given.buffer.byteLength ? given : given.slice();
      const { maxWidth = 0, maxHeight = 0, priority = 0, isWanted = always } = options;
      const { width, height, channels } = stream;
      const bytesPerValue = stream.dtype === 'uint16' ? 2 : 1;
      const order = {
        op: 'picture' as const,
        bytes,
        what,
        width,
        height,
        channels,
        bytesPerValue,
        maxWidth,
        maxHeight,
      };
      return ask(leastBusy(), order, typeof priority === 'function' ? priority : () => priority, isWanted);
    },
    recycle: (bytes) => spares.give(bytes),
    filters: () => {
      trial ??= ask(leastBusy(), { op: 'filters' }, () => INSPECT_PRIORITY);
      return trial;
    },
    release: async (file) => {
      homes.forget(file);
      for (const key of ruined.keys()) if (key.startsWith(`${file}\n`)) ruined.delete(key);
      await Promise.all(
        slots
          .filter((slot) => slot.isBegun)
          .map((slot) => ask(slot, { op: 'release', path: file }, () => Number.POSITIVE_INFINITY).catch(() => null)),
      );
    },
    close: async () => {
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}

/** Which worker a stream belongs to: the one with the least work of that recording when it is first asked for. */
class StreamHomes {
  readonly #files = new Map<string, { homes: Map<string, number>; costs: number[] }>();

  constructor(private readonly count: number) {}

  of(file: string, dataset: string, cost: number): number {
    const known = this.#files.get(file) ?? { homes: new Map<string, number>(), costs: new Array(this.count).fill(0) };
    this.#files.set(file, known);
    const settled = known.homes.get(dataset);
    if (settled !== undefined) return settled;
    const home = known.costs.indexOf(Math.min(...known.costs));
    known.homes.set(dataset, home);
    known.costs[home] = (known.costs[home] as number) + cost;
    return home;
  }

  forget(file: string): void {
    this.#files.delete(file);
  }
}

/** Bytes of the picture an order is answered with, as far as can be told before. */
function bytesOf(order: FrameOrder | PictureOrder): number {
  const { width, height, channels, maxWidth, maxHeight, bytesPerValue } = order;
  const size = fittedSize(width, height, maxWidth, maxHeight);
  return size.width * size.height * channels * bytesPerValue;
}

/** Relative decoding cost: bytes of a sample, weighed by how its filters were measured. */
function costOf(stream: Stream): number {
  const ids = stream.filters.map(({ id }) => id);
  const weight = ids.includes(1) ? 12 : ids.includes(32000) ? 5 : ids.includes(32001) ? 3 : 1;
  const bytesPerValue = stream.dtype === 'uint16' ? 2 : 1;
  return stream.width * stream.height * stream.channels * bytesPerValue * weight;
}

/** Identifies the part of a recording an order reads; begins with the file. */
function keyOf(order: WorkerOrder): string {
  switch (order.op) {
    case 'frame':
      return `${order.path}\n${order.dataset}\n${order.index}`;
    case 'numbers':
      return `${order.path}\n${order.dataset}`;
    case 'inspect':
      return `${order.path}\n${order.scope?.group ?? ''}`;
    default:
      return order.op;
  }
}

function faultOfCulprit(order: WorkerOrder): SourceFault {
  const name = 'path' in order ? path.basename(order.path) : '';
  switch (order.op) {
    case 'frame':
      return new SourceFault(
        'corrupt-chunk',
        `${name}: sample ${order.index} of ${order.dataset} is damaged and ends the decoder; the rest of the recording is not affected.`,
      );
    case 'picture':
      return new SourceFault(
        'corrupt-chunk',
        `${order.what} is damaged and ends the decoder; the rest is not affected.`,
      );
    case 'numbers':
      return new SourceFault(
        'corrupt-chunk',
        `${name}: ${order.dataset} is damaged and ends the decoder: restore the file from a copy.`,
      );
    case 'inspect':
      return new SourceFault(
        'unreadable',
        `${name} is damaged and ends the decoder when it is opened: restore it from a copy.`,
      );
    default:
      return new SourceFault('decoder-died', 'The image decoder ended unexpectedly: try again.');
  }
}
