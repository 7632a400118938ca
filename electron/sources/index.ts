import { reactSource } from './react/index.ts';
import type { FileFacts, Source } from './source.ts';

/** Every format Regrasp reads, the most particular first. A new format is one folder and one line here. */
export const sources: readonly Source[] = [reactSource];

/** The first source that takes this file for one of its recordings. */
export function sourceOf(file: FileFacts): Source | undefined {
  return sources.find((source) => source.mightBe(file));
}
