import type { ExportPlan } from '../../../shared/api/bundles.ts';
import type { StageRequest, StageSinks } from '../../curation/run-stage.ts';
import type { StageEnd } from '../../curation/stage.ts';
import { Fault } from '../../fault.ts';

/** Plans in the making: one a window, the newest. */
export class Planner {
  private readonly making = new Map<string, AbortController>();
  private readonly counts = new Map<AbortController, { done: number; total: number }>();

  constructor(private readonly run: (request: StageRequest, sinks: StageSinks) => Promise<StageEnd>) {}

  /** Recordings that the plan in the making of a view has looked at; null where there is none, or it has not begun. */
  looked(view: string): { done: number; total: number } | null {
    const own = this.making.get(view);
    return (own && this.counts.get(own)) ?? null;
  }

  /** Rejects with Fault where the recipe cannot be used, or a newer call of the same view came. */
  async plan(
    { root, recipe, view }: { root: string; recipe?: unknown; view: string },
    signal?: AbortSignal,
  ): Promise<ExportPlan> {
    this.making.get(view)?.abort();
    const own = new AbortController();
    this.making.set(view, own);
    const ended = signal ? AbortSignal.any([signal, own.signal]) : own.signal;
    try {
      const progress: StageSinks['progress'] = ({ done, total }) => {
        if (done !== undefined && total != null) this.counts.set(own, { done, total });
      };
      const sinks = { signal: ended, progress, fail: () => {}, log: () => {} };
      const { result } = await this.run({ root, options: { recipe } }, sinks);
      return result?.plan as ExportPlan;
    } catch (error) {
      if (ended.aborted) throw new Fault('REFUSED', 'A newer plan was asked for.');
      throw error;
    } finally {
      this.counts.delete(own);
      if (this.making.get(view) === own) this.making.delete(view);
    }
  }
}
