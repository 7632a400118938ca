import { create } from 'zustand';
import type { Part } from './hit.ts';

/** What a pointer drags, as it is told beside it; null while nothing is dragged. */
export interface Dragged {
  /** Of the segment. */
  readonly key: string;
  readonly part: Part;
  readonly tick: number;
  /** "12.40 s, tick 372" */
  readonly words: string;
  readonly snappedTo: string | null;
}

export const useDragged = create<{ dragged: Dragged | null }>(() => ({ dragged: null }));

export function showDragged(dragged: Dragged | null): void {
  useDragged.setState({ dragged });
}

export function isDragging(): boolean {
  return useDragged.getState().dragged !== null;
}
