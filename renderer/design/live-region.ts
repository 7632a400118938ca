/**
 * Spoken to screen readers without moving focus. Politely by default: it waits for the reader to finish. The regions
 * are made once and kept, since a region that appears together with its text is often not read.
 */
const regions = new Map<'polite' | 'assertive', HTMLElement>();

export function announce(text: string, urgency: 'polite' | 'assertive' = 'polite'): void {
  const region = regionFor(urgency);
  // The same text twice is only read again when the region was empty in between.
  region.textContent = '';
  window.setTimeout(() => {
    region.textContent = text;
  }, 50);
}

/** Call once when the page starts. */
export function prepareLiveRegions(): void {
  regionFor('polite');
  regionFor('assertive');
}

function regionFor(urgency: 'polite' | 'assertive'): HTMLElement {
  const existing = regions.get(urgency);
  if (existing?.isConnected) return existing;
  const region = document.createElement('div');
  region.setAttribute('role', urgency === 'polite' ? 'status' : 'alert');
  region.setAttribute('aria-live', urgency);
  Object.assign(region.style, {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  });
  document.body.append(region);
  regions.set(urgency, region);
  return region;
}
