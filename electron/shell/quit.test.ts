import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const electron = vi.hoisted(() => {
  const listeners = new Map<string, (event: { preventDefault(): void }) => void>();
  return { listeners, app: { on: (name: string, listener: never) => listeners.set(name, listener), quit: vi.fn() } };
});
vi.mock('electron', () => electron);

const { quitAfter } = await import('./quit.ts');

/** As Electron does on the way out; answers whether the end was put off. */
function willQuit(): boolean {
  const preventDefault = vi.fn();
  electron.listeners.get('will-quit')?.({ preventDefault });
  return preventDefault.mock.calls.length > 0;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  electron.app.quit.mockClear();
});

test('the end waits until the workstation is closed', async () => {
  let closed = (): void => {};
  const close = vi.fn(() => new Promise<void>((resolve) => (closed = resolve)));
  quitAfter(close);
  expect(willQuit()).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(willQuit()).toBe(true);
  expect(electron.app.quit).not.toHaveBeenCalled();
  closed();
  await vi.advanceTimersByTimeAsync(0);
  expect(electron.app.quit).toHaveBeenCalledOnce();
  expect(willQuit()).toBe(false);
  expect(close).toHaveBeenCalledOnce();
});

test('a close that fails or hangs does not keep the process', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  quitAfter(() => Promise.reject(new Error('disk')));
  willQuit();
  await vi.advanceTimersByTimeAsync(0);
  expect(electron.app.quit).toHaveBeenCalledOnce();
  expect(error).toHaveBeenCalledOnce();
  error.mockRestore();
  quitAfter(() => new Promise(() => {}));
  willQuit();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(electron.app.quit).toHaveBeenCalledTimes(2);
});

test('the last window ends the app', () => {
  quitAfter(async () => {});
  electron.listeners.get('window-all-closed')?.({ preventDefault: () => {} });
  expect(electron.app.quit).toHaveBeenCalledOnce();
});
