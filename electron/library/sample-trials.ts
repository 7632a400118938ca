import type { Problem } from '../../shared/episode/episode.ts';
import type { OpenFile } from '../sources/source.ts';
import type { RecordingReader } from './recording-reader.ts';

export interface SampleTrialsOptions {
  reader: RecordingReader;
  /** Resolves when nothing is listed or looked into any more. */
  settled(): Promise<void>;
  onProblems(path: string, problems: readonly Problem[]): void;
  save(): Promise<void>;
}

export interface Trial {
  source: string;
  file: OpenFile;
}

/** What decoding found is kept now and then: trying thousands of recordings takes long. */
const SAVE_MS = 30_000;

/** Decodes samples of what was listed, one recording after the other, giving way to every new scan. */
export class SampleTrials {
  private readonly waiting = new Map<string, Trial>();
  /** Could not be found out now: tried at the next opening. */
  private readonly putOff = new Set<string>();
  private work: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: SampleTrialsOptions) {}

  /** Looked into, and no samples decoded yet. */
  add(path: string, trial: Trial): void {
    this.putOff.delete(path);
    this.waiting.set(path, trial);
  }

  drop(path: string): void {
    this.waiting.delete(path);
    this.putOff.delete(path);
  }

  isUntried(path: string): boolean {
    return this.waiting.has(path) || this.putOff.has(path);
  }

  get left(): number {
    return this.waiting.size;
  }

  start(): void {
    if (this.waiting.size === 0 || this.closed) return;
    this.work ??= this.tryAll().finally(() => {
      this.work = undefined;
    });
  }

  /** Until all were tried, at most for so long. */
  async done(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([this.work, tooLong]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.work;
  }

  private async tryAll(): Promise<void> {
    let savedAt = Date.now();
    while (this.waiting.size > 0 && !this.closed) {
      await this.options.settled();
      const [path, trial] = this.waiting.entries().next().value ?? [];
      if (path === undefined || trial === undefined || this.closed) break;
      const problems = await this.options.reader
        .trySamplesQuietly(trial.source, trial.file, () => !this.closed)
        .catch(() => undefined);
      // Changed or gone meanwhile: what was found says nothing of what is there now.
      if (this.waiting.get(path) !== trial) continue;
      this.waiting.delete(path);
      if (problems) this.options.onProblems(path, problems);
      else this.putOff.add(path);
      if (Date.now() - savedAt > SAVE_MS) {
        await this.options.save();
        savedAt = Date.now();
      }
    }
    await this.options.save();
  }
}
