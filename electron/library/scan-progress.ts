/** Hears how a scan goes on. */
export interface ScanFollower {
  /** `total` is null until every folder was walked once, and grows where files turn out to hold several recordings. */
  progress(done: number, total: number | null): void;
  /** `path` as in the list; one sentence. */
  failed(path: string, message: string): void;
}

export interface ScanEnd {
  done: number;
  failed: number;
}

/** Sentences kept for a follower that joins late. */
const KEPT_FAILURES = 5000;

/** What a running scan has looked into, for whoever follows it from the beginning or from later on. */
export class ScanProgress {
  private readonly followers = new Set<{ follower: ScanFollower; end(how: ScanEnd): void }>();
  private failures: [path: string, message: string][] = [];
  private failedCount = 0;
  private done = 0;
  private total: number | null = null;

  begin(): void {
    this.failures = [];
    this.failedCount = 0;
    this.done = 0;
    this.total = null;
  }

  /** So many more were looked into; `waiting` are still to be. */
  looked(count: number, waiting: number): void {
    this.done += count;
    this.total = this.done + waiting;
    for (const { follower } of this.followers) follower.progress(this.done, this.total);
  }

  failed(path: string, message: string): void {
    this.failedCount++;
    if (this.failures.length < KEPT_FAILURES) this.failures.push([path, message]);
    for (const { follower } of this.followers) follower.failed(path, message);
  }

  end(): void {
    for (const { end } of this.followers) end({ done: this.done, failed: this.failedCount });
    this.followers.clear();
  }

  /** Tells what happened so far, then the rest; resolves when the scan ends. */
  follow(follower: ScanFollower): Promise<ScanEnd> {
    follower.progress(this.done, this.total);
    for (const [path, message] of this.failures) follower.failed(path, message);
    return new Promise((end) => this.followers.add({ follower, end }));
  }
}
