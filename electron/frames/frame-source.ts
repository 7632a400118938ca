import type { TickHeader, TickRequest } from '../../shared/api/tick.ts';
import type { Stream } from '../../shared/episode/episode.ts';
import type { Hdf5Reader, OpenedEpisode, SampleLocation } from '../sources/source.ts';

/** One decoded sample: interleaved, rows top to bottom. The bytes are the receiver's own. */
export interface DecodedFrame {
  width: number;
  height: number;
  /** Of the sample before it was scaled, where it is a JPEG: its own header knows better than the recording. */
  storedWidth?: number;
  storedHeight?: number;
  channels: number;
  format: 'u8' | 'u16';
  bytes: Uint8Array;
  decodeMs: number;
  /** Read from its place in the file, past the HDF5 library. */
  isDirect?: boolean;
}

export interface FrameOptions {
  /** Area-averaged down to fit; 0 or absent = stored pixels. */
  maxWidth?: number;
  maxHeight?: number;
  /** Higher goes first, default 0. */
  priority?: number | (() => number);
  isWanted?: () => boolean;
}

/**
 * The pool of decode workers. A stream sticks to a worker; newest request first; one job in flight a worker; a worker
 * that dies is replaced and its request tried once more.
 */
export interface DecodePool extends Hdf5Reader {
  /** Resolves once a first worker can decode (start it before the first episode is opened). */
  ready(): Promise<void>;
  frame(location: SampleLocation, stream: Stream, index: number, options?: FrameOptions): Promise<DecodedFrame>;
  /** Decodes a JPEG or PNG file, or takes raw pixels of the stream's shape; `what` names it in sentences. */
  picture(bytes: Uint8Array, stream: Stream, what: string, options?: FrameOptions): Promise<DecodedFrame>;
  /** Gives back a frame's buffer that nobody reads any more: it will be written again. */
  recycle?(bytes: Uint8Array): void;
  /** Filters that decode here, tried and not just listed. */
  filters(): Promise<{ id: number; name: string; works: boolean }[]>;
  /** Forgets a file everywhere (replaced, closed). */
  release(path: string): Promise<void>;
  close(): Promise<void>;
}

/** What the tick service needs to know of an open episode; the workstation keeps the table. */
export interface EpisodeForTicks {
  opened: OpenedEpisode;
  revision: string;
  /** The order a person chose, else the source's. */
  orderOf(stream: Stream): Stream['order'];
  /** Tactile offset in ticks of this episode (applies to tactile streams on the master clock). */
  tactileOffset(): number;
  holdPeriods(): number;
}

export interface TickAnswer {
  header: TickHeader;
  /** In the order of header.samples with state "shown"; written one after the other, each padded to 8 bytes. */
  bodies: Uint8Array[];
  /**
   * Says that the bodies have left (were written to the socket or read by the receiver, or never will be). Their buffers
   * may then be written again, so never call it early; not calling it costs speed alone.
   */
  release(): void;
}

export interface TickService {
  /** Undefined when a newer request of the same view superseded this one. */
  tick(episode: EpisodeForTicks, request: TickRequest): Promise<TickAnswer | undefined>;
  statistics(): { cacheBytes: number; cacheLimitBytes: number; decodedFrames: number; queued: number };
  setCacheLimit(bytes: number): void;
  /** Drops what belongs to an episode. */
  forget(episodeId: string): void;
}
