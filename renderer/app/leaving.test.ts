import { expect, it, vi } from 'vitest';
import { isLeaving, onLeaving, watchLeaving } from './leaving.ts';

it('tells when the page goes away or out of sight, and that requests have to outlive it', () => {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const page = Object.assign(new EventTarget(), { document });
  watchLeaving(page as unknown as Window);
  const told = vi.fn(() => isLeaving());
  const stop = onLeaving(told);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(told).not.toHaveBeenCalled();
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  expect(told.mock.results.map(({ value }) => value)).toEqual([false]);
  page.dispatchEvent(new Event('pagehide'));
  expect(told.mock.results.map(({ value }) => value)).toEqual([false, true]);
  // Taken back from the browser's memory, the page goes on.
  page.dispatchEvent(new Event('pageshow'));
  expect(isLeaving()).toBe(false);
  stop();
  page.dispatchEvent(new Event('pagehide'));
  expect(told).toHaveBeenCalledTimes(2);
});
