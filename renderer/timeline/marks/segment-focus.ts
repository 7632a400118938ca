/** Focus and pointer among the segments, which are elements over the lanes. */

export function segmentElement(root: HTMLElement, key: string): HTMLElement | null {
  return root.querySelector<HTMLElement>(`[data-segment="${CSS.escape(key)}"]`);
}

/** After a press on one: Tab goes on from there. Answers whether it is there. */
export function focusSegment(root: HTMLElement, key: string): boolean {
  const element = segmentElement(root, key);
  element?.focus({ preventScroll: true });
  return element !== null;
}

/** The segment under the pointer shows it; null for none. */
export function pointAt(root: HTMLElement, key: string | null): void {
  const before = root.querySelector<HTMLElement>('[data-hover]');
  if (before?.dataset.segment === (key ?? undefined)) return;
  before?.removeAttribute('data-hover');
  if (key !== null) segmentElement(root, key)?.setAttribute('data-hover', '');
}
