import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import type { HoverAt } from './gestures.ts';
import type { Lane, TimelineModel } from './lanes.ts';
import { rowAt } from './marks/hit.ts';
import { stripAt } from './strips.ts';

/** One line on what lies under the pointer: a gap, a loss, a note, a speed; "" where there is nothing to add. */
export function describeUnder(
  at: Pick<HoverAt, 'ns' | 'tick' | 'laneY'>,
  lanes: readonly Lane[],
  model: TimelineModel,
): string {
  const gap = model.gaps.find((candidate) => at.ns > candidate.startNs && at.ns < candidate.endNs);
  const lane = laneAt(lanes, at.laneY);
  if (lane?.content.kind === 'marks') {
    const near = lane.content.marks.filter((mark) => covers(mark.ticks, at, model));
    if (near.length > 0) return near.map((mark) => mark.text).join('\n');
  }
  if (lane?.content.kind === 'segments') {
    const row = rowAt(lane.content, at.laneY - topOf(lanes, lane));
    const near = lane.content.segments.filter(
      (segment) => segment.row === row && covers([segment.first, segment.last], at, model),
    );
    if (near.length > 0) return near.map(({ name }) => name).join('\n');
  }
  if (lane?.content.kind === 'samples') {
    if (lane.content.fault) return lane.content.fault;
    const loss = lane.content.losses.find((candidate) => at.ns > candidate.startNs && at.ns < candidate.endNs);
    if (loss && !gap) return `${lane.label}: nothing for ${milliseconds(loss.endNs - loss.startNs)}`;
    const { curve, strip } = lane.content;
    const ofStrip = strip && !loss ? stripAt(strip, at.ns) : '';
    if (ofStrip) return `${lane.label}: ${ofStrip.charAt(0).toLowerCase()}${ofStrip.slice(1)}`;
    if (curve && !loss) {
      const index = latestAtOrBefore(curve.signal.times, at.ns);
      const value = curve.signal.values[index];
      if (value !== undefined && Number.isFinite(value)) return `${lane.label} ${value.toFixed(3)} ${curve.unit}`;
    }
  }
  return gap ? `Gap of ${milliseconds(gap.endNs - gap.startNs)} in the recording` : '';
}

export function laneAt(lanes: readonly Lane[], y: number): Lane | undefined {
  if (y < 0) return undefined;
  let bottom = 0;
  return lanes.find((lane) => {
    bottom += lane.heightPx;
    return y < bottom;
  });
}

function topOf(lanes: readonly Lane[], lane: Lane): number {
  return lanes.slice(0, lanes.indexOf(lane)).reduce((sum, above) => sum + above.heightPx, 0);
}

/** Within the mark, or so near that a pointer cannot tell: half a second of a long recording is a pixel or two. */
function covers(ticks: readonly [number, number], at: { tick: number }, model: TimelineModel): boolean {
  const reach = Math.max(1, Math.round(model.times.length / 400));
  return at.tick >= ticks[0] - reach && at.tick <= ticks[1] + reach;
}

function milliseconds(ns: number): string {
  return ns < 1e9 ? `${Math.round(ns / 1e6)} ms` : `${(ns / 1e9).toFixed(2)} s`;
}
