import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Axe from 'axe-core';
import type { RunOptions } from 'axe-core';
import type { WorkstationPage } from '../pages/workstation-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What another theme can change. Names, roles and order are those of the first theme that was looked at. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What axe calls serious or critical, a line each: rule, place, and what is wrong there. With 'colours' only what depends
 * on the theme is looked for: for a second theme of the same page.
 */
export async function seriousFaults({ page }: WorkstationPage, of: 'all' | 'colours' = 'all'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  // Colours on their way from one to another are neither.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((animation) => animation.playState !== 'running' || animation.effect?.getTiming().iterations === Infinity),
  );
  const options: RunOptions = { resultTypes: ['violations'], ...(of === 'colours' ? { runOnly: OF_COLOURS } : {}) };
  const { violations } = await page.evaluate(
    (run) => (globalThis as unknown as { axe: typeof Axe }).axe.run(run),
    options,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`));
}
