import type { Output, RecordingOutputs } from '../../shared/api/outputs.ts';
import type { Flag } from '../../shared/review/finding.ts';
import { type FlagOf, flagsOf } from '../../shared/review/flags.ts';

/** The recordings of a date as a list of what can be played, and where one is in it. Pure. */
export interface Scope {
  readonly root: string;
  /** Null: every task, every date. */
  readonly task: string | null;
  readonly date: string | null;
}

export interface ScopeChoice extends Scope {
  readonly recordings: number;
}

/** A file is there, whoever made it: it can be tried. */
export function isPlayable(output: Output): boolean {
  return output.tag !== null;
}

/** Made of the recording as it is; what another program left counts as made. */
export function isWanting(output: Output): boolean {
  return output.state === 'missing' || output.state === 'stale';
}

/** The next recording that way whose preview can be played; undefined at the ends. */
export function nextPlayable(
  recordings: readonly RecordingOutputs[],
  current: string | null,
  by: 1 | -1,
): RecordingOutputs | undefined {
  const at = recordings.findIndex(({ episode }) => episode === current);
  const inTurn = by === 1 ? recordings.slice(at + 1) : recordings.slice(0, Math.max(0, at)).reverse();
  return inTurn.find(({ preview }) => isPlayable(preview));
}

/** The neighbour, whether it can be played or not: what is missing has to be reachable to be made. */
export function neighbour(
  recordings: readonly RecordingOutputs[],
  current: string | null,
  by: 1 | -1,
): RecordingOutputs | undefined {
  const at = recordings.findIndex(({ episode }) => episode === current);
  return at < 0 ? recordings[0] : recordings[at + by];
}

/** Recordings that a run of the stage would make something of: what cannot be opened is none of them. */
export function wanting(recordings: readonly RecordingOutputs[], kind: 'preview' | 'gallery'): RecordingOutputs[] {
  return recordings.filter((recording) => recording.fault === null && isWanting(recording[kind]));
}

/** Dates of each task with how many recordings they hold, newest first; then whole tasks of several dates. */
export function scopeChoices(
  root: string,
  entries: Iterable<{ root: string; task: string; date: string; listsOthers: boolean }>,
): ScopeChoice[] {
  const counts = new Map<string, ScopeChoice>();
  const count = (task: string, date: string | null) => {
    const key = JSON.stringify([task, date]);
    const known = counts.get(key);
    counts.set(key, { root, task, date, recordings: (known?.recordings ?? 0) + 1 });
  };
  for (const entry of entries) {
    if (entry.root !== root || entry.listsOthers) continue;
    count(entry.task, entry.date);
    count(entry.task, null);
  }
  const all = [...counts.values()];
  const datesOf = (task: string | null) => all.filter((choice) => choice.task === task && choice.date !== null).length;
  const text = (value: string | null) => value ?? '';
  const dates = all
    .filter(({ date }) => date !== null)
    .sort((a, b) => compare(text(b.date), text(a.date)) || compare(text(a.task), text(b.task)));
  const tasks = all
    .filter(({ task, date }) => date === null && datesOf(task) > 1)
    .sort((a, b) => compare(text(a.task), text(b.task)));
  return [...dates, ...tasks];
}

/** "insertion · 2026-05-11", "insertion · all dates". */
export function scopeWords({ task, date }: Pick<Scope, 'task' | 'date'>): string {
  const parts = [task ?? '', date === null ? 'all dates' : date].filter(Boolean);
  return parts.join(' · ') || 'All recordings';
}

export function isSameScope(a: Scope | null, b: Scope | null): boolean {
  return a?.root === b?.root && a?.task === b?.task && a?.date === b?.date;
}

/** Everybody's flags of a recording; none while nobody knows which recording it is. */
export function recordingFlags({ review }: Pick<RecordingOutputs, 'review'>): FlagOf[] {
  return review === null ? [] : flagsOf(review);
}

/** What stands beside a name: how many flags of faults, and the side somebody confirmed. */
export function flagCount(flags: readonly { flag: Flag }[]): number {
  return flags.filter(({ flag }) => flag.kind !== 'active_side').length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
