import { type FSWatcher, watch } from 'node:fs';

const SETTLE_MS = 60;

/**
 * Calls back when something in a folder may have changed: at once where the system reports it, else by looking every
 * `pollMs` (network shares report nothing, and the folder may not be there yet). Holds no process open.
 */
export class FolderWatch {
  private watcher: FSWatcher | undefined;
  private readonly poll: NodeJS.Timeout;
  private settling: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly folder: string,
    pollMs: number,
    private readonly look: () => Promise<void>,
  ) {
    this.poll = setInterval(() => this.lookNow(), pollMs);
    this.poll.unref();
  }

  /** Starts listening if it could not before, as when the folder was only now made. */
  folderMayExist(): void {
    if (this.watcher || this.closed) return;
    try {
      this.watcher = watch(this.folder, { persistent: false }, () => this.lookSoon());
      this.watcher.on('error', () => this.stopListening());
    } catch {
      // Not there, or no watches left: the poll sees it.
    }
  }

  close(): void {
    this.closed = true;
    clearInterval(this.poll);
    clearTimeout(this.settling);
    this.stopListening();
  }

  private lookSoon(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.lookNow(), SETTLE_MS);
    this.settling.unref();
  }

  private lookNow(): void {
    if (this.closed) return;
    this.folderMayExist();
    // A folder that cannot be read now is told at the next call, which has somebody to tell.
    this.look().catch(() => undefined);
  }

  private stopListening(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }
}
