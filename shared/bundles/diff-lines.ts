import type { BundleDifference, Change, ListedUnit } from './diff.ts';

/** A difference as people read it: a line for everything that is otherwise, a count of what is not at the end. */
export function differenceLines({ bundle, recipe, came, went, changed, unchanged, files }: BundleDifference): string[] {
  return [
    ...bundle.map((change) => worded(change)),
    ...recipe.map((change) => `recipe ${worded(change)}`),
    ...went.map(({ unit, why }) => `went: ${unitWord(unit)}: ${why}`),
    ...came.map(({ unit, why }) => `came: ${unitWord(unit)}: ${why}`),
    ...changed.map(({ after, changes, files: own }) => {
      const said = [...changes.map(worded), ...(own.length > 0 ? [`other content: ${named(own)}`] : [])];
      return `changed: ${unitWord(after)}: ${said.join('; ')}`;
    }),
    ...files.went.map((path) => `went: ${path}`),
    ...files.came.map((path) => `came: ${path}`),
    ...files.changed.map((path) => `changed: ${path}`),
    `${unchanged} ${unchanged === 1 ? 'unit is' : 'units are'} the same, ${changed.length} changed, ${came.length} came, ${went.length} went.`,
  ];
}

function worded({ what, before, after }: Change): string {
  return `${what} ${before}, now ${after}`;
}

function unitWord({ kind, source: { path, ticks } }: ListedUnit): string {
  return `${kind} ${path} ticks ${ticks[0]}–${ticks[1]}`;
}

const MOST_NAMED = 6;

function named(files: readonly string[]): string {
  const more = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : '';
  return `${files.slice(0, MOST_NAMED).join(', ')}${more}`;
}
