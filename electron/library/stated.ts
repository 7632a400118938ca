import type { DatasetSettings } from '../../shared/api/settings.ts';
import type { StatedFacts } from '../sources/source.ts';

/** What was stated for the nearest folder at or above a file (path below the root, with slashes); "" is the root. */
export function statedFor(stated: DatasetSettings['stated'] | undefined, below: string): StatedFacts {
  if (!stated) return {};
  for (let folder = parentOf(below); ; folder = parentOf(folder)) {
    const found = stated[folder];
    if (found) return found;
    if (folder === '') return {};
  }
}

function parentOf(below: string): string {
  return below.slice(0, Math.max(0, below.lastIndexOf('/')));
}
