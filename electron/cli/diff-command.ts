import path from 'node:path';
import { bundleDifference } from '../../shared/bundles/diff.ts';
import { differenceLines } from '../../shared/bundles/diff-lines.ts';
import { readBundle } from '../bundles/verify/bundle-files.ts';
import type { CliContext } from './context.ts';
import { EXIT, printJson } from './output.ts';

/**
 * What changed from one bundle to another, by what their manifests say. Exit code 1 where something did; rejects with Fault
 * where one of the folders is no bundle.
 */
export async function diff({ output }: CliContext, before: string, after: string, json = false): Promise<number> {
  const [first, second] = [await readBundle(path.resolve(before)), await readBundle(path.resolve(after))];
  const difference = bundleDifference(first, second);
  if (json) await printJson(output, difference);
  else for (const line of differenceLines(difference)) await output.out(`${line}\n`);
  return difference.isSame ? EXIT.fine : EXIT.problems;
}
