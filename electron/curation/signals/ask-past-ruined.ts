import { SourceFault } from '../../sources/source.ts';
import type { ScanAnswers, ScanOrder } from './scan-protocol.ts';
import { type ScanWorkers, WorkerEnded } from './scan-workers.ts';

/**
 * Asks until no sample ends the worker any more: each one that does is added to its stream's `ruined`, which `order` leaves
 * out of the next try. Rejects with SourceFault where workers end and no sample is to blame; `what` begins its sentence.
 */
export async function askPastRuined<Op extends 'scan' | 'decode'>(
  workers: Pick<ScanWorkers, 'ask'>,
  order: () => ScanOrder & { op: Op },
  ruined: readonly Set<number>[],
  what: string,
  signal: AbortSignal | undefined,
): Promise<ScanAnswers[Op]> {
  let hasNamedNobody = false;
  for (;;) {
    try {
      return await workers.ask<Op>(order(), signal);
    } catch (error) {
      if (!(error instanceof WorkerEnded)) throw error;
      const samples = ruined[error.streamAt];
      if (samples && error.sample >= 0 && !samples.has(error.sample)) samples.add(error.sample);
      else if (hasNamedNobody) throw new SourceFault('decoder-died', `${what} end the decoder: run it again.`);
      else hasNamedNobody = true;
    }
  }
}
