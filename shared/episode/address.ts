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
  return { episode, at: match[2] === undefined ? { tick: from } : { from, to: Number(match[2]) }, layout };
}
