/** Which components of a plot a person hid: ids, never all of them where one is to be seen alone. */

/** Hidden is shown, shown is hidden; the last one that is shown stays. */
export function toggled(all: readonly string[], hidden: readonly string[], id: string): string[] {
  if (hidden.includes(id)) return hidden.filter((candidate) => candidate !== id);
  const next = [...hidden, id];
  return all.every((candidate) => next.includes(candidate)) ? [...hidden] : next;
}

/** Only this one; and all again where it was alone already. */
export function soloed(all: readonly string[], hidden: readonly string[], id: string): string[] {
  const others = all.filter((candidate) => candidate !== id);
  const isAlone = !hidden.includes(id) && others.every((candidate) => hidden.includes(candidate));
  return isAlone
    ? hidden.filter((candidate) => !all.includes(candidate))
    : [...new Set([...without(hidden, id), ...others])];
}

function without(ids: readonly string[], id: string): string[] {
  return ids.filter((candidate) => candidate !== id);
}
