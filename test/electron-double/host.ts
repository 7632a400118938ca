import type { Notification, Question } from './messages.ts';

/** The double's end of the line to the test. */

const answers = new Map<string, (argument: never) => unknown>();

export function tell(notification: Notification): void {
  if (process.connected) process.send?.(notification);
}

/** What the test may ask of this process. */
export function answer<Argument>(ask: string, give: (argument: Argument) => unknown): void {
  answers.set(ask, give as (argument: never) => unknown);
}

export function listenToTest(): void {
  process.on('message', async ({ id, ask, argument }: Question) => {
    try {
      const give = answers.get(ask);
      if (!give) throw new Error(`The double cannot answer "${ask}" yet: has main come that far?`);
      tell({ type: 'reply', id, value: await give(argument as never) });
    } catch (error) {
      tell({ type: 'reply', id, fault: error instanceof Error ? error.message : String(error) });
    }
  });
  // A test that died must not leave its process behind.
  process.on('disconnect', () => process.exit(1));
}
