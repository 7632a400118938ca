import { describe, expect, it } from 'vitest';
import { HeldSteps } from './held-steps.ts';

/** A screen of 60 frames a second on which a tick takes `paintMs` to appear. */
function screen(paintMs: number, intervalMs = 1000 / 30) {
  let now = 1000;
  let frame: (() => void) | null = null;
  const steps: { at: number; direction: number }[] = [];
  let readyAt = 0;
  const held = new HeldSteps({
    step: (direction) => {
      steps.push({ at: now, direction });
      readyAt = now + paintMs;
    },
    isCaughtUp: () => now >= readyAt,
    intervalMs,
    now: () => now,
    requestFrame: (callback) => {
      frame = callback;
      return 1;
    },
    cancelFrame: () => {
      frame = null;
    },
  });
  function run(milliseconds: number, repeatEveryMs: number, direction: -1 | 1 = 1) {
    const end = now + milliseconds;
    let repeatAt = now;
    while (now < end) {
      if (now >= repeatAt) {
        held.repeat(direction);
        repeatAt += repeatEveryMs;
      }
      now += 1000 / 60;
      const due = frame;
      frame = null;
      due?.();
    }
  }
  return { held, steps, run };
}

describe('a held arrow key', () => {
  it.each([16, 33, 90, 200])('steps at the pace of the recording with a repeat every %s ms', (repeatMs) => {
    const { run, steps } = screen(20);
    run(3000, repeatMs);
    expect(steps.length).toBeGreaterThanOrEqual(28 * 3);
    expect(steps.length).toBeLessThanOrEqual(32 * 3);
  });

  it('waits for a slow screen instead of queueing: every step was seen', () => {
    const { run, steps } = screen(110);
    run(3000, 33);
    for (let index = 1; index < steps.length; index++) {
      expect((steps[index]?.at ?? 0) - (steps[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(110);
    }
    expect(steps.length).toBeGreaterThan(20);
  });

  it('does not make up for lost time in a rush', () => {
    const { run, steps, held } = screen(20);
    run(500, 33);
    held.release();
    const before = steps.length;
    run(100, 33);
    expect(steps.length - before).toBeLessThanOrEqual(5);
  });

  it('ends with the key, turns with it, and ends when the key was lost', () => {
    const { run, steps, held } = screen(20);
    run(500, 33);
    held.release();
    const released = steps.length;
    run(200, 33, -1);
    expect(steps.length).toBeGreaterThan(released);
    expect(steps.slice(released).every((step) => step.direction === -1)).toBe(true);
    run(2500, Number.POSITIVE_INFINITY, -1);
    expect(held.isHeld).toBe(false);
  });

  it('keeps moving where nothing can be shown', () => {
    const { run, steps } = screen(Number.POSITIVE_INFINITY);
    run(2000, 33);
    expect(steps.length).toBeGreaterThanOrEqual(4);
  });
});
