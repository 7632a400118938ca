import { describe, expect, it } from 'vitest';
import { rulerLabel, rulerMarks, tickLinesVisible } from './ruler.ts';

const second = 1e9;
const labels = (startSeconds: number, endSeconds: number, widthPx: number) =>
  rulerMarks({ startNs: startSeconds * second, endNs: endSeconds * second }, widthPx)
    .map((mark) => mark.label)
    .filter((label) => label !== undefined);

describe('the ruler', () => {
  it('labels round distances', () => {
    expect(labels(0, 30, 700)).toEqual(['0 s', '5 s', '10 s', '15 s', '20 s', '25 s', '30 s']);
    expect(labels(12, 12.5, 500)).toEqual(['12.0 s', '12.1 s', '12.2 s', '12.3 s', '12.4 s', '12.5 s']);
    expect(labels(0, 7200, 400)).toEqual(['0 s', '30:00', '1:00:00', '1:30:00', '2:00:00']);
  });

  it('never crowds labels and never leaves a window without two of them', () => {
    for (let length = 0.02; length < 20_000; length *= 1.7) {
      const marks = rulerMarks({ startNs: 3.3 * second, endNs: (3.3 + length) * second }, 900);
      const labelled = marks.filter((mark) => mark.label !== undefined);
      const gapPx = (((labelled[1]?.ns ?? 0) - (labelled[0]?.ns ?? 0)) / (length * second)) * 900;
      expect(labelled.length).toBeGreaterThanOrEqual(2);
      expect(gapPx).toBeGreaterThanOrEqual(75);
      expect(new Set(labelled.map((mark) => mark.label)).size).toBe(labelled.length);
    }
  });

  it('carries over a rounded second', () => {
    expect(rulerLabel(59.9996 * second, 1)).toBe('1:00');
    expect(rulerLabel(3661.5 * second, 0.5)).toBe('1:01:01.5');
    expect(rulerLabel(-2 * second, 1)).toBe('−2 s');
  });

  it('shows ticks only where they can be told apart', () => {
    expect(tickLinesVisible(100, 500)).toBe(true);
    expect(tickLinesVisible(101, 500)).toBe(false);
    expect(tickLinesVisible(0, 500)).toBe(false);
  });
});
