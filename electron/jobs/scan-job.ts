import { z } from 'zod';
import { SCAN_JOB } from '../../shared/api/jobs.ts';
import type { ScanEnd, ScanFollower } from '../library/scan-progress.ts';
import type { JobKind } from './job-kind.ts';

/** A scan is shown as a job once it has lasted this long: most are over before anybody could read of them. */
const SHOWN_AFTER_MS = 1000;
/** Shown beside the job; all are in its log. */
const FAILURES_SHOWN = 100;

const optionsSchema = z.object({ root: z.string().min(1).max(200) });
type ScanOptions = z.infer<typeof optionsSchema>;

export interface ScanParts {
  /** Name of an open root, for people. */
  nameOf(root: string): string;
  /** Follows the scan of a root to its end, and has one that was stopped go on. Rejects with Fault when it is not open. */
  follow(root: string, follower: ScanFollower): Promise<ScanEnd>;
  /** Leaves what was not looked into as it is. */
  stop(root: string): void;
}

/** "Look into <root>": the scan itself is the library's; this shows it, and cancelling leaves the rest pending. */
export function scanJobKind({ nameOf, follow, stop }: ScanParts): JobKind<ScanOptions> {
  return {
    kind: SCAN_JOB,
    options: optionsSchema,
    title: ({ root }) => `Look into ${nameOf(root)}`,
    unit: 'recordings',
    resumable: true,
    heavy: false,
    passing: true,
    cancelled: 'Stopped: what was not looked into stays pending until the folder is scanned again.',
    sameAs: ({ root }) => root,
    async run({ options, signal, progress, fail, log }) {
      let failures = 0;
      const ended = follow(options.root, {
        progress: (done, total) => progress({ done, total }),
        failed(path, message) {
          if (failures++ < FAILURES_SHOWN) fail(path, message);
          else log(`Failed: ${path}: ${message}`);
        },
      });
      const stopped = new Promise<never>((_, reject) => {
        const onAbort = () => {
          stop(options.root);
          reject(signal.reason);
        };
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      });
      const { done, failed } = await Promise.race([ended, stopped]);
      const looked = `${done.toLocaleString('en')} ${done === 1 ? 'recording was' : 'recordings were'} looked into`;
      if (failed === 0) return { message: `${looked}.` };
      return { message: `${looked}, ${failed.toLocaleString('en')} could not be read: the log names each.` };
    },
  };
}

/** Has a scan appear among the jobs when it lasts. */
export class LastingScans {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly show: (root: string) => void) {}

  note(root: string, isScanning: boolean): void {
    clearTimeout(this.timers.get(root));
    this.timers.delete(root);
    if (!isScanning) return;
    const timer = setTimeout(() => {
      this.timers.delete(root);
      this.show(root);
    }, SHOWN_AFTER_MS);
    timer.unref();
    this.timers.set(root, timer);
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
