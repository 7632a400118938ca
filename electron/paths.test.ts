import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtPaths, onRealDisk } from './paths.ts';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-paths-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a checkout finds its plugins in its own node_modules', () => {
  const checkout = path.resolve(import.meta.dirname, '..');
  const paths = builtPaths(path.join(checkout, 'out', 'main'));
  expect(paths).toMatchObject({
    appFolder: checkout,
    rendererDir: path.join(checkout, 'out', 'renderer'),
    preloadFile: path.join(checkout, 'out', 'preload', 'preload.cjs'),
    pluginDir: path.join(checkout, 'node_modules', 'h5wasm-plugins', 'plugins'),
  });
});

test('a package finds them beside its archive', () => {
  const archive = path.join(folder, 'resources', 'app.asar');
  const unpacked = path.join(`${archive}.unpacked`, 'node_modules', 'h5wasm-plugins', 'plugins');
  mkdirSync(unpacked, { recursive: true });
  expect(builtPaths(path.join(archive, 'out', 'main')).pluginDir).toBe(unpacked);
});

test('an installed dependency finds them further up', () => {
  const app = path.join(folder, 'project', 'node_modules', 'regrasp');
  const plugins = path.join(folder, 'project', 'node_modules', 'h5wasm-plugins');
  mkdirSync(path.join(plugins, 'plugins'), { recursive: true });
  writeFileSync(path.join(plugins, 'package.json'), '{"name": "h5wasm-plugins", "version": "0.0.0"}');
  mkdirSync(app, { recursive: true });
  expect(builtPaths(path.join(app, 'out', 'main')).pluginDir).toBe(path.join(plugins, 'plugins'));
});

test('only the archive itself is replaced in a path', () => {
  expect(onRealDisk('/a/app.asar/x')).toBe('/a/app.asar.unpacked/x');
  expect(onRealDisk('C:\\a\\app.asar\\x')).toBe('C:\\a\\app.asar.unpacked\\x');
  expect(onRealDisk('/a/app.asar.unpacked/x')).toBe('/a/app.asar.unpacked/x');
  expect(onRealDisk('/a/myapp.asar/x')).toBe('/a/myapp.asar/x');
});
