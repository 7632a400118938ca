import { create } from 'zustand';

/**
 * The moment under the pointer, wherever on the time axis it rests: timeline and plots show the same one. Nanoseconds from
 * the episode's start; null while the pointer is elsewhere. Apart from the rest of the timeline's state, for it changes with
 * every movement.
 */
export const useHover = create<{ ns: number | null }>(() => ({ ns: null }));

export function setHover(ns: number | null): void {
  if (useHover.getState().ns !== ns) useHover.setState({ ns });
}
