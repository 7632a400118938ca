import type { Problem } from '../../../shared/episode/episode.ts';
import type { OpenFile } from '../source.ts';
import type { OopsieFile } from './read.ts';

/** Collects what breaks a rule of the format; every sentence starts with the file. */
export class Findings {
  readonly problems: Problem[] = [];

  constructor(
    readonly file: OpenFile,
    readonly read: OopsieFile,
  ) {}

  error(code: string, message: string, stream?: string): void {
    this.add('error', code, message, stream);
  }

  warning(code: string, message: string, stream?: string): void {
    this.add('warning', code, message, stream);
  }

  /** Of what an annotator wrote: the sentence tells of it. */
  judgement(severity: Problem['severity'], code: string, message: string): void {
    this.problems.push({ severity, code, message: `${this.file.name}: ${message}`, isJudgement: true });
  }

  private add(severity: Problem['severity'], code: string, message: string, stream?: string): void {
    const about = stream === undefined ? {} : { stream };
    this.problems.push({ severity, code, message: `${this.file.name}: ${message}`, ...about });
  }
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
