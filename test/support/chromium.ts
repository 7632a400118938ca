import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-chromium.mjs';

const found = await findChromium();

/** Undefined when a browser is here, else the reason for skipping. */
export const noChromium: string | undefined = 'reason' in found ? found.reason : undefined;

/** A fresh headless Chromium; close it. `more` adds flags. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  if ('reason' in found) throw new Error(found.reason);
  return chromium.launch({ executablePath: found.executablePath, args: [...CHROMIUM_FLAGS, ...more] });
}

const shared = new Map<string, Promise<Browser>>();

/** The Chromium with these flags that the files of tests in one worker share: close the contexts you open, not it. */
export async function sharedChromium(more: readonly string[] = []): Promise<Browser> {
  const key = more.join(' ');
  const running = await shared.get(key);
  if (running?.isConnected()) return running;
  const launched = launchChromium(more);
  shared.set(key, launched);
  return launched;
}

/** Path and flags, for tests that need a persistent context or a process of their own. */
export const chromiumLaunch =
  'reason' in found ? undefined : { executablePath: found.executablePath, args: CHROMIUM_FLAGS };
