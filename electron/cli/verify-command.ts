import path from 'node:path';
import type { Plan } from '../../shared/bundles/plan.ts';
import type { BundleSource } from '../bundles/verify/bundle-source.ts';
import { faultLines, verifyBundle } from '../bundles/verify/verify.ts';
import type { Workstation } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { withWorkstation } from './episode-command.ts';
import { EXIT, printJson } from './output.ts';
import { progressLine } from './progress-line.ts';

/** Reads a bundle again from its first byte to its last. Exit code 1 and a line a fault where it does not hold. */
export async function verify(
  context: CliContext,
  folder: string,
  { source, frames: areFramesWanted = true, json }: { source?: string; frames?: boolean; json?: boolean },
): Promise<number> {
  return withWorkstation(context, async (workstation) => {
    const line = progressLine(context.output);
    const { bundle, faults, frames } = await verifyBundle(path.resolve(folder), {
      ...{ workstation, signal: context.signal, areFramesLeft: !areFramesWanted },
      progress: (message) => line.show(message),
      ...(source === undefined ? {} : { source: await sourceOf(workstation, source, context.signal) }),
    });
    line.end();
    if (json) await printJson(context.output, { name: bundle.name, totals: bundle.totals, frames, faults });
    else {
      for (const text of faultLines(faults)) await context.output.out(`${text}\n`);
      const { units, files } = bundle.totals;
      const compared =
        source === undefined
          ? 'nothing compared with recordings (name them with --source)'
          : `${frames} frames compared with the recordings`;
      const end = faults.length === 0 ? 'it holds' : `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
      await context.output.out(`${bundle.name}: ${units} units, ${files} files, ${compared}: ${end}.\n`);
    }
    return faults.length === 0 ? EXIT.fine : EXIT.problems;
  });
}

/** Recordings below a folder, by their path in the dataset and what they are. */
async function sourceOf(workstation: Workstation, folder: string, signal: AbortSignal): Promise<BundleSource> {
  const roots = await workstation.openRoots(await workstation.grant(path.resolve(folder)));
  const ids = new Map<string, { root: string; id: string }[]>();
  for (const { id: root } of roots) {
    for (const { path: below, id } of (await workstation.settled(root)).entries)
      ids.set(below, [...(ids.get(below) ?? []), { root, id }]);
  }
  async function open(below: string, fingerprint: string) {
    for (const { id } of ids.get(below) ?? []) {
      const opened = await workstation.openEpisode(id);
      if (opened.fingerprint === fingerprint) return opened;
    }
    return null;
  }
  return {
    workstation,
    open,
    async said(below, fingerprint) {
      const opened = await open(below, fingerprint);
      if (!opened) throw new Error(`${below} was opened and is gone.`);
      return workstation.said(opened);
    },
    async plan(recipe, below) {
      const root = ids.get(below)?.[0]?.root;
      if (root === undefined) return `${folder} holds no ${below}.`;
      const sinks = { signal, progress: () => {}, fail: () => {}, log: () => {} };
      const { result } = await workstation.runStage('export', { root, options: { recipe, dryRun: true } }, sinks);
      const { plan, refused } = result as { plan: Plan; refused: readonly string[] };
      return refused[0] ?? plan;
    },
  };
}
