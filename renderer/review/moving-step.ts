import { onLeaving } from '../app/leaving.ts';
import { useSession } from '../app/session.ts';
import { registerCommands } from '../commands/registry.ts';

/**
 * Something on the move: presses of a key (held, too) that follow each other closely, or one drag, are one step. It is
 * shown at once, and kept when it rests, when anything else is done, before another recording is opened and before the
 * page is left. Undo and Escape put back what is not kept yet.
 */
const REST_MS = 700;

export interface MovingStepOptions<Move> {
  keep(move: Move): Promise<void>;
  putBack(move: Move): void;
  /** It was kept because it rested, and not because anything else was done. */
  rested?(): void;
}

export class MovingStep<Move> {
  private move: Move | null = null;
  private timer: number | undefined;
  private stopCommands = () => {};

  constructor(private readonly options: MovingStepOptions<Move>) {
    steps.add(this as MovingStep<unknown>);
  }

  current(): Move | null {
    return this.move;
  }

  /** `isResting`: it is kept after a rest; else (a drag) only when it is settled. */
  show(move: Move, isResting: boolean): void {
    if (this.move === null) {
      // What is not kept yet is taken back by putting it back.
      const run = () => this.cancel();
      this.stopCommands = registerCommands({ 'edit.undo': { run }, 'app.cancel': { run } });
    }
    this.move = move;
    window.clearTimeout(this.timer);
    if (isResting)
      this.timer = window.setTimeout(() => {
        void this.settle();
        this.options.rested?.();
      }, REST_MS);
  }

  /** Keeps what was moved, as one step. */
  async settle(): Promise<void> {
    const done = this.end();
    if (done !== null) await this.options.keep(done);
  }

  /** Puts it back where it was. */
  cancel(): void {
    const done = this.end();
    if (done !== null) this.options.putBack(done);
  }

  private end(): Move | null {
    window.clearTimeout(this.timer);
    this.stopCommands();
    this.stopCommands = () => {};
    const done = this.move;
    this.move = null;
    return done;
  }
}

const steps = new Set<MovingStep<unknown>>();

function settleAll(): void {
  for (const step of steps) void step.settle();
}

/** What is on the move is kept before another recording is opened. Answers the way to stop. */
export function followMovingSteps(): () => void {
  return useSession.subscribe(({ opening }) => {
    if (opening !== null) settleAll();
  });
}

onLeaving(settleAll);
