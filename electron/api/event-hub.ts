import type { WorkstationEvent } from '../../shared/api/contract.ts';

/** A reader this far behind is gone or stuck: its stream is ended, and a live one begins anew with "hello". */
const BACKLOG_LIMIT = 5000;
const UNHEARD_LIMIT = 20;

/** One place through which everything that happens is told. */
export class EventHub {
  private readonly listeners = new Set<(event: WorkstationEvent) => void>();
  private readonly streams = new Set<EventStream>();
  /** Notices that no window has heard: the first one that comes is told. */
  private unheard: WorkstationEvent[] = [];

  emit(event: WorkstationEvent): void {
    if (event.type === 'notice' && this.streams.size === 0) {
      this.unheard = [...this.unheard, event].slice(-UNHEARD_LIMIT);
    }
    for (const listener of [...this.listeners]) listener(event);
  }

  listen(listener: (event: WorkstationEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** All events from now on, after `first`. Ends when the reader returns, the signal fires or the hub closes. */
  stream(first: WorkstationEvent, signal: AbortSignal | undefined): AsyncIteratorObject<WorkstationEvent, void, void> {
    const stream = new EventStream(first, () => {
      stop();
      this.streams.delete(stream);
    });
    const stop = this.listen((event) => stream.push(event));
    this.streams.add(stream);
    for (const notice of this.unheard.splice(0)) stream.push(notice);
    if (signal?.aborted) void stream.return();
    else signal?.addEventListener('abort', () => void stream.return(), { once: true });
    return stream;
  }

  close(): void {
    for (const stream of [...this.streams]) void stream.return();
    this.listeners.clear();
  }
}

/**
 * Written out rather than as a generator: a generator that waits for its next event cannot be told to end, and a window
 * that went away without an abort signal would leave it waiting for ever.
 */
class EventStream implements AsyncIteratorObject<WorkstationEvent, void, void> {
  private readonly backlog: WorkstationEvent[];
  private wake: (() => void) | undefined;
  private ended = false;

  constructor(
    first: WorkstationEvent,
    private readonly onEnd: () => void,
  ) {
    this.backlog = [first];
  }

  push(event: WorkstationEvent): void {
    if (this.ended) return;
    if (this.backlog.length >= BACKLOG_LIMIT) {
      void this.return();
      return;
    }
    this.backlog.push(event);
    this.wake?.();
  }

  async next(): Promise<IteratorResult<WorkstationEvent, void>> {
    while (this.backlog.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const value = this.ended ? undefined : this.backlog.shift();
    return value ? { done: false, value } : { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<WorkstationEvent, void>> {
    if (!this.ended) {
      this.ended = true;
      this.backlog.length = 0;
      this.onEnd();
      this.wake?.();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
