import { app } from 'electron';

/** A disk that hangs must not keep the process for ever; every gesture is on disk before it was answered. */
const CLOSE_LIMIT_MS = 5_000;

/** The last window ends the app; the process ends once `close` is done. */
export function quitAfter(close: () => Promise<void>): void {
  let closing = false;
  let closed = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    // Asked again while it closes: the first asking goes on.
    if (closing) return;
    closing = true;
    const limit = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS));
    void Promise.race([close().catch((error) => console.error(error)), limit]).then(() => {
      closed = true;
      app.quit();
    });
  });
}
