import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fitToScreens, readWindowState, type WindowState, writeWindowState } from './window-state.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-window-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const right = { x: 1920, y: 0, width: 1280, height: 1024 };
const state: WindowState = { x: 100, y: 50, widthPx: 1400, heightPx: 800, maximized: false };

test('a state is read back as it was written, and nothing is left beside it', () => {
  const below = path.join(folder, 'new');
  writeWindowState(below, state, (error) => expect.unreachable(String(error)));
  expect(readWindowState(below)).toEqual(state);
  expect(readdirSync(below)).toEqual(['window.json']);
});

test('what cannot be read or written is no fault of the start', () => {
  expect(readWindowState(path.join(folder, 'none')).widthPx).toBe(1440);
  writeFileSync(path.join(folder, 'file'), '');
  const faults: unknown[] = [];
  writeWindowState(path.join(folder, 'file'), state, (error) => faults.push(error));
  expect(faults).toHaveLength(1);
});

test.each([
  ['on its screen', state, [screen], state],
  ['on the second screen', { ...state, x: 2000 }, [screen, right], { ...state, x: 2000, widthPx: 1400 }],
  ['half left of it, still to be grabbed', { ...state, x: -1200 }, [screen], { ...state, x: -1200 }],
])('a window stays %s', (_, given, screens, expected) => {
  expect(fitToScreens(given, screens)).toEqual(expected);
});

test.each([
  ['a screen that is gone', { ...state, x: 2500 }, [screen]],
  ['above the screen, where its title is out of reach', { ...state, y: -30 }, [screen]],
  ['below the screen', { ...state, y: 1070 }, [screen]],
])('a window does not come back on %s', (_, given, screens) => {
  expect(fitToScreens(given, screens)).toEqual({ widthPx: 1400, heightPx: 800, maximized: false });
});

test('a window is no larger than a screen, and is kept where screens are unknown', () => {
  expect(fitToScreens({ ...state, widthPx: 4000, heightPx: 4000 }, [screen])).toMatchObject({
    widthPx: 1920,
    heightPx: 1080,
  });
  expect(fitToScreens(state, [])).toEqual(state);
});
