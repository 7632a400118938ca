import type { Source } from './source.ts';

/** Each folder beside this file is a format: its index.ts exports `source`. A new format needs no line anywhere else. */
const found = import.meta.glob<Source>('./*/index.ts', { eager: true, import: 'source' });

/** Every format Regrasp reads, by folder name; the one that takes what no format knows comes last. */
export const sources: readonly Source[] = Object.keys(found)
  .sort()
  .map((folder) => found[folder] as Source)
  .sort((a, b) => Number(a.takesUnknown ?? false) - Number(b.takesUnknown ?? false));

/** A format by its word. */
export function sourceNamed(id: string): Source | undefined {
  return sources.find((source) => source.id === id);
}
