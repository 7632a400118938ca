import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { labelsOf } from '../../../shared/bundles/candidate.ts';
import { featuresOf, firstDifference } from '../../../shared/bundles/compatible.ts';
import { type Plan, planOf } from '../../../shared/bundles/plan.ts';
import { type Recipe, readRecipe } from '../../../shared/bundles/recipe.ts';
import type { Layer } from '../../../shared/review/review.ts';
import { formatTime } from '../../../shared/time/nanoseconds.ts';
import type { StageContext, StageEnd } from '../../curation/stage.ts';
import { Fault, sentenceOf } from '../../fault.ts';
import { readTaxonomy } from '../../review/index.ts';
import { prettyJson } from '../../sources/session/write.ts';
import { noteExport } from '../exports-log.ts';
import type { ExportOptions } from '../index.ts';
import { refusal, verifyBundle } from '../verify/verify.ts';
import { bundleManifest } from './bundle-manifest.ts';
import { type Gathered, gather } from './gather.ts';
import { type MadeUnit, makeUnit } from './make-unit.ts';
import { namedUnits } from './named-units.ts';
import { statedRate } from './stated-rate.ts';
import { sumsOf, sumsText } from './sums.ts';
import { writeTarget } from './targets.ts';

/** Plans an export and, unless only the plan was asked for, writes the bundle: staged, hashed, and renamed whole. */
export async function runExport(context: StageContext<ExportOptions>): Promise<StageEnd> {
  const { options, out, root, signal } = context;
  const recipe = readRecipe(options.recipe, 'The recipe');
  if (typeof recipe === 'string') throw new Fault('REFUSED', recipe);
  if (recipe.video.way === 'copy')
    throw new Fault('REFUSED', 'Packets are not copied yet: take "way": "copy" out of the recipe to encode them.');
  if (!options.dryRun) await refusePlace(out, root.path);
  const { taxonomy } = await readTaxonomy([...new Set([path.join(root.path, '.regrasp'), root.storageDir])]);
  const { gathered, unusable, notOpened } = await gather(context, recipe.episodes);
  const plan = planOf(
    gathered.map(({ candidate }) => candidate),
    recipe,
    taxonomy,
  );
  const refused = [
    ...plan.refusals.map(({ text }) => text),
    ...(recipe.onFault === 'refuse' ? unusable.map(({ episode, reason }) => `${episode.path}: ${reason}`) : []),
  ];
  const lines = planLines(plan, refused, unusable.length, notOpened.length);
  const result = { plan, refused, unusable: unusable.map(({ episode, reason }) => ({ path: episode.path, reason })) };
  if (options.dryRun || refused.length > 0 || plan.units.length === 0) {
    const message =
      refused.length > 0
        ? `Nothing was exported: ${refused[0]}`
        : plan.units.length === 0
          ? 'The recipe takes nothing: nothing was exported.'
          : `${counted(plan.units.length, 'unit')} would be exported.`;
    return { message, lines, result, foundProblems: refused.length > 0 };
  }
  return { ...(await write(context, out as string, recipe, plan, gathered, taxonomy)), lines };

  function planLines(of: Plan, faults: readonly string[], broken: number, skipped: number): string[] {
    const { units, leftOut, warnings, totals } = of;
    return [
      ...units.map(
        (unit) =>
          `${unit.kind.padEnd(8)} ${unit.path} ticks ${unit.ticks[0]}–${unit.ticks[1]}, ${counted(unit.frames, 'frame')}, ${unit.split}`,
      ),
      ...leftOut.map(
        ({ path: below, kind, ticks, reason }) =>
          `left out ${below}${kind && ticks ? ` ${kind} ${ticks[0]}–${ticks[1]}` : ''}: ${reason}`,
      ),
      ...(skipped > 0 ? [`left out ${counted(skipped, 'recording')} by task or date`] : []),
      ...(broken > 0 ? [`${counted(broken, 'recording')} cannot be read`] : []),
      ...warnings.map((text) => `note: ${text}`),
      ...faults.map((text) => `refused: ${text}`),
      `${counted(units.length, 'unit')} of ${counted(totals.recordings, 'recording')}, ${formatTime(totals.seconds * 1e9)}, ${counted(totals.frames, 'frame')}`,
    ];
  }

  async function write(
    { open, progress, fail, log, decode, media, version }: typeof context,
    final: string,
    wanted: Recipe,
    { units }: Plan,
    all: readonly Gathered[],
    words: typeof taxonomy,
  ): Promise<StageEnd> {
    const byEpisode = new Map(all.map((one) => [one.candidate.episode, one]));
    const first = byEpisode.get((units[0] as Plan['units'][number]).episode) as Gathered;
    const rate = statedRate(wanted.rate, first.candidate.medianPeriodNs);
    const staging = path.join(path.dirname(final), `.${path.basename(final)}.export`);
    const partsDir = path.join(staging, 'parts');
    const tree = path.join(staging, 'bundle');
    await mkdir(partsDir, { recursive: true });
    await rm(tree, { recursive: true, force: true });
    const total = units.reduce((sum, unit) => sum + unit.frames, 0);
    const made: MadeUnit[] = [];
    let frames = 0;
    let features: { path: string; features: ReturnType<typeof featuresOf> } | undefined;
    try {
      for (const unit of units) {
        signal.throwIfAborted();
        const { episode, candidate } = byEpisode.get(unit.episode) as Gathered;
        const opened = await open(episode);
        const own = { path: unit.path, features: featuresOf(opened.opened.episode, wanted) };
        features ??= own;
        const difference = firstDifference(features, own);
        if (difference !== null) throw new Fault('UNUSABLE', difference);
        const labels = labelsOf(candidate, wanted.annotators) as Layer | null;
        const streams = Math.max(1, opened.opened.episode.streams.length);
        const one = await makeUnit(opened, unit, labels, wanted, rate, {
          ...{ decode, media, signal, partsDir },
          onFrame: () => {
            frames += 1 / streams;
            if (Math.floor(frames) % 30 === 0)
              progress({ done: Math.min(total, Math.floor(frames)), total, message: unit.path });
          },
        });
        if ('unit' in one) made.push(one);
        else {
          const sentence = `${one.what} has nothing at ticks ${one.firstTick} to ${one.lastTick} of a ${unit.kind}: cut them, or leave it out of the recipe.`;
          if (wanted.onFault === 'refuse') throw new Fault('UNUSABLE', `${unit.path}: ${sentence}`);
          fail(unit.path, sentence);
        }
      }
      if (made.length === 0) throw new Fault('UNUSABLE', 'No unit could be made: nothing was exported.');
      const named = namedUnits(made);
      const candidates = new Map(all.map(({ candidate }) => [candidate.episode, candidate]));
      const { description } = await media.engine();
      const written = {
        units: named,
        candidates,
        recipe: wanted,
        taxonomy: words,
        madeBy: `regrasp ${version}`,
        signal,
      };
      for (const target of wanted.targets) {
        progress({ done: total, total, message: `Writing ${target}` });
        const folder = wanted.targets.length === 1 ? tree : path.join(tree, target);
        await mkdir(folder, { recursive: true });
        await writeTarget(target, folder, written);
      }
      await writeFile(path.join(tree, 'recipe.json'), prettyJson(wanted), { flag: 'wx' });
      const files = await sumsOf(tree, [], signal);
      const engine = `${description.engine} ${description.version}`;
      const manifest = bundleManifest(named, candidates, wanted, { version, engine, taxonomy: words.version }, files);
      await writeFile(path.join(tree, 'bundle.json'), prettyJson(manifest), { flag: 'wx' });
      await writeFile(path.join(tree, 'SHA256SUMS'), sumsText(await sumsOf(tree, [], signal)), { flag: 'wx' });
      progress({ done: total, total, message: 'Reading it back' });
      const compared = await passed(context, tree, byEpisode);
      await rename(tree, final);
      await rm(staging, { recursive: true, force: true });
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      const at = new Date().toISOString();
      const noted = { at, name: wanted.name, out: final, units: made.length, bytes };
      // The bundle stands; where the dataset cannot be written, it is only not counted.
      await noteExport(root.storageDir, noted).catch((error: unknown) => log(sentenceOf(error)));
      return {
        message: `Exported ${counted(made.length, 'unit')} to ${final} (${(bytes / 1e6).toFixed(1)} MB in ${counted(files.length, 'file')}); verified, ${counted(compared, 'frame')} compared with the recordings.`,
        result: { out: final, units: made.length, bytes, files: files.length, framesCompared: compared },
      };
    } catch (error) {
      // What was encoded stays for the next run, unless a person does not want it any more.
      if (signal.aborted) await rm(staging, { recursive: true, force: true });
      throw error;
    }
  }
}

