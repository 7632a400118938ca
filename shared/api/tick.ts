import type { ChannelOrder } from '../episode/episode.ts';
import { firstOf, formatQuery, parseQuery } from './query.ts';

/**
 * GET /api/tick: one moment of several streams, one binary answer (an envelope, see envelope.ts).
 * A newer (view, sequence) supersedes older requests of the same view: those end with 204, which no browser logs as an error.
 */
export interface TickRequest {
  episode: string;
  /** Tick of the master clock. */
  tick: number;
  streams: readonly TickStreamRequest[];
  /** Names one consumer (a window's player, its hover preview): supersession is within a view. */
  view: string;
  sequence: number;
  /** Which way play runs, so that the workstation can read ahead: ticks per tick, 0 when at rest. */
  direction: number;
}

export interface TickStreamRequest {
  stream: string;
  /** Wanted at most this size (area-averaged down by a whole factor or to fit); omitted = stored pixels. */
  maxWidth?: number;
  maxHeight?: number;
}

export interface TickHeader {
  episode: string;
  tick: number;
  timeNs: number;
  view: string;
  sequence: number;
  samples: TickSample[];
  /** Milliseconds from request to answer on the workstation, and of those the decoding. */
  totalMs: number;
  decodeMs: number;
  /** Changes whenever the file under the episode was replaced or grew. */
  revision: string;
}

export interface TickSample {
  stream: string;
  /** "shown": pixels follow. "none": the rule finds no sample yet. "ended": the stream stopped earlier. "expired": older than the hold limit. "fault": see message. */
  state: 'shown' | 'none' | 'ended' | 'expired' | 'fault';
  message?: string;
  /** Sample index in the stream, -1 when there is none. For expired/ended the last one there is. */
  index: number;
  /** Time of the sample, and tick time minus sample time (signed). */
  timeNs: number;
  ageNs: number;
  /**
   * u8 interleaved or u16 little-endian, rows top to bottom, no padding. "video": no pixels follow; the window decodes
   * presented frame `videoFrame` of the stream's file (GET /api/video) itself.
   */
  format: 'u8' | 'u16' | 'video';
  videoFrame?: number;
  channels: number;
  order: ChannelOrder | null;
  width: number;
  height: number;
  storedWidth: number;
  storedHeight: number;
  /** From the first body; 8-aligned. */
  offset: number;
  bytes: number;
}

/** Query string of a request. Sizes ride on the stream: "realsense/cam0/color@320x240". */
export function encodeTickRequest(request: TickRequest): string {
  return formatQuery([
    ['episode', request.episode],
    ['tick', String(request.tick)],
    ['view', request.view],
    ['sequence', String(request.sequence)],
    ['direction', String(request.direction)],
    ...request.streams.map(
      ({ stream, maxWidth, maxHeight }) =>
        ['stream', maxWidth && maxHeight ? `${stream}@${maxWidth}x${maxHeight}` : stream] as const,
    ),
  ]);
}

const INTEGER = /^-?\d{1,15}$/;
const SIZED = /^(.+)@(\d{1,5})x(\d{1,5})$/;

/** Undefined when a part is missing or malformed. */
export function decodeTickRequest(query: string): TickRequest | undefined {
  const pairs = parseQuery(query);
  if (!pairs) return undefined;
  const episode = firstOf(pairs, 'episode');
  const view = firstOf(pairs, 'view');
  const numbers = ['tick', 'sequence', 'direction'].map((name) => firstOf(pairs, name) ?? '');
  if (!episode || !view || !numbers.every((text) => INTEGER.test(text))) return undefined;
  const [tick, sequence, direction] = numbers.map(Number) as [number, number, number];
  const streams = pairs.filter(([name]) => name === 'stream').map(([, text]) => parseStream(text));
  if (tick < 0 || sequence < 0 || streams.length === 0) return undefined;
  return { episode, tick, streams, view, sequence, direction };
}

function parseStream(text: string): TickStreamRequest {
  const match = SIZED.exec(text);
  if (!match) return { stream: text };
  return { stream: match[1] as string, maxWidth: Number(match[2]), maxHeight: Number(match[3]) };
}
