import path from 'node:path';
import { askPastRuined } from './ask-past-ruined.ts';
import { DECODED, type DecodedSamples, type DecodedStream, REPEATED, UNREADABLE } from './scan-protocol.ts';
import { allOrNone, newRun, partsOf } from './scan-recording.ts';
import type { ScanWorkers } from './scan-workers.ts';

/** One stream of a recording, all samples of which are decoded. */
export interface StreamToDecode extends Omit<DecodedStream, 'indices' | 'ruined'> {
  count: number;
}

/**
 * Decodes every sample of streams of an HDF5 recording (the granted real path) in all workers; only what came of it leaves
 * them. A sample is compared with the last one before it that could be decoded. Rejects with SourceFault where the
 * recording cannot be read at all.
 */
export async function decodeRecording(
  workers: Pick<ScanWorkers, 'ask' | 'count' | 'release'>,
  file: string,
  streams: readonly StreamToDecode[],
  signal?: AbortSignal,
): Promise<DecodedSamples[]> {
  const run = newRun();
  const ruined = streams.map(() => new Set<number>());
  const results = streams.map(
    ({ count }): DecodedSamples => ({ outcomes: new Uint8Array(count).fill(UNREADABLE), isBlack: true }),
  );
  const ask = (chosen: readonly Int32Array[], what: string) => {
    const order = () => ({
      ...{ op: 'decode' as const, run, path: file },
      streams: streams.map(
        ({ count: _, ...stream }, at): DecodedStream => ({
          ...stream,
          indices: chosen[at] as Int32Array,
          ruined: [...(ruined[at] as Set<number>)],
        }),
      ),
    });
    return askPastRuined(workers, order, ruined, `${path.basename(file)}: ${what}`, signal);
  };
  /** Samples that begin a part, and have nothing before them there. */
  const unsure = streams.map((): number[] => []);
  const rows = Math.max(0, ...streams.map(({ count }) => count));
  const decodePart = async ({ from, to }: { from: number; to: number }): Promise<void> => {
    const ranges = streams.map(({ count }) => ({ begin: shareOf(count, from, rows), end: shareOf(count, to, rows) }));
    // With the sample before it, so that the first one is compared too.
    const chosen = ranges.map(({ begin, end }) => indicesOf(begin === end ? begin : Math.max(0, begin - 1), end));
    const decoded = await ask(chosen, `parts ${from} to ${to - 1} of ${rows}`);
    for (const [at, { outcomes, isBlack }] of decoded.entries()) {
      const { begin, end } = ranges[at] as (typeof ranges)[number];
      const lead = outcomes.length - (end - begin);
      const result = results[at] as DecodedSamples;
      result.outcomes.set(outcomes.subarray(lead), begin);
      result.isBlack &&= isBlack;
      const isLeadRead = lead > 0 && outcomes[0] !== UNREADABLE;
      const first = isLeadRead ? -1 : outcomes.subarray(lead).findIndex((outcome) => outcome !== UNREADABLE);
      if (first >= 0 && begin > 0) unsure[at]?.push(begin + first);
    }
  };
  try {
    await allOrNone(partsOf(rows, workers.count), decodePart, signal);
    await settle(unsure, results, (chosen) => ask(chosen, 'its samples'));
  } finally {
    await workers.release();
  }
  return results;
}

/** Where a part began behind damage, its first sample is compared with what could be decoded before that. */
async function settle(
  unsure: readonly (readonly number[])[],
  results: readonly DecodedSamples[],
  ask: (chosen: readonly Int32Array[]) => Promise<DecodedSamples[]>,
): Promise<void> {
  for (const [at, { outcomes }] of results.entries()) {
    for (const sample of unsure[at] ?? []) {
      const before = outcomes.subarray(0, sample).findLastIndex((outcome) => outcome !== UNREADABLE);
      if (before < 0) continue;
      const chosen = results.map((_, other) => Int32Array.from(other === at ? [before, sample] : []));
      const [, outcome] = (await ask(chosen))[at]?.outcomes ?? [];
      outcomes[sample] = outcome === REPEATED ? REPEATED : DECODED;
    }
  }
}

/** Where a stream of `count` samples is when one of `rows` is at `row`. */
const shareOf = (count: number, row: number, rows: number) => Math.floor((count * row) / rows);

const indicesOf = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, at) => from + at);
