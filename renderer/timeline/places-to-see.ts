import { commandsMayHaveChanged } from '../commands/registry.ts';
import type { Lane, LaneContent } from './lanes.ts';

/** Where previous and next problem or mark go. Set by the timeline that is on screen. */
let places: readonly number[] = [];

export function setPlaces(lanes: readonly Lane[]): void {
  places = ticksToSee(lanes);
  commandsMayHaveChanged();
}

export function placesToSee(): readonly number[] {
  return places;
}

/** Where a person wants to look: a mark's start, a failure's event. */
function ticksOf(content: LaneContent): number[] {
  if (content.kind === 'segments') return content.segments.map(({ event, first }) => event ?? first);
  return content.kind === 'marks' ? content.marks.map(({ ticks }) => ticks[0]) : [];
}

/** Ascending, each tick once. */
export function ticksToSee(lanes: readonly Pick<Lane, 'content'>[]): number[] {
  return [...new Set(lanes.flatMap(({ content }) => ticksOf(content)))].sort((a, b) => a - b);
}

/** The next place after (or the last before) a tick; undefined where there is none that way. */
export function placeFrom(ticks: readonly number[], from: number, direction: -1 | 1): number | undefined {
  return direction > 0 ? ticks.find((tick) => tick > from) : ticks.findLast((tick) => tick < from);
}
