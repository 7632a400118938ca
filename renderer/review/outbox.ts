import { z } from 'zod';
import { changeSchema } from '../../shared/review/review.ts';
import type { Gesture } from './gestures.ts';

/**
 * Gestures on their way to the workstation, one after the other in the order they were made. What was not kept yet lies in
 * the browser's storage: a failure, a closed page or a crash loses nothing a person said.
 */
export interface OutboxOptions {
  /** Resolves once the gesture is on disk. */
  send(gesture: Gesture): Promise<void>;
  /** Empty text removes. */
  keep(text: string): void;
  /** What `keep` kept in an earlier sitting, "" for nothing. */
  kept: string;
  sentenceOf(error: unknown): string;
  onChange(): void;
}

export type OutboxState = 'idle' | 'saving' | { fault: string };

const keptSchema = z.array(z.object({ name: z.string(), patch: z.array(changeSchema).min(1) }));

export class Outbox {
  private gestures: Gesture[];
  private current: OutboxState = 'idle';
  private isSending = false;

  constructor(private readonly options: OutboxOptions) {
    this.gestures = readKept(options.kept);
    if (this.gestures.length > 0) {
      const count = this.gestures.length === 1 ? 'One change' : `${this.gestures.length} changes`;
      this.current = { fault: `${count} from before could not be saved then; save now or discard.` };
    }
  }

  /** Made but not known to be on disk, oldest first. */
  get unsent(): readonly Gesture[] {
    return this.gestures;
  }

  get state(): OutboxState {
    return this.current;
  }

  push(gesture: Gesture): Promise<void> {
    this.gestures = [...this.gestures, gesture];
    this.store();
    return this.flush();
  }

  /** Sends what is there. Stops at the first failure, which stays first in line. */
  async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    this.change('saving');
    try {
      for (let first = this.gestures[0]; first; first = this.gestures[0]) {
        await this.options.send(first);
        this.gestures = this.gestures.slice(1);
        this.store();
      }
      this.change('idle');
    } catch (error) {
      this.change({ fault: this.options.sentenceOf(error) });
    } finally {
      this.isSending = false;
    }
  }

  /** Takes the last unsent gesture back; undefined when there is none, or it is already on its way. */
  takeBack(): Gesture | undefined {
    if (this.gestures.length === 0 || (this.isSending && this.gestures.length === 1)) return undefined;
    const last = this.gestures.at(-1);
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

  private store(): void {
    this.options.keep(this.gestures.length === 0 ? '' : JSON.stringify(this.gestures));
  }

  private change(state: OutboxState): void {
    this.current = state;
    this.options.onChange();
  }
}

function readKept(text: string): Gesture[] {
  if (text === '') return [];
  try {
    const parsed = keptSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}
