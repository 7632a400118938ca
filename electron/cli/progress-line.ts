import type { CliOutput } from './output.ts';

/** Least time between two lines where the screen cannot redraw one (a log file, a pipe). */
const PLAIN_MS = 5_000;

export interface ProgressLine {
  show(text: string): void;
  end(): void;
}

/** Progress on stderr: one line that redraws itself on a terminal, now and then a line elsewhere. */
export function progressLine(output: CliOutput, isTerminal = process.stderr.isTTY === true): ProgressLine {
  let shownAt = Number.NEGATIVE_INFINITY;
  let widest = 0;
  return {
    show(text) {
      if (isTerminal) {
        output.err(`\r${text.padEnd(widest)}`);
        widest = Math.max(widest, text.length);
      } else if (Date.now() - shownAt >= PLAIN_MS) {
        shownAt = Date.now();
        output.err(`${text}\n`);
      }
    },
    end() {
      if (widest > 0) output.err('\n');
      widest = 0;
    },
  };
}
