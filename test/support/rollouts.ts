import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeNpz } from '../../electron/sources/common/npz-write.ts';

const STEPS = 120;
export const COLUMNS = 16;
/** Steps whose loop takes longer than 20 ms. */
export const OVERRUNS: readonly number[] = [40, 100];

/** What the file holds, so that the screen can be held against it. */
export const actionAt = (step: number, column: number) => column + step / 10;

/** A rollout as a trainer leaves it: arrays without a rate or a video. Its loops take 12.5 ms in the mean. */
export function writeRollout(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const of = (at: (step: number) => number) => Float64Array.from({ length: STEPS }, (_, step) => at(step));
  const rows = { shape: [STEPS, COLUMNS], data: new Float64Array(STEPS * COLUMNS) };
  for (let step = 0; step < STEPS; step += 1) {
    for (let column = 0; column < COLUMNS; column += 1) rows.data[step * COLUMNS + column] = actionAt(step, column);
  }
  const inference = of((step) => (OVERRUNS.includes(step) ? 40 : 10));
  const arrays = {
    step: { shape: [STEPS], data: of((step) => step) },
    raw_action: rows,
    inference_ms: { shape: [STEPS], data: inference },
    loop_total_ms: { shape: [STEPS], data: of((step) => (inference[step] as number) + 2) },
  };
  writeFileSync(path.join(folder, 'trajectory.npz'), encodeNpz(arrays));
}
