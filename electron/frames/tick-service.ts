import { align8 } from '../../shared/api/envelope.ts';
import type { TickHeader, TickRequest, TickSample, TickStreamRequest } from '../../shared/api/tick.ts';
import { masterClockOf, type Stream } from '../../shared/episode/episode.ts';
import { SourceFault } from '../sources/source.ts';
import { Superseded } from './decode-pool.ts';
import { FrameLoader } from './frame-loader.ts';
import type { DecodedFrame, DecodePool, EpisodeForTicks, TickService } from './frame-source.ts';
import { chooseSample, type SampleChoice } from './sample-choice.ts';

export interface TickServiceOptions {
  pool: DecodePool;
  /** Bytes of decoded frames kept, for all episodes together; default 128 MB. */
  cacheLimitBytes?: number;
  /** A sample that was asked for is damaged in the recording; `message` is the sentence for the person. */
  onDamaged?: (episodeId: string, message: string) => void;
}

const nothing = () => {};

/** Ticks fetched ahead of play; more gained nothing when measured. */
const READ_AHEAD_TICKS = 3;
/** Views are windows and hover previews: a page that reloads takes a new name, so old names are let go. */
const MAX_VIEWS = 64;

/** The newest request of a view. */
interface ViewState {
  sequence: number;
  episodeId: string;
  tick: number;
  direction: number;
}

export function createTickService({
  pool,
  cacheLimitBytes = 128 * 2 ** 20,
  onDamaged,
}: TickServiceOptions): TickService {
  const frames = new FrameLoader(pool, cacheLimitBytes);
  const views = new Map<string, ViewState>();

  /** False when a newer request of the view is known already. */
  function enter(request: TickRequest): boolean {
    const known = views.get(request.view);
    if (known && known.sequence > request.sequence) return false;
    views.delete(request.view);
    const { sequence, episode: episodeId, tick, direction } = request;
    views.set(request.view, { sequence, episodeId, tick, direction });
    for (const oldest of views.keys()) {
      if (views.size <= MAX_VIEWS) break;
      views.delete(oldest);
    }
    return true;
  }

  const isNewest = (request: TickRequest) => (views.get(request.view)?.sequence ?? -1) <= request.sequence;

  function readAhead(episode: EpisodeForTicks, request: TickRequest, ticks: number): void {
    if (request.direction === 0) return;
    for (let step = 1; step <= READ_AHEAD_TICKS; step++) {
      const tick = request.tick + step * request.direction;
      if (tick < 0 || tick >= ticks) return;
      const isWanted = () => isStillAhead(views.get(request.view), request.episode, tick);
      for (const asked of request.streams) {
        const stream = streamOf(episode, asked);
        const choice = stream && !stream.fault ? choiceOf(episode, stream, tick) : undefined;
        if (!stream || choice?.state !== 'shown' || videoOf(episode, stream)) continue;
        const wish = { episode, stream, index: choice.index, ...sizeOf(asked), priority: -step, isWanted };
        if (!frames.has(wish)) frames.load(wish).then((frame) => frames.leases.letGo(frame), nothing);
      }
    }
  }

  async function sample(episode: EpisodeForTicks, request: TickRequest, asked: TickStreamRequest): Promise<Answered> {
    const stream = streamOf(episode, asked);
    if (!stream) {
      const message = `${episode.opened.episode.path} has no stream ${asked.stream}.`;
      return { sample: emptySample(asked.stream, message) };
    }
    if (stream.fault) return { sample: { ...describe(episode, stream), state: 'fault', message: stream.fault } };
    const choice = choiceOf(episode, stream, request.tick);
    const header = { ...describe(episode, stream), ...choice, ageNs: timeOf(episode, request.tick) - choice.timeNs };
    if (choice.state !== 'shown') return { sample: header };
    const video = videoOf(episode, stream);
    if (video) {
      const { width, height } = stream;
      return { sample: { ...header, width, height, format: 'video', videoFrame: video.firstFrame + choice.index } };
    }
    try {
      const wish = { episode, stream, index: choice.index, ...sizeOf(asked) };
      const frame = await frames.load({ ...wish, priority: 0, isWanted: () => isNewest(request) });
      const { width, height, channels, format, bytes } = frame;
      const { storedWidth = stream.width, storedHeight = stream.height } = frame;
      const shown = { width, height, storedWidth, storedHeight, channels, format, bytes: bytes.byteLength };
      return { sample: { ...header, ...shown }, frame };
    } catch (error) {
      if (error instanceof Superseded) throw error;
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof SourceFault && error.code === 'corrupt-chunk') onDamaged?.(request.episode, message);
      return { sample: { ...header, state: 'fault', message } };
    }
  }

  return {
    tick: async (episode, asked) => {
      const began = performance.now();
      const ticks = masterClockOf(episode.opened.episode).count;
      // Past the end is the last tick, and the answer says so.
      const request = { ...asked, tick: Math.max(0, Math.min(asked.tick, ticks - 1)) };
      if (!enter(request)) return undefined;
      const pending = request.streams.map((asked) => sample(episode, request, asked));
      readAhead(episode, request, ticks);
      const settled = await Promise.allSettled(pending);
      const answered = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const release = () => {
        for (const { frame } of answered.splice(0)) if (frame) frames.leases.letGo(frame);
      };
      if (answered.length < settled.length || !isNewest(request)) {
        release();
        const bug = settled.find((each) => each.status === 'rejected' && !(each.reason instanceof Superseded));
        if (bug?.status === 'rejected') throw bug.reason;
        return undefined;
      }
      return { ...compose(episode, request, answered, began), release };
    },
    statistics: () => ({
      cacheBytes: frames.cache.bytes,
      cacheLimitBytes: frames.cache.limitBytes,
      decodedFrames: frames.decodedFrames,
      queued: frames.queued,
    }),
    setCacheLimit: (bytes) => frames.cache.setLimit(bytes),
    forget: (episodeId) => frames.forget(episodeId),
  };
}

