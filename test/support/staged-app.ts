import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, loadConfigFromFile } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');
const cache = path.join(root, '.cache');

export interface StagedApp {
  /** Holds package.json and out/, as the checkout does. */
  appFolder: string;
  remove(): Promise<void>;
}

let builtOut: Promise<string> | undefined;

/**
 * Folder with main/ and preload/ as the product builds them: the checkout's own out/ where `npm test` has just built it,
 * else built here from the same configurations.
 */
export function builtOutFolder(): Promise<string> {
  builtOut ??= process.env.REGRASP_TEST_BUILT ? Promise.resolve(path.join(root, 'out')) : buildHere();
  return builtOut;
}

async function buildHere(): Promise<string> {
  const out = path.join(cache, `test-build-${process.pid}`);
  process.on('exit', () => rmSync(out, { recursive: true, force: true }));
  for (const part of ['main', 'preload']) {
    const loaded = await loadConfigFromFile(
      { command: 'build', mode: 'production' },
      path.join(root, `vite.${part}.config.ts`),
    );
    if (!loaded) throw new Error(`vite.${part}.config.ts could not be read.`);
    await build({
      ...loaded.config,
      root,
      configFile: false,
      logLevel: 'error',
      build: { ...loaded.config.build, outDir: path.join(out, part), sourcemap: false },
    });
  }
  return out;
}

/** The built app with a page and a version of the test's own; remove it. */
export async function stageApp({ rendererDir, version }: { rendererDir: string; version: string }): Promise<StagedApp> {
  const out = await builtOutFolder();
  await mkdir(cache, { recursive: true });
  const appFolder = await mkdtemp(path.join(cache, 'staged-app-'));
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(path.join(appFolder, 'package.json'), JSON.stringify({ ...manifest, version }));
  const noMaps = { recursive: true, filter: (file: string) => !file.endsWith('.map') };
  for (const part of ['main', 'preload']) await cp(path.join(out, part), path.join(appFolder, 'out', part), noMaps);
  await symlink(rendererDir, path.join(appFolder, 'out', 'renderer'));
  return { appFolder, remove: () => rm(appFolder, { recursive: true, force: true }) };
}
