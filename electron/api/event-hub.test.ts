import { describe, expect, it } from 'vitest';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import { EventHub } from './event-hub.ts';
import { createHandler } from './handler.ts';
import type { Services } from './services.ts';

const hello: WorkstationEvent = { type: 'hello', jobs: [], roots: [], formats: {} };
const notice = (text: string): WorkstationEvent => ({ type: 'notice', text });

/** A handler whose only living part is the hub. */
function handlerOf(hub: EventHub) {
  const empty = { list: () => [] };
  const services = { hub, jobs: empty, roots: empty } as Partial<Record<keyof Services, unknown>> as Services;
  return createHandler(services, undefined, () => undefined);
}

const ask = () => new Request('regrasp://app/api/rpc/events', { method: 'POST', body: '{}' });

describe('the event hub', () => {
  it('gives every reader all that happens after its first event', async () => {
    const hub = new EventHub();
    const one = hub.stream(hello, undefined);
    hub.emit(notice('a'));
    const two = hub.stream(hello, undefined);
    hub.emit(notice('b'));
    const read = async (stream: typeof one, count: number) => {
      const events = [];
      for (let n = 0; n < count; n++) events.push((await stream.next()).value);
      return events;
    };
    expect(await read(one, 3)).toEqual([hello, notice('a'), notice('b')]);
    expect(await read(two, 2)).toEqual([hello, notice('b')]);
  });

  it('ends a reader that waits, by its leaving, its signal or the end of the hub', async () => {
    const hub = new EventHub();
    const abort = new AbortController();
    const streams = [hub.stream(hello, undefined), hub.stream(hello, abort.signal), hub.stream(hello, undefined)];
    await Promise.all(streams.map((stream) => stream.next()));
    const waiting = streams.map((stream) => stream.next());
    await streams[0]?.return?.();
    abort.abort();
    hub.close();
    for (const ended of await Promise.all(waiting)) expect(ended.done).toBe(true);
    expect((hub as unknown as { streams: Set<unknown> }).streams.size).toBe(0);
  });

  it('lets go of a reader that does not read', async () => {
    const hub = new EventHub();
    const stuck = hub.stream(hello, undefined);
    for (let n = 0; n < 6000; n++) hub.emit(notice(String(n)));
    expect((hub as unknown as { streams: Set<unknown> }).streams.size).toBe(0);
    expect((await stuck.next()).done).toBe(true);
  });

  it('keeps notices for the first window, once', async () => {
    const hub = new EventHub();
    hub.emit(notice('Your settings were damaged.'));
    const first = hub.stream(hello, undefined);
    await first.next();
    expect((await first.next()).value).toEqual(notice('Your settings were damaged.'));
    const second = hub.stream(hello, undefined);
    hub.emit(notice('later'));
    await second.next();
    expect((await second.next()).value).toEqual(notice('later'));
  });
});

describe('a window that goes away', () => {
  const readers = (hub: EventHub) => (hub as unknown as { streams: Set<unknown> }).streams.size;

  it('is forgotten when the desktop cancels the body, without any signal', async () => {
    const hub = new EventHub();
    const response = await handlerOf(hub)(ask());
    const reader = response.body?.getReader();
    await reader?.read();
    expect(readers(hub)).toBe(1);
    await reader?.cancel();
    await expect.poll(() => readers(hub)).toBe(0);
  });
});
