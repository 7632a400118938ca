import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFramePainter } from './frame-painter.ts';

let nowMs = 0;
let frames: (() => void)[] = [];

/** Frames come every 16 ms; answers how often was painted in each. */
async function frame(during: () => void = () => {}): Promise<void> {
  nowMs += 16;
  for (const run of frames.splice(0)) run();
  during();
  // Microtasks run between an animation frame's callbacks and its painting.
  await Promise.resolve();
}

beforeEach(() => {
  nowMs = 1000;
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', () => {
    frames = [];
  });
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('painting what goes with a tick', () => {
  it('waits for the next frame at rest, once for many requests', async () => {
    const paint = vi.fn();
    const painter = createFramePainter(paint, () => false);
    painter.request();
    painter.request();
    await Promise.resolve();
    expect(paint).not.toHaveBeenCalled();
    await frame();
    expect(paint).toHaveBeenCalledTimes(1);
  });

  it('paints in the frame of the tick while playing, after all that asks for it', async () => {
    const seen: string[] = [];
    const painter = createFramePainter(
      () => seen.push('painted'),
      () => true,
    );
    for (let tick = 0; tick < 3; tick += 1) {
      await frame(() => {
        painter.request();
        seen.push('asked');
        painter.request();
      });
      await frame();
    }
    expect(seen).toEqual(['asked', 'painted', 'asked', 'painted', 'asked', 'painted']);
  });

  it('leaves every second frame free when ticks come in all of them', async () => {
    const paint = vi.fn();
    const painter = createFramePainter(paint, () => true);
    for (let tick = 0; tick < 20; tick += 1) await frame(() => painter.request());
    expect(paint.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(paint.mock.calls.length).toBeLessThanOrEqual(11);
  });

  describe('where a seek goes to', () => {
    const seek = () => {
      const paint = vi.fn();
      const painter = createFramePainter(paint, () => false);
      painter.requestWithPictures();
      return { paint, painter };
    };
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
    afterEach(() => void vi.useRealTimers());

    it('comes once, in the frame of its pictures', async () => {
      const { paint, painter } = seek();
      await frame();
      expect(paint).not.toHaveBeenCalled();
      painter.request();
      await frame();
      vi.runAllTimers();
      await frame();
      expect(paint).toHaveBeenCalledTimes(1);
    });

    it('comes by itself when the pictures are slow', async () => {
      const { paint } = seek();
      vi.runAllTimers();
      await frame();
      expect(paint).toHaveBeenCalledTimes(1);
    });

    it('comes at once when the hand has moved on before they came', async () => {
      const { paint, painter } = seek();
      painter.requestWithPictures();
      await frame();
      expect(paint).toHaveBeenCalledTimes(1);
    });

    it('does not come after it was cancelled', async () => {
      const { paint, painter } = seek();
      painter.cancel();
      vi.runAllTimers();
      await frame();
      expect(paint).not.toHaveBeenCalled();
    });
  });

  it('paints nothing after it was cancelled', async () => {
    const paint = vi.fn();
    const painter = createFramePainter(paint, () => true);
    painter.request();
    painter.cancel();
    await frame();
    expect(paint).not.toHaveBeenCalled();
  });
});
