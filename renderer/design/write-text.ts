/**
 * Writes an element's only text where it differs, into the text node that is there already: an equal write costs a layout,
 * and another node a restyling as well. For what changes with every tick; React must not write children of that element.
 */
export function writeText(element: Element, text: string): void {
  const only = element.firstChild;
  if (only instanceof Text && only.nextSibling === null) {
    if (only.data !== text) only.data = text;
  } else if (element.textContent !== text) element.textContent = text;
}
