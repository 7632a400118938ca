import path from 'node:path';
import { expect, test } from 'vitest';
import { ELECTRON_SURFACE } from '../../electron/shell/electron-surface.ts';
import { findUsedSurface } from '../electron-double/used-surface.ts';

const root = path.resolve(import.meta.dirname, '../..');
const OURS = /\/electron\/(?:main\.ts|preload\.ts|shell\/[^/]+\.ts)$/;

/** Records of plain data that go into or come out of the listed functions. */
const DATA = new Set([
  'MenuItemConstructorOptions',
  'OpenDialogReturnValue',
  'Rectangle',
  'WebContentsWillNavigateEventParams',
  'WebContentsWillRedirectEventParams',
]);

test('main, preload and the shell use exactly the listed functions and events of Electron', () => {
  const used = findUsedSurface(
    [path.join(root, 'electron/main.ts'), path.join(root, 'electron/preload.ts')],
    (file) => OURS.test(file) && !file.includes('node_modules'),
    root,
  );
  expect(used.files.length).toBeGreaterThan(15);
  const found: Record<string, { members: string[]; events: string[] }> = {};
  for (const [owner, members] of used.members) {
    if (!DATA.has(owner))
      found[owner] = { members: [...members].sort(), events: [...(used.events.get(owner) ?? [])].sort() };
  }
  expect(found).toEqual(ELECTRON_SURFACE);
});
