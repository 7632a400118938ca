import { commandsMayHaveChanged } from '../commands/registry.ts';
import type { Lane, Mark } from './lanes.ts';

/** Where previous and next problem or mark go. Set by the timeline that is on screen. */
let places: readonly number[] = [];

export function setPlaces(lanes: readonly Lane[]): void {
  places = ticksToSee(lanes.flatMap(({ content }) => (content.kind === 'marks' ? content.marks : [])));
  commandsMayHaveChanged();
}

export function placesToSee(): readonly number[] {
  return places;
}

/** Ascending, each tick once. */
export function ticksToSee(marks: readonly Mark[]): number[] {
  return [...new Set(marks.map((mark) => mark.ticks[0]))].sort((a, b) => a - b);
}

/** The next place after (or the last before) a tick; undefined where there is none that way. */
export function placeFrom(ticks: readonly number[], from: number, direction: -1 | 1): number | undefined {
  return direction > 0 ? ticks.find((tick) => tick > from) : ticks.findLast((tick) => tick < from);
}
