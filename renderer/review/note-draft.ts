import { z } from 'zod';

/** A note being written: it lies in the browser's storage at every keystroke, so that nothing typed is ever lost. */
export interface NoteDraft {
  /** The note that is being changed; null for a new one. */
  readonly id: string | null;
  readonly text: string;
  /** Tick or inclusive range it is about; null for the whole episode. */
  readonly ticks: readonly [number, number] | null;
  /** The moment it was begun at, to fall back on when another choice is tried. */
  readonly atTick: number;
}

const draftSchema = z.object({
  id: z.string().nullable(),
  text: z.string(),
  ticks: z.tuple([z.int().nonnegative(), z.int().nonnegative()]).nullable(),
  atTick: z.int().nonnegative(),
});

export function writeDraft(draft: NoteDraft | null): string {
  return draft && draft.text.trim() !== '' ? JSON.stringify(draft) : '';
}

/** A note begun at this tick: about the selection while the playhead is in it, else about this moment alone. */
export function draftAt(tick: number, selection: readonly [number, number] | null): NoteDraft {
  const isInside = selection !== null && selection[0] <= tick && tick <= selection[1];
  return { id: null, text: '', ticks: isInside ? selection : [tick, tick], atTick: tick };
}

/** Null for what is no draft. */
export function readDraft(text: string): NoteDraft | null {
  if (text === '') return null;
  try {
    const parsed = draftSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** "tick 372", "ticks 12 to 40", "whole episode". */
export function aboutWhat(ticks: readonly [number, number] | null | undefined): string {
  if (!ticks) return 'whole episode';
  return ticks[0] === ticks[1] ? `tick ${ticks[0]}` : `ticks ${ticks[0]} to ${ticks[1]}`;
}
