/**
 * Runs `paint` before the next frame, however often it is asked for; while `isBusy` (play) at most every second frame,
 * because the panes need the time. Drawing that changes at every tick goes through one of these and never through React.
 */
export function createFramePainter(paint: () => void, isBusy: () => boolean): { request(): void; cancel(): void } {
  let handle = 0;
  let skippedOne = false;
  const onFrame = () => {
    handle = 0;
    if (isBusy() && !skippedOne) {
      skippedOne = true;
      handle = requestAnimationFrame(onFrame);
      return;
    }
    skippedOne = false;
    paint();
  };
  return {
    request() {
      if (handle === 0) handle = requestAnimationFrame(onFrame);
    },
    cancel() {
      cancelAnimationFrame(handle);
      handle = 0;
    },
  };
}
