/**
 * The end of the page: a reload, a closed window, a tab put away. What is still to be kept is sent then, by requests that
 * outlive the page (see api.ts).
 */
const listeners = new Set<() => void>();
let leaving = false;

/** Called whenever the page may be about to end; it may go on all the same, and be called again. Answers the way to stop. */
export function onLeaving(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** From the moment the page goes away, until it is taken out of the browser's memory again. */
export function isLeaving(): boolean {
  return leaving;
}

/** Call once when the page starts. */
export function watchLeaving(target: Window): void {
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  target.addEventListener('pagehide', () => {
    leaving = true;
    tell();
  });
  target.addEventListener('pageshow', () => {
    leaving = false;
  });
  // A tab that is out of sight may be ended without another word.
  target.document.addEventListener('visibilitychange', () => {
    if (target.document.visibilityState === 'hidden') tell();
  });
}
