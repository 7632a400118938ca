import { isDefinedError } from '@orpc/client';
import { expect, vi } from 'vitest';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import { decodeEnvelopeHeader, envelopeHeadBytes } from '../../shared/api/envelope.ts';
import type { Door } from './doors.ts';

export async function envelopeOf<Header>(response: Response): Promise<{ header: Header; body: Uint8Array }> {
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const header = decodeEnvelopeHeader<Header>(bytes, (part) => new TextDecoder().decode(part));
  return { header, body: bytes.subarray(envelopeHeadBytes(bytes)) };
}

export function bytesOf(data: Uint16Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const STATUS = { NOT_FOUND: 404, REFUSED: 403, UNUSABLE: 422 };

/** The call has to fail with this error of the contract, its HTTP status and a sentence. */
export async function expectFault(call: Promise<unknown>, code: 'NOT_FOUND' | 'REFUSED' | 'UNUSABLE'): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code, defined: true, status: STATUS[code] });
  expect(isDefinedError(error as Error)).toBe(true);
  expect((error as Error).message).toMatch(/^\S.{10,}[.:]?.*\.$/s);
}

/** Listens on the event stream. `stop` waits for an event, then leaves and answers all that came. */
export function collect(door: Door) {
  const events: WorkstationEvent[] = [];
  const abort = new AbortController();
  const reading = (async () => {
    try {
      for await (const event of await door.client.events(undefined, { signal: abort.signal })) events.push(event);
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  })();
  reading.catch(() => undefined);
  const until = (wanted: (event: WorkstationEvent) => boolean, timeout = 5000) =>
    vi.waitFor(() => expect(events.some(wanted)).toBe(true), { timeout, interval: 10 });
  return {
    events,
    until,
    async stop(wanted: (event: WorkstationEvent) => boolean, timeout?: number): Promise<WorkstationEvent[]> {
      try {
        await until(wanted, timeout);
      } finally {
        abort.abort();
      }
      await reading;
      return events;
    },
  };
}
