import { type FSWatcher, watch } from 'node:fs';

/** Watching whole trees is native on these systems; elsewhere each folder gets a watcher of its own. */
const WATCHES_TREES = process.platform === 'darwin' || process.platform === 'win32';
/** The system's own limit (inotify) is shared by all programs: leave room. */
const FOLDER_LIMIT = 1000;
/** Network shares announce nothing, and a watcher may be refused: look again this often anyway. */
const POLL_MS = 60_000;

/** Calls `onChange` some time after anything changed in the watched folders; it may also call for nothing. */
export class FolderWatch {
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly poll: NodeJS.Timeout;

  constructor(private readonly onChange: () => void) {
    this.poll = setInterval(onChange, POLL_MS);
    this.poll.unref();
  }

  /** Folders to watch from now on; `tops` are those that have no watched parent. */
  setFolders(tops: readonly string[], all: ReadonlySet<string>): void {
    const wanted = new Set(WATCHES_TREES ? tops : [...all].slice(0, FOLDER_LIMIT));
    for (const [folder, watcher] of this.watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (!this.watchers.has(folder)) this.add(folder);
    }
  }

  close(): void {
    clearInterval(this.poll);
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  private add(folder: string): void {
    try {
      const watcher = watch(folder, { recursive: WATCHES_TREES, persistent: false }, (_event, name) => {
        // Our own storage changes with every gesture: that is no news for the list.
        if (!name?.startsWith('.')) this.onChange();
      });
      watcher.on('error', () => {
        watcher.close();
        this.watchers.delete(folder);
      });
      this.watchers.set(folder, watcher);
    } catch {
      // The limit of watchers is reached or the file system has none: the poll finds changes.
    }
  }
}
