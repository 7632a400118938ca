import type { Hdf5Reader, Hdf5Scope, Hdf5Tree } from '../sources/source.ts';
import { revisionOf } from './file-facts.ts';

/** A file is asked for several times in a row: to be recognised, opened, listed and tried. */
const KEPT = 4;

/** The same reader, that looks into an unchanged file once. */
export function rememberTrees(hdf5: Hdf5Reader): Hdf5Reader {
  const trees = new Map<string, { revision: string; tree: Promise<Hdf5Tree> }>();
  async function inspect(path: string, scope?: Hdf5Scope): Promise<Hdf5Tree> {
    // A part is asked for once, by the recording it belongs to.
    if (scope) return hdf5.inspect(path, scope);
    const revision = await revisionOf(path);
    const known = trees.get(path);
    if (revision === undefined) return hdf5.inspect(path);
    const kept = known?.revision === revision ? known : { revision, tree: hdf5.inspect(path) };
    trees.delete(path);
    trees.set(path, kept);
    for (const oldest of trees.keys()) {
      if (trees.size <= KEPT) break;
      trees.delete(oldest);
    }
    kept.tree.catch(() => {
      if (trees.get(path) === kept) trees.delete(path);
    });
    return kept.tree;
  }
  return {
    inspect,
    numbers: (path, dataset) => hdf5.numbers(path, dataset),
    strings: (path, dataset) => hdf5.strings(path, dataset),
  };
}
