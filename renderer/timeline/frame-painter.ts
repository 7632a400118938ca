/** Longer than a frame and shorter than two, on the screens most people have. */
const LEAST_BETWEEN_MS = 24;
/** Pictures of a seek come sooner than this as a rule. */
const PICTURES_COME_MS = 40;

export interface FramePainter {
  request(): void;
  /**
   * Where a seek goes to: painted in the frame that brings its pictures, not in one of its own, which would take the same
   * cores from decoding them; by itself when they are slow, or the hand has moved on meanwhile.
   */
  requestWithPictures(): void;
  cancel(): void;
}

/**
 * Runs `paint` once for however many requests: before the next frame; while `isBusy` (play) at most about every second
 * frame, because the panes need the time, and then right after the code that asked for it. A tick is painted within an
 * animation frame, so what goes with it lands in that same frame: a frame of its own would cost the page another round of
 * layout and paint. Drawing that changes at every tick goes through one of these and never through React.
 */
export function createFramePainter(paint: () => void, isBusy: () => boolean): FramePainter {
  let handle = 0;
  let later: ReturnType<typeof setTimeout> | undefined;
  let isQueued = false;
  let paintedMs = Number.NEGATIVE_INFINITY;
  const isTooSoon = () => performance.now() - paintedMs < LEAST_BETWEEN_MS;
  const run = () => {
    clearTimeout(later);
    later = undefined;
    isQueued = false;
    paintedMs = performance.now();
    paint();
  };
  const onFrame = () => {
    handle = 0;
    if (isBusy() && isTooSoon()) handle = requestAnimationFrame(onFrame);
    else run();
  };
  const painter = {
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
    requestWithPictures() {
      if (handle !== 0 || isQueued) return;
      if (later === undefined) later = setTimeout(painter.request, PICTURES_COME_MS);
      else painter.request();
    },
    cancel() {
      clearTimeout(later);
      later = undefined;
      cancelAnimationFrame(handle);
      handle = 0;
      isQueued = false;
    },
  };
  return painter;
}
