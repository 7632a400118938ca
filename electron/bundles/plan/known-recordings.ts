import type { Candidate } from '../../../shared/bundles/candidate.ts';
import { changedSince, type Stamp } from './stamp.ts';

/** What the plan needs of a recording's files; what people said of it and what was found are read anew each time. */
export type RecordingFacts = Omit<Candidate, 'review' | 'findings' | 'seen'>;

interface Known {
  readonly facts: RecordingFacts;
  readonly stamp: Stamp;
}

const MOST_BYTES = 64e6;
const BYTES_BESIDE_TIMES = 20_000;

/**
 * Recordings that a plan has looked at, while their files are as they were: a recipe that a person is changing is planned
 * again and again over the same ones. Those looked at longest ago are dropped.
 */
export class KnownRecordings {
  /** By id, looked at last last. */
  private readonly known = new Map<string, Known>();
  private bytes = 0;

  async get(episode: string): Promise<Known | undefined> {
    const there = this.known.get(episode);
    if (!there) return undefined;
    this.drop(episode);
    if ((await changedSince(there.stamp)) !== null) return undefined;
    this.keep(episode, there);
    return there;
  }

  keep(episode: string, known: Known): void {
    this.drop(episode);
    this.known.set(episode, known);
    this.bytes += bytesOf(known);
    for (const oldest of this.known.keys()) {
      if (this.bytes <= MOST_BYTES) break;
      this.drop(oldest);
    }
  }

  clear(): void {
    this.known.clear();
    this.bytes = 0;
  }

  private drop(episode: string): void {
    const there = this.known.get(episode);
    if (there && this.known.delete(episode)) this.bytes -= bytesOf(there);
  }
}

function bytesOf({ facts }: Known): number {
  return facts.times.byteLength + BYTES_BESIDE_TIMES;
}