/** Verifies a bundle that has no name yet; rejects where it does not hold. Answers how many frames were compared. */
async function passed(
  { open, fresh, decode, media, signal, progress }: StageContext<ExportOptions>,
  tree: string,
  byEpisode: ReadonlyMap<string, Gathered>,
): Promise<number> {
  const byPath = new Map([...byEpisode.values()].map((one) => [one.candidate.path, one]));
  const workstation = await fresh();
  try {
    const { faults, frames } = await verifyBundle(tree, {
      ...{ workstation, signal, progress: (message) => progress({ message }) },
      source: {
        workstation: { decode, media },
        async open(below, fingerprint) {
          const one = byPath.get(below);
          return one && one.candidate.fingerprint === fingerprint ? open(one.episode) : null;
        },
      },
    });
    if (faults.length > 0) throw refusal(faults);
    return frames;
  } finally {
    await workstation.close();
  }
}

/** Nothing is written over what is there, nor into the recordings. */
async function refusePlace(out: string | null, root: string): Promise<void> {
  if (out === null)
    throw new Fault('REFUSED', 'Where the bundle goes is not said: name a folder that is not there yet with --out.');
  const below = path.relative(root, out);
  if (below === '' || (!below.startsWith('..') && !path.isAbsolute(below)))
    throw new Fault('REFUSED', `${out} lies within the recordings: export to a folder outside of ${root}.`);
  const there = await stat(out).catch(() => undefined);
  if (there?.isDirectory() && (await readdir(out)).length === 0) {
    await rm(out, { recursive: true });
    return;
  }
  if (there) throw new Fault('REFUSED', `${out} is there already: export to another folder, or move that one away.`);
  const parent = path.dirname(out);
  await mkdir(parent, { recursive: true });
  const { bavail, bsize } = await statfs(parent);
  if (bavail * bsize < 64e6) throw new Fault('REFUSED', `There is no room for a bundle at ${parent}: free some space.`);
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}
