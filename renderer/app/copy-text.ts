import { bridge } from './bridge.ts';
import { attempt, notify } from './notices.ts';

/** Puts text on the clipboard and says `done`, or why it could not. */
export async function copyText(text: string, done: string): Promise<void> {
  await attempt(async () => {
    await bridge.copyText(text);
    notify('good', done);
  });
}
