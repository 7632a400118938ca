import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Axe from 'axe-core';
import type { RunOptions } from 'axe-core';
import type { WorkstationPage } from '../pages/workstation-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What another theme can change. Names, roles and order are those of the first theme that was looked at. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

interface Looked {
  /** With 'colours' only what depends on the theme is looked for: for a second theme of the same page. Default all. */
  of?: 'all' | 'colours';
  /** A selector: only what lies in there, where the rest was looked at before. Default the whole page. */
  within?: string;
}

export const IN_DIALOG = { within: '[role="dialog"]' } as const;

/** What axe calls serious or critical, a line each: rule, place, and what is wrong there. */
export async function seriousFaults(
  { page }: WorkstationPage,
  { of = 'all', within = 'html' }: Looked = {},
): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  // Colours on their way from one to another are neither.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((animation) => animation.playState !== 'running' || animation.effect?.getTiming().iterations === Infinity),
  );
  const options: RunOptions = { resultTypes: ['violations'], ...(of === 'colours' ? { runOnly: OF_COLOURS } : {}) };
  const { violations } = await page.evaluate(
    ([place, run]) => (globalThis as unknown as { axe: typeof Axe }).axe.run(place, run),
    [within, options] as const,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`));
}

/**
 * Of the page as it stands, in both themes, which follow the system. Whichever it shows comes first, and it is left in the
 * other: each change is a whole page painted anew.
 */
export async function faultsOfBothThemes(
  window: WorkstationPage,
  place: Pick<Looked, 'within'> = {},
): Promise<{ light: string[]; dark: string[] }> {
  const isDark = await window.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const [first, second] = isDark ? (['dark', 'light'] as const) : (['light', 'dark'] as const);
  await showTheme(window, first);
  const faults = { [first]: await seriousFaults(window, place) };
  await showTheme(window, second);
  faults[second] = await seriousFaults(window, { ...place, of: 'colours' });
  return faults as { light: string[]; dark: string[] };
}

/** Neither theme has any. */
export const NO_FAULTS = { light: [], dark: [] };

async function showTheme({ page }: WorkstationPage, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((isLight) => {
    const red = Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)?.[0]);
    return red > 128 === isLight;
  }, colorScheme === 'light');
}
