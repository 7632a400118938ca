/** Longer than a frame and shorter than two, on the screens most people have. */
const LEAST_BETWEEN_MS = 24;

/**
 * Runs `paint` once for however many requests: before the next frame; while `isBusy` (play) at most about every second
 * frame, because the panes need the time, and then right after the code that asked for it. A tick is painted within an
 * animation frame, so what goes with it lands in that same frame: a frame of its own would cost the page another round of
 * layout and paint. Drawing that changes at every tick goes through one of these and never through React.
 */
export function createFramePainter(paint: () => void, isBusy: () => boolean): { request(): void; cancel(): void } {
  let handle = 0;
  let isQueued = false;
  let paintedMs = Number.NEGATIVE_INFINITY;
  const isTooSoon = () => performance.now() - paintedMs < LEAST_BETWEEN_MS;
  const run = () => {
    isQueued = false;
    paintedMs = performance.now();
    paint();
  };
  const onFrame = () => {
    handle = 0;
    if (isBusy() && isTooSoon()) handle = requestAnimationFrame(onFrame);
    else run();
  };
  return {
    request() {
      if (handle !== 0 || isQueued) return;
      if (!isBusy() || isTooSoon()) {
        handle = requestAnimationFrame(onFrame);
        return;
      }
      isQueued = true;
      queueMicrotask(() => {
        if (isQueued) run();
      });
    },
    cancel() {
      cancelAnimationFrame(handle);
      handle = 0;
      isQueued = false;
    },
  };
}