interface Answered {
  sample: Omit<TickSample, 'offset'>;
  frame?: DecodedFrame;
}

/** Read ahead is wanted while the view still plays towards it. */
function isStillAhead(view: ViewState | undefined, episodeId: string, tick: number): boolean {
  if (!view || view.episodeId !== episodeId || view.direction === 0) return false;
  const steps = (tick - view.tick) / view.direction;
  return steps >= 0 && steps <= READ_AHEAD_TICKS;
}

function streamOf({ opened }: EpisodeForTicks, asked: TickStreamRequest): Stream | undefined {
  return opened.episode.streams.find(({ id }) => id === asked.stream);
}

function sizeOf({ maxWidth = 0, maxHeight = 0 }: TickStreamRequest): { maxWidth: number; maxHeight: number } {
  return { maxWidth, maxHeight };
}

/** The file that the window decodes by itself; undefined for samples that are sent as pixels. */
function videoOf({ opened }: EpisodeForTicks, stream: Stream) {
  const location = opened.locations.get(stream.id);
  return location?.kind === 'video' ? location : undefined;
}

const NO_TIMES = new Float64Array(0);

function timeOf({ opened }: EpisodeForTicks, tick: number): number {
  return opened.clocks.get(opened.episode.masterClock)?.[tick] ?? 0;
}

function choiceOf(episode: EpisodeForTicks, stream: Stream, tick: number): SampleChoice {
  const { clocks, episode: model } = episode.opened;
  const master = masterClockOf(model);
  return chooseSample(stream, {
    tick,
    masterTimes: clocks.get(model.masterClock) ?? NO_TIMES,
    streamTimes: clocks.get(stream.clock) ?? NO_TIMES,
    streamClock: model.clocks.find(({ id }) => id === stream.clock) ?? master,
    masterClock: model.masterClock,
    tactileOffset: episode.tactileOffset(),
    holdPeriods: episode.holdPeriods(),
  });
}

function describe(episode: EpisodeForTicks, stream: Stream): Omit<TickSample, 'offset'> {
  const { width: storedWidth, height: storedHeight, channels } = stream;
  return {
    ...emptySample(stream.id, undefined),
    state: 'none',
    format: stream.dtype === 'uint16' ? 'u16' : 'u8',
    channels,
    order: episode.orderOf(stream),
    storedWidth,
    storedHeight,
  };
}

function emptySample(stream: string, message: string | undefined): Omit<TickSample, 'offset'> {
  return {
    stream,
    state: 'fault',
    ...(message === undefined ? {} : { message }),
    ...{ index: -1, timeNs: 0, ageNs: 0, format: 'u8', channels: 0, order: null },
    ...{ width: 0, height: 0, storedWidth: 0, storedHeight: 0, bytes: 0 },
  };
}

function compose(episode: EpisodeForTicks, request: TickRequest, answered: readonly Answered[], began: number) {
  const bodies: Uint8Array[] = [];
  let offset = 0;
  const samples = answered.map(({ sample, frame }): TickSample => {
    const placed = { ...sample, offset };
    if (frame) {
      bodies.push(frame.bytes);
      offset += align8(frame.bytes.byteLength);
    }
    return placed;
  });
  const header: TickHeader = {
    episode: request.episode,
    tick: request.tick,
    timeNs: timeOf(episode, request.tick),
    view: request.view,
    sequence: request.sequence,
    samples,
    totalMs: performance.now() - began,
    decodeMs: answered.reduce((sum, { frame }) => sum + (frame?.decodeMs ?? 0), 0),
    revision: episode.revision,
  };
  return { header, bodies };
}
