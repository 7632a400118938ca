import { firstOf, formatQuery, parseQuery } from '../api/query.ts';

/**
 * Every moment has an address: which episode, which tick or inclusive range of ticks, which layout.
 * Written as a query string so that it can stand after "#" in a page and be given to `regrasp open --at`.
 */
export interface Address {
  /** Path below the root, with slashes. */
  episode: string;
  at: { tick: number } | { from: number; to: number } | null;
  layout: string | null;
}

export function formatAddress({ episode, at, layout }: Address): string {
  const pairs: [string, string][] = [['episode', episode]];
  if (at) pairs.push(['t', 'tick' in at ? String(at.tick) : `${at.from}..${at.to}`]);
  if (layout) pairs.push(['layout', layout]);
  return formatQuery(pairs);
}

/** Undefined when the text is no address. A leading "#" or "?" is allowed. */
export function parseAddress(text: string): Address | undefined {
  const pairs = parseQuery(text);
  const episode = pairs && firstOf(pairs, 'episode');
  if (!pairs || !episode) return undefined;
  const layout = firstOf(pairs, 'layout') ?? null;
  const t = firstOf(pairs, 't');
  if (t === undefined) return { episode, at: null, layout };
  const match = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(t);
  if (!match) return undefined;
  const from = Number(match[1]);
  if (match[2] === undefined) return { episode, at: { tick: from }, layout };
  const to = Number(match[2]);
  return { episode, at: { from: Math.min(from, to), to: Math.max(from, to) }, layout };
}

/** A moment as a person types it after `--at`: "372", "300..400" (ticks, inclusive) or "12.4s" (from the start). */
export type TypedMoment = { tick: number } | { from: number; to: number } | { seconds: number };

/** Undefined when the text is no moment. A range may be given backwards. */
export function parseMoment(text: string): TypedMoment | undefined {
  const seconds = /^(\d{1,9}(?:\.\d{1,9})?) ?s$/.exec(text.trim());
  if (seconds) return { seconds: Number(seconds[1]) };
  const ticks = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(text.trim());
  if (!ticks) return undefined;
  const first = Number(ticks[1]);
  if (ticks[2] === undefined) return { tick: first };
  const second = Number(ticks[2]);
  return { from: Math.min(first, second), to: Math.max(first, second) };
}
