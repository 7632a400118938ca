import { BrowserWindow, ipcMain } from 'electron';
import type { z } from 'zod';
import type { Reply, RequestChannel } from './channels.ts';
import { isAppAddress } from './scheme.ts';

/**
 * The only place that listens to the page. A request is answered only when it comes from the main frame of a window that
 * shows our own address, and only with arguments of the shape named by `input`; everything else gets "Refused" and no work
 * is done. What `answer` throws reaches the page as its message.
 */
export function answerRequest<Input>(
  channel: RequestChannel,
  input: z.ZodType<Input>,
  answer: (input: Input, window: BrowserWindow) => unknown,
): void {
  ipcMain.handle(channel, async (event, argument: unknown): Promise<Reply> => {
    const frame = event.senderFrame;
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!frame || !window || frame.parent !== null || !isAppAddress(frame.url)) {
      return { fault: 'Refused: the request did not come from the Regrasp window.' };
    }
    const parsed = input.safeParse(argument);
    if (!parsed.success) return { fault: `Refused: "${channel}" was called with something it does not take.` };
    try {
      return { value: await answer(parsed.data, window) };
    } catch (error) {
      return { fault: error instanceof Error ? error.message : String(error) };
    }
  });
}
