import { announce } from '../design/live-region.ts';
import { type Notice, type NoticeAction, useSession } from './session.ts';

const SHOWN_MS = { info: 6000, good: 4000, bad: 15_000 } as const;
/** Long enough to read it, think, and reach it. */
const SHOWN_WITH_ACTION_MS = 20_000;
const MOST = 4;

let nextId = 1;

/** Shows one sentence for a while and speaks it. The same sentence twice in a row stands once. */
export function notify(tone: Notice['tone'], text: string, action?: NoticeAction): void {
  const id = nextId++;
  useSession.setState(({ notices }) => ({
    notices: [...notices.filter((notice) => notice.text !== text), { id, tone, text, action }].slice(-MOST),
  }));
  announce(text, tone === 'bad' ? 'assertive' : 'polite');
  window.setTimeout(() => dismissNotice(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS[tone]);
}

export function dismissNotice(id: number): void {
  useSession.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** What a person is told of a failure: the workstation's own sentence where there is one. */
export function sentenceOf(error: unknown): string {
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) {
    return 'The workstation does not answer: see whether it is still running, then try again.';
  }
  const message = error instanceof Error ? error.message.trim() : '';
  return message === '' ? 'Something failed without saying why: the terminal that runs Regrasp may say more.' : message;
}

/** Runs an action of a person's; a failure becomes a notice. Answers undefined then. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    notify('bad', sentenceOf(error));
    return undefined;
  }
}
