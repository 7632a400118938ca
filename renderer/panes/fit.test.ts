import { expect, it } from 'vitest';
import { ageText, fitInside, pixelAt, zoomText } from './fit.ts';

it('fits a picture by its shape, centred on whole pixels', () => {
  expect(fitInside({ width: 640, height: 480 }, { width: 300, height: 150 })).toEqual({
    left: 50,
    top: 0,
    width: 200,
    height: 150,
  });
  expect(fitInside({ width: 640, height: 480 }, { width: 100, height: 300 })).toEqual({
    left: 0,
    top: 112,
    width: 100,
    height: 75,
  });
  expect(fitInside({ width: 0, height: 0 }, { width: 100, height: 300 }).width).toBe(0);
});

it('finds the stored pixel under a point, and none outside', () => {
  const box = { width: 320, height: 240 };
  const stored = { width: 640, height: 480 };
  expect(pixelAt(160, 120, box, stored)).toEqual({ u: 320, v: 240 });
  expect(pixelAt(320, 10, box, stored)).toBeUndefined();
  expect(pixelAt(-0.1, 10, box, stored)).toBeUndefined();
});

it('says zoom and age as people read them', () => {
  expect(zoomText({ width: 397 }, { width: 640 })).toBe('62 %');
  expect([12.4e6, -3e6, 0.2e6].map(ageText)).toEqual(['+12 ms', '−3 ms', '0 ms']);
});
