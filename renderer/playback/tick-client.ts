import { decodeEnvelopeHeader, ENVELOPE_PREFIX_BYTES, envelopeHeadBytes } from '../../shared/api/envelope.ts';
import { encodeTickRequest, type TickHeader, type TickRequest } from '../../shared/api/tick.ts';
import { BufferPool } from './buffer-pool.ts';

/** One tick as it came: the header, and its bodies in `buffer` from `bodyOffset` on. Hand it back with `release`. */
export interface ReceivedTick {
  header: TickHeader;
  buffer: ArrayBuffer;
  bodyOffset: number;
  /** Request to last byte. */
  transportMs: number;
}

/** A tick that could not be had; the message is one sentence for the person. */
export class TickFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TickFault';
  }
}

/** Enough for a header that names a dozen streams; a longer one grows the buffer. */
const HEAD_ROOM_BYTES = 16_384;

/** Fetches ticks, each into one reused buffer, without a copy on the way. */
export class TickClient {
  private readonly pool = new BufferPool();
  private readonly decoder = new TextDecoder();
  private largestBytes = 0;

  constructor(private readonly fetchFromWorkstation: (address: string, init: RequestInit) => Promise<Response>) {}

  /**
   * Undefined when a newer request of the same view superseded this one. Rejects with TickFault.
   * Nothing is ever aborted: an abort costs a connection, and a tick that comes too late still fills the cache.
   */
  async fetch(request: TickRequest): Promise<ReceivedTick | undefined> {
    const startedAt = performance.now();
    const response = await this.send(request);
    if (response.status === 204) return undefined;
    if (!response.ok || !response.body) throw new TickFault(await sentenceOf(response));
    try {
      const { buffer, bytes } = await this.read(response);
      const head = new Uint8Array(buffer, 0, bytes);
      const header = decodeEnvelopeHeader<TickHeader>(head, (text) => this.decoder.decode(text));
      const bodyOffset = envelopeHeadBytes(head);
      this.largestBytes = Math.max(this.largestBytes, bytes);
      return { header, buffer, bodyOffset, transportMs: performance.now() - startedAt };
    } catch (error) {
      throw new TickFault(`A tick broke off on its way (${messageOf(error)}); it is asked for again.`);
    }
  }

  release(tick: ReceivedTick): void {
    this.pool.give(tick.buffer);
  }

  private async send(request: TickRequest): Promise<Response> {
    try {
      return await this.fetchFromWorkstation(`/api/tick?${encodeTickRequest(request)}`, { cache: 'no-store' });
    } catch (error) {
      throw new TickFault(
        `The workstation does not answer (${messageOf(error)}); check that it still runs, it is tried again.`,
      );
    }
  }

  /** Reads the body to its end into one buffer. A byte reader hands the same memory back and forth: no copy, no garbage. */
  private async read(response: Response): Promise<{ buffer: ArrayBuffer; bytes: number }> {
    const announced = Number(response.headers.get('content-length') ?? 0);
    let buffer = this.pool.take(announced || this.largestBytes || HEAD_ROOM_BYTES);
    let filled = 0;
    let total = announced;
    const reader = byteReader(response.body as ReadableStream<Uint8Array<ArrayBuffer>>);
    for (;;) {
      if (filled === buffer.byteLength) {
        if (announced && filled === announced) {
          // The end is still to be heard: unread, the body and its pipe would live until a garbage collection.
          void reader.read(new Uint8Array(1)).catch(() => {});
          break;
        }
        buffer = grown(buffer, Math.max(total, filled * 2), filled);
      }
      const { done, view } = await reader.read(new Uint8Array(buffer, filled));
      if (view) {
        buffer = view.buffer;
        filled += view.byteLength;
      }
      if (done) break;
      if (!total && filled >= ENVELOPE_PREFIX_BYTES) total = this.totalBytes(buffer, filled);
      if (total > buffer.byteLength) buffer = grown(buffer, total, filled);
    }
    if (total && filled < total) throw new Error(`${filled} of ${total} bytes`);
    return { buffer, bytes: filled };
  }

  /** Bytes of the whole answer once its header is there; 0 before. */
  private totalBytes(buffer: ArrayBuffer, filled: number): number {
    const bytes = new Uint8Array(buffer, 0, filled);
    const headBytes = envelopeHeadBytes(bytes);
    if (filled < headBytes) return 0;
    const { samples } = decodeEnvelopeHeader<TickHeader>(bytes, (text) => this.decoder.decode(text));
    return (
      headBytes + Math.max(0, ...samples.map((sample) => (sample.state === 'shown' ? sample.offset + sample.bytes : 0)))
    );
  }
}

interface ByteReader {
  read(into: Uint8Array<ArrayBuffer>): Promise<{ done: boolean; view: Uint8Array<ArrayBuffer> | undefined }>;
}

function byteReader(body: ReadableStream<Uint8Array<ArrayBuffer>>): ByteReader {
  try {
    const reader = body.getReader({ mode: 'byob' });
    return {
      read: async (into) => {
        const { done, value } = await reader.read(into);
        return { done, view: value };
      },
    };
  } catch {
    // A body that is no byte stream (a test double, an old engine): the same contract with a copy.
    return copyingReader(body.getReader());
  }
}

function copyingReader(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>): ByteReader {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    read: async (into) => {
      if (rest.byteLength === 0) {
        const { done, value } = await reader.read();
        if (done) return { done, view: undefined };
        rest = value;
      }
      const part = rest.subarray(0, into.byteLength);
      rest = rest.subarray(part.byteLength);
      into.set(part);
      return { done: false, view: into.subarray(0, part.byteLength) };
    },
  };
}

function grown(buffer: ArrayBuffer, bytes: number, filled: number): ArrayBuffer {
  const larger = new ArrayBuffer(bytes);
  new Uint8Array(larger).set(new Uint8Array(buffer, 0, filled));
  return larger;
}

async function sentenceOf(response: Response): Promise<string> {
  const text = (await response.text().catch(() => '')).trim();
  try {
    const message = (JSON.parse(text) as { message?: unknown }).message;
    if (typeof message === 'string' && message) return message;
  } catch {
    if (text && text.length < 500 && !text.startsWith('<')) return text;
  }
  return `The workstation refused a tick (${response.status} ${response.statusText}); open the episode again.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
