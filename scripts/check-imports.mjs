// Runs the import rules (.dependency-cruiser.cjs) and refuses an empty run: a misconfigured cruiser finds nothing and is green.

import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const FEWEST_MODULES = 60;
const configuration = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const { output } = await cruise(
  ['shared', 'electron', 'renderer'],
  { ...configuration.options, ruleSet: { forbidden: configuration.forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.base.json') },
);
const { summary } = output;
for (const { from, to, rule } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
const ours = output.modules.filter(({ source }) => /^(shared|electron|renderer)\//.test(source)).length;
if (ours < FEWEST_MODULES) {
  console.error(`Only ${ours} modules were read, fewer than ${FEWEST_MODULES}: the cruiser is misconfigured.`);
  process.exitCode = 1;
}
if (summary.error > 0) process.exitCode = 1;
