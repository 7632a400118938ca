import { decodeEnvelopeHeader, ENVELOPE_PREFIX_BYTES, envelopeHeadBytes } from '../../shared/api/envelope.ts';
import { encodeTickRequest, type TickHeader, type TickRequest } from '../../shared/api/tick.ts';
import { BufferPool } from './buffer-pool.ts';
import type { Picture } from './video/picture.ts';

/** One tick as it came: the header, and its bodies in `buffer` from `bodyOffset` on. Hand it back with `release`. */
export interface ReceivedTick {
  header: TickHeader;
  buffer: ArrayBuffer;
  bodyOffset: number;
  /** Request to last byte. */
  transportMs: number;
  /** Decoded frames of video streams, by stream; held until the tick is released. */
  pictures?: ReadonlyMap<string, Picture>;
  /** The same as RGBA bytes, for a painter that has no graphics processor; lent until the tick is released. */
  converted?: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
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

  /**
   * Reads the body into one buffer. A byte reader hands the same memory back and forth: no copy, no garbage; it is given
   * all the room there is, so that it needs to be asked as seldom as the pipe fills.
   */
  private async read(response: Response): Promise<{ buffer: ArrayBuffer; bytes: number }> {
    const announced = Number(response.headers.get('content-length') ?? 0);
    let buffer = this.pool.take(announced || this.largestBytes || HEAD_ROOM_BYTES);
    let filled = 0;
    let total = announced;
    const reader = byteReader(response.body as ReadableStream<Uint8Array<ArrayBuffer>>);
    while (!total || filled < total) {
      const wanted = Math.max(total, filled + 1);
      if (wanted > buffer.byteLength) buffer = grown(buffer, Math.max(wanted, filled * 2), filled);
      const { done, value } = await reader.read(new Uint8Array(buffer, filled));
      if (value) {
        buffer = value.buffer;
        filled += value.byteLength;
      }
      if (!total && filled >= ENVELOPE_PREFIX_BYTES) total = this.totalBytes(buffer, filled);
      if (!done) continue;
      if (!total || filled < total) throw new Error(`${filled} of ${total || 'unknown'} bytes`);
      return { buffer, bytes: filled };
    }
    void hearTheEnd(reader);
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

/** What both kinds of reader do. The view given is lost with its buffer; the answer's view has the buffer to go on with. */
interface ByteReader {
  read(into: Uint8Array<ArrayBuffer>): Promise<{ done: boolean; value?: Uint8Array<ArrayBuffer> | undefined }>;
}

function byteReader(body: ReadableStream<Uint8Array<ArrayBuffer>>): ByteReader {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    // A body that is no byte stream (a test double, an old engine): the same contract with a copy.
    return copyingReader(body.getReader());
  }
}

/** A tick whose bytes are all here waits for nothing; but a body whose end nobody hears keeps its pipe until a garbage collection. */
async function hearTheEnd(reader: ByteReader): Promise<void> {
  try {
    while (!(await reader.read(new Uint8Array(64))).done);
  } catch {
    // All that was wanted had come.
  }
}

function copyingReader(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>): ByteReader {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    read: async (into) => {
      if (rest.byteLength === 0) {
        const { done, value } = await reader.read();
        if (done) return { done };
        rest = value;
      }
      const part = rest.subarray(0, into.byteLength);
      rest = rest.subarray(part.byteLength);
      into.set(part);
      return { done: false, value: into.subarray(0, part.byteLength) };
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
