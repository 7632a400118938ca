import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { PictureAnswers, PictureOrder, PictureReply, PictureRequest } from './picture-protocol.ts';

interface Waiting {
  resolve(value: PictureAnswers[keyof PictureAnswers]): void;
  reject(error: Error): void;
}

/**
 * Node 20 aborts the whole process where a thread ends while V8 compiles for it in the background, which it does for as long
 * after the loops over pixels ran as that takes: a tenth of small exports ended so.
 */
const REST_MS = 250;

/** The thread ended over what was ordered of it. */
export class PictureThreadEnded extends Error {}

/** Orders that need nothing of those before them. */
const BEGINNINGS: ReadonlySet<PictureOrder['op']> = new Set(['open', 'gif-of']);

/**
 * A thread that composes panels and encodes GIFs; see picture-protocol.ts. Orders are carried out in the order given. One
 * that ends costs what was begun with it: an order that begins anew has another.
 */
export class PictureThread {
  #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #jobs = 0;
  #fault: PictureThreadEnded | undefined;

  constructor(private readonly workerDir: string) {
    this.#worker = this.#beget();
  }

  /** `transfer` names the buffers that become the thread's own. */
  ask<Order extends PictureOrder>(order: Order, transfer: ArrayBuffer[] = []): Promise<PictureAnswers[Order['op']]> {
    if (this.#fault && BEGINNINGS.has(order.op)) this.#worker = this.#beget();
    if (this.#fault) return Promise.reject(this.#fault);
    const job = ++this.#jobs;
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve: resolve as Waiting['resolve'], reject });
      this.#worker.postMessage({ job, ...order } satisfies PictureRequest, transfer);
    });
  }

  async close(): Promise<void> {
    await wait(REST_MS);
    await this.#worker.terminate();
  }

  #beget(): Worker {
    const worker = new Worker(path.join(this.workerDir, 'picture-worker.js'));
    const end = (sentence: string) => {
      if (worker === this.#worker) this.#end(new PictureThreadEnded(sentence));
    };
    worker.on('message', (reply: PictureReply) => {
      const waiting = this.#waiting.get(reply.job);
      this.#waiting.delete(reply.job);
      if (reply.ok) waiting?.resolve(reply.value);
      else waiting?.reject(new Error(reply.message));
    });
    worker.on('error', (error) => end(`The thread that draws pictures broke (${error.message}).`));
    worker.on('exit', () => end('The thread that draws pictures ended.'));
    this.#fault = undefined;
    return worker;
  }

  #end(fault: PictureThreadEnded): void {
    this.#fault ??= fault;
    for (const { reject } of this.#waiting.values()) reject(this.#fault);
    this.#waiting.clear();
  }
}
