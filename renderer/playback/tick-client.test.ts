import { describe, expect, it } from 'vitest';
import { align8, encodeEnvelopeHead } from '../../shared/api/envelope.ts';
import type { TickHeader } from '../../shared/api/tick.ts';
import { shownTickOf } from './shown-tick.ts';
import { TickClient, TickFault } from './tick-client.ts';

const request = { episode: 'e', tick: 7, streams: [{ stream: 'a' }], view: 'v', sequence: 1, direction: 0 };

/** An answer with a colour and a depth sample, as one array. */
function answer(): Uint8Array<ArrayBuffer> {
  const color = Uint8Array.from({ length: 15 }, (_, index) => index * 3);
  const depth = Uint16Array.from([1, 500, 65_535]);
  const sample = { state: 'shown', index: 7, timeNs: 1, ageNs: 0, order: null, storedWidth: 1, storedHeight: 1 };
  const header = {
    ...{ episode: 'e', tick: 7, timeNs: 1, view: 'v', sequence: 1, totalMs: 2, decodeMs: 1, revision: 'r' },
    samples: [
      { ...sample, stream: 'a', format: 'u8', channels: 3, width: 5, height: 1, offset: 0, bytes: 15 },
      { ...sample, stream: 'b', format: 'u16', channels: 1, width: 3, height: 1, offset: 16, bytes: 6 },
    ],
  } as TickHeader;
  const head = encodeEnvelopeHead(header, (text) => new TextEncoder().encode(text));
  const whole = new Uint8Array(head.length + 16 + align8(6));
  whole.set(head);
  whole.set(color, head.length);
  whole.set(new Uint8Array(depth.buffer), head.length + 16);
  return whole;
}

/** A body in small pieces, as a byte stream (what a browser gives) or a plain one. */
function body(bytes: Uint8Array<ArrayBuffer>, piece: number, isBytes: boolean): ReadableStream<Uint8Array> {
  let at = 0;
  const pull = (controller: { enqueue(chunk: Uint8Array): void; close(): void; byobRequest?: unknown }) => {
    if (at >= bytes.length) {
      controller.close();
      (controller.byobRequest as { respond(n: number): void } | null | undefined)?.respond(0);
      return;
    }
    controller.enqueue(bytes.slice(at, at + piece));
    at += piece;
  };
  return isBytes
    ? new ReadableStream({ type: 'bytes', pull: pull as UnderlyingByteSource['pull'] })
    : new ReadableStream({ pull: pull as UnderlyingDefaultSource['pull'] });
}

function clientOf(make: () => Response): TickClient {
  return new TickClient(async () => make());
}

describe('the tick client', () => {
  for (const isBytes of [true, false]) {
    for (const isAnnounced of [true, false]) {
      for (const piece of [5, 64, 100_000]) {
        it(`reads a tick (byte stream ${isBytes}, length ${isAnnounced}, pieces of ${piece})`, async () => {
          const bytes = answer();
          const headers: Record<string, string> = isAnnounced ? { 'content-length': String(bytes.length) } : {};
          const client = clientOf(() => new Response(body(bytes, piece, isBytes), { headers }));
          for (let round = 0; round < 3; round += 1) {
            const received = await client.fetch(request);
            const shown = shownTickOf(received!);
            expect([...(shown.samples.get('a')?.pixels ?? [])]).toEqual(Array.from({ length: 15 }, (_, i) => i * 3));
            expect([...(shown.samples.get('b')?.pixels ?? [])]).toEqual([1, 500, 65_535]);
            // Painters take a sample with a picture for a video's.
            expect(shown.samples.get('a')).not.toHaveProperty('picture');
            client.release(received!);
          }
        });
      }
    }
  }

  it('reads into a released buffer again', async () => {
    const bytes = answer();
    const client = clientOf(
      () => new Response(body(bytes, 64, false), { headers: { 'content-length': String(bytes.length) } }),
    );
    const first = await client.fetch(request);
    client.release(first!);
    const second = await client.fetch(request);
    expect(second?.buffer).toBe(first?.buffer);
  });

  it.each([true, false])(
    'waits for no end once all bytes are here, and still hears it (length %s)',
    async (isAnnounced) => {
      const bytes = answer();
      let asked = 0;
      // It is pulled when somebody reads, and never ends.
      const pull = (controller: ReadableByteStreamController) => {
        asked += 1;
        if (asked === 1) controller.enqueue(bytes.slice());
      };
      const headers: Record<string, string> = isAnnounced ? { 'content-length': String(bytes.length) } : {};
      const client = clientOf(() => new Response(new ReadableStream({ type: 'bytes', pull }), { headers }));
      const received = await client.fetch(request);
      expect(received?.header.tick).toBe(7);
      await expect.poll(() => asked).toBe(2);
    },
  );

  it('offers all the room there is to every read, and no more memory than a tick needs', async () => {
    const bytes = answer();
    const offered: number[] = [];
    const whole: number[] = [];
    let at = 0;
    const source: UnderlyingByteSource = {
      type: 'bytes',
      pull(controller) {
        const view = controller.byobRequest?.view as Uint8Array | undefined;
        if (at >= bytes.length || !view) {
          controller.close();
          controller.byobRequest?.respond(0);
          return;
        }
        offered.push(view.byteLength - (bytes.length - at));
        whole.push(view.buffer.byteLength);
        const part = bytes.subarray(at, at + 100);
        view.set(part);
        at += part.length;
        controller.byobRequest?.respond(part.length);
      },
    };
    const client = clientOf(
      () => new Response(new ReadableStream(source), { headers: { 'content-length': String(bytes.length) } }),
    );
    const received = await client.fetch(request);
    expect([...(shownTickOf(received!).samples.get('b')?.pixels ?? [])]).toEqual([1, 500, 65_535]);
    expect(offered.length).toBe(Math.ceil(bytes.length / 100));
    expect(Math.min(...offered)).toBeGreaterThanOrEqual(0);
    expect(new Set(whole).size).toBe(1);
    expect(whole[0]).toBeLessThan(bytes.length + 2 * 65_536);
  });

  it('answers undefined for a superseded request', async () => {
    expect(await clientOf(() => new Response(null, { status: 204 })).fetch(request)).toBeUndefined();
  });

  it("gives the workstation's sentence, or one of its own", async () => {
    const refused = clientOf(() => new Response('episode_1.h5 is gone; open it again.\n', { status: 404 }));
    await expect(refused.fetch(request)).rejects.toThrow('episode_1.h5 is gone; open it again.');
    const page = clientOf(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    await expect(page.fetch(request)).rejects.toThrow('502 Bad Gateway');
    const lost = new TickClient(async () => {
      throw new TypeError('Failed to fetch');
    });
    await expect(lost.fetch(request)).rejects.toThrow(TickFault);
  });

  it('says so when an answer breaks off', async () => {
    const bytes = answer();
    const cut = clientOf(
      () => new Response(body(bytes.slice(0, -10), 64, true), { headers: { 'content-length': String(bytes.length) } }),
    );
    await expect(cut.fetch(request)).rejects.toThrow('broke off');
  });
});
