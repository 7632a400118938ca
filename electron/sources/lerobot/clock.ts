import type { Problem } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { type BuiltClock, describeClock, nominalClock } from '../common/clocks.ts';
import type { NumberColumn } from '../common/parquet-numbers.ts';
import { fault, rowsOf, warning } from './problems.ts';

export const CLOCK = 'timestamp';
const CLOCK_NAME = 'Episode time';
/** What LeRobot lets a stamp be off by before it refuses a frame. */
export const TOLERANCE_SECONDS = 1e-4;
/** Far beyond any episode, and far inside what a safe integer of nanoseconds holds. */
const MAX_SECONDS = 5e6;

export interface EpisodeClock extends BuiltClock {
  /** Seconds from the episode's start as recorded, one a row; what frames of videos are looked up by. */
  seconds: Float64Array;
}

/**
 * The master clock: the column `timestamp`, seconds from the episode's start. Rows whose stamp is no number or goes back
 * stand at the rate, and a problem says so. `rateHz` is that of info.json, or what a person stated.
 */
export function episodeClock(
  where: string,
  rows: number,
  timestamps: NumberColumn | null,
  rateHz: number,
  hasRate: boolean,
): EpisodeClock {
  if (timestamps?.width !== 1 || rows === 0) {
    const clock = nominalClock(CLOCK, CLOCK_NAME, rows, rateHz);
    const message = `${where} has no usable column timestamp; frames stand ${rateHz} a second: write the column anew.`;
    if (rows > 0) clock.problems.push(fault('no-timestamps', message));
    return { ...clock, seconds: Float64Array.from(clock.times, (ns) => ns / NS_PER_SECOND) };
  }
  const problems: Problem[] = [];
  const recorded = timestamps.data;
  const isUsable = (seconds: number) => Number.isFinite(seconds) && Math.abs(seconds) <= MAX_SECONDS;
  const firstRow = recorded.findIndex(isUsable);
  if (firstRow < 0) return episodeClock(where, rows, null, rateHz, hasRate);
  const start = (recorded[firstRow] as number) - firstRow / rateHz;
  if (Math.abs(start) > TOLERANCE_SECONDS) {
    const message = `${where} starts at ${start.toFixed(4)} s and not at 0, so LeRobot would show other frames: write timestamp as frame_index / fps.`;
    problems.push(fault('timestamp-start', message));
  }
  const seconds = new Float64Array(rows);
  const misplaced: number[] = [];
  let latest = 0;
  for (let row = 0; row < rows; row++) {
    const own = (recorded[row] as number) - start;
    const isKept = isUsable(own) && own >= latest - 1e-9 && own - latest <= MAX_SECONDS;
    if (!isKept) misplaced.push(row);
    seconds[row] = isKept ? Math.max(own, latest) : latest + (row === 0 ? 0 : 1 / rateHz);
    latest = seconds[row] as number;
  }
  if (misplaced.length > 0) {
    const message = `${where}: timestamp is no number or goes back at ${rowsOf(misplaced)}; such frames stand one period after the one before: write the column anew.`;
    problems.push(fault('clock-not-ascending', message));
  }
  if (hasRate) problems.push(...periodProblems(where, recorded, misplaced, rateHz));
  const times = seconds.map((each) => Math.round(each * NS_PER_SECOND));
  const clock = describeClock(CLOCK, CLOCK_NAME, times, 'recorded', isAscending(times) && misplaced.length === 0);
  return { clock, times, problems, seconds };
}

function periodProblems(
  where: string,
  recorded: Float64Array,
  misplaced: readonly number[],
  rateHz: number,
): Problem[] {
  const skipped = new Set(misplaced);
  const off: number[] = [];
  for (let row = 1; row < recorded.length; row++) {
    if (skipped.has(row) || skipped.has(row - 1)) continue;
    const step = (recorded[row] as number) - (recorded[row - 1] as number);
    // float32 cannot say it finer than this.
    const grain = Math.abs(recorded[row] as number) * 2 ** -23;
    if (Math.abs(step - 1 / rateHz) > TOLERANCE_SECONDS + grain) off.push(row);
  }
  if (off.length === 0) return [];
  const message = `${where}: timestamp does not step by 1/${rateHz} s at ${rowsOf(off)}; LeRobot refuses or misreads such frames: correct fps or write timestamp as frame_index / fps.`;
  return [warning('timestamp-step', message)];
}

function isAscending(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if ((times[i] as number) <= (times[i - 1] as number)) return false;
  return true;
}
