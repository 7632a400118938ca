import { z } from 'zod';
import { changeSchema } from '../../shared/review/review.ts';
import type { Gesture } from './gestures.ts';
import { newId } from './new-id.ts';

/** A gesture with the name it goes under: sent twice, it is kept once. */
export interface NamedGesture extends Gesture {
  /** UUID, made with the gesture and the same at every try. */
  readonly id: string;
}

/** What became of a gesture: on disk, turned down for good, or still here. */
export type Fate = 'kept' | 'refused' | 'waiting';

/**
 * Gestures on their way to the workstation, one after the other in the order they were made. What was not kept yet lies in
 * the storage of the browser that shows this address: a failure, a closed page or a crash loses nothing a person said.
 * A try without an answer may have arrived all the same, so every gesture keeps its id until its fate is known.
 */
export interface OutboxOptions {
  /** Resolves once the gesture is on disk. */
  send(gesture: NamedGesture): Promise<void>;
  /** Whether a failed `send` says that this gesture can never be kept, so that trying again is of no use. */
  isRefused(error: unknown): boolean;
  /** A gesture left the queue without being kept; the sentence says which and why. */
  onRefused(gesture: NamedGesture, sentence: string): void;
  /** Empty text removes. */
  keep(text: string): void;
  /** What `keep` kept in an earlier sitting, "" for nothing. */
  kept: string;
  sentenceOf(error: unknown): string;
  onChange(): void;
  /** How long an answer is waited for. It may still come, and what it is the answer to may be sent again. Default 20 s. */
  patienceMs?: number;
}

const PATIENCE_MS = 20_000;

export type OutboxState = 'idle' | 'saving' | { fault: string };

const keptSchema = z.array(
  z.object({ id: z.uuid().default(newId), name: z.string(), patch: z.array(changeSchema).min(1) }),
);

export class Outbox {
  private gestures: NamedGesture[];
  /** Sent at least once, or not known not to be: they may have arrived. */
  private readonly tried: Set<string>;
  private readonly refused = new Set<string>();
  /** By gesture: those who made it and want to know what became of it. */
  private readonly asking = new Map<string, (fate: Fate) => void>();
  private current: OutboxState = 'idle';
  private isSending = false;
  private sending: Promise<void> = Promise.resolve();

  constructor(private readonly options: OutboxOptions) {
    this.gestures = readKept(options.kept);
    this.tried = new Set(this.gestures.map(({ id }) => id));
    if (this.gestures.length > 0) {
      // What an older version kept is given its id here, once.
      this.store();
      const count = this.gestures.length === 1 ? 'One change' : `${this.gestures.length} changes`;
      this.current = { fault: `${count} from before could not be saved then; save now or discard.` };
    }
  }

  /** Made but not known to be on disk, oldest first. */
  get unsent(): readonly NamedGesture[] {
    return this.gestures;
  }

  get state(): OutboxState {
    return this.current;
  }

  /** Answers what became of it as soon as that is known: of what waits behind others, once its own turn came. */
  push(gesture: Gesture): Promise<Fate> {
    const id = newId();
    const fate = new Promise<Fate>((answer) => this.asking.set(id, answer));
    this.gestures = [...this.gestures, { ...gesture, id }];
    this.store();
    // Behind one that is on its way, too, it is shown at once: the next gesture is made from what is shown.
    if (this.isSending) this.options.onChange();
    void this.flush();
    return fate;
  }

  /** Sends what is there, and answers what became of the last of it. */
  async settle(): Promise<Fate> {
    const last = this.gestures.at(-1);
    await this.flush();
    return last ? this.fateOf(last.id) : 'kept';
  }

  /** Sends what is there. What is refused leaves the queue and is told; any other failure stays first in line. */
  async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    this.sending = this.sendAll();
    await this.sending;
  }

  /** Resolves once nothing is on its way: all of it kept or turned down, or the first that could not be still in line. */
  async rest(): Promise<void> {
    await this.sending;
  }

  private async sendAll(): Promise<void> {
    this.change('saving');
    try {
      for (let first = this.gestures[0]; first; first = this.gestures[0]) {
        this.tried.add(first.id);
        try {
          await this.sendWithPatience(first);
        } catch (error) {
          if (!this.options.isRefused(error)) throw error;
          this.refused.add(first.id);
          this.options.onRefused(first, this.options.sentenceOf(error));
        }
        this.gestures = this.gestures.slice(1);
        this.store();
        this.answer(first.id);
      }
      this.change('idle');
    } catch (error) {
      this.change({ fault: this.options.sentenceOf(error) });
    } finally {
      this.isSending = false;
      for (const id of this.asking.keys()) this.answer(id);
    }
  }

  /** Takes the last unsent gesture back; undefined when there is none, or it may have arrived already. */
  takeBack(): Gesture | undefined {
    const last = this.gestures.at(-1);
    if (!last || this.tried.has(last.id)) return undefined;
    this.asking.get(last.id)?.('waiting');
    this.asking.delete(last.id);
    this.gestures = this.gestures.slice(0, -1);
    this.store();
    this.change(this.gestures.length === 0 ? 'idle' : this.current);
    return last;
  }

  /** Drops everything unsent: only when a person says so. */
  discard(): void {
    if (this.isSending) return;
    this.gestures = [];
    this.store();
    this.change('idle');
  }

  /** A connection that hangs gives neither answer nor error: nothing behind it would ever be sent. */
  private async sendWithPatience(gesture: NamedGesture): Promise<void> {
    const { send, patienceMs = PATIENCE_MS } = this.options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<never>((_, reject) => {
      const sentence =
        'The workstation has not answered for a while: see whether it is still running, then save again.';
      timer = setTimeout(() => reject(new Error(sentence)), patienceMs);
    });
    try {
      await Promise.race([send(gesture), silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  private answer(id: string): void {
    this.asking.get(id)?.(this.fateOf(id));
    this.asking.delete(id);
  }

  private fateOf(id: string): Fate {
    if (this.refused.has(id)) return 'refused';
    return this.gestures.some((gesture) => gesture.id === id) ? 'waiting' : 'kept';
  }

  private store(): void {
    this.options.keep(this.gestures.length === 0 ? '' : JSON.stringify(this.gestures));
  }

  private change(state: OutboxState): void {
    this.current = state;
    this.options.onChange();
  }
}

function readKept(text: string): NamedGesture[] {
  if (text === '') return [];
  try {
    const parsed = keptSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}
