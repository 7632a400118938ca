/**
 * Work in steps of a few milliseconds each for an ordinary recording: who must not be held up lets others have their turn
 * at every yield; who may be drains it.
 */
export type Steps<Result> = Generator<undefined, Result>;

export function drained<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** `flatMap`, with a step after each. */
export function* flatSteps<Item, Result>(
  items: Iterable<Item>,
  each: (item: Item) => readonly Result[],
): Steps<Result[]> {
  const all: Result[] = [];
  for (const item of items) {
    for (const result of each(item)) all.push(result);
    yield;
  }
  return all;
}
