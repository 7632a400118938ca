import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Candidate, labelsOf } from '../../../shared/bundles/candidate.ts';
import { type Grid, gridOf } from '../../../shared/bundles/grid.ts';
import type { LeftOut, PlannedUnit } from '../../../shared/bundles/plan.ts';
import { qualityOf } from '../../../shared/bundles/quality.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { ContactSignals } from '../../../shared/detect/signals.ts';
import type { Layer } from '../../../shared/review/review.ts';
import { readFindings } from '../../curation/detect/findings-store.ts';
import { signalsOf } from '../../curation/signals/signals-of.ts';
import type { StageContext, StageEpisode } from '../../curation/stage.ts';
import { Fault, isDiskFull, sentenceOf, systemCodeOf } from '../../fault.ts';
import { CLOSING } from '../../jobs/closing.ts';
import { makeFolders } from '../../settings/make-folders.ts';
import { prettyJson } from '../../sources/session/write.ts';
import { SourceFault } from '../../sources/source.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { taskPreviews } from '../card/previews.ts';
import type { ExportOptions } from '../index.ts';
import type { Gathered } from '../plan/gather.ts';
import type { ExportPlan } from '../plan/plan-export.ts';
import { changedSince } from '../plan/stamp.ts';
import { refusal, verifyBundle } from '../verify/verify.ts';
import { bundleManifest } from './bundle-manifest.ts';
import { exportedStreams, type MadeUnit, makeUnit, type UnitFrames } from './make-unit.ts';
import { type NamedUnit, namedUnits } from './named-units.ts';
import { type Encoding, longestFirst, sharedEncodings } from './shared-encodings.ts';
import { statedRate } from './stated-rate.ts';
import { sumsOf, sumsText } from './sums.ts';
import { writeTarget } from './targets.ts';

type Context = StageContext<ExportOptions>;

export interface WrittenBundle {
  readonly units: number;
  readonly bytes: number;
  readonly files: number;
  /** Frames that were compared with the recordings'. */
  readonly compared: number;
}

/**
 * Writes a planned bundle beside its final name, verifies it there and renames it. Finished videos stay in the staging folder
 * when it fails, is killed or the workstation closes, for the next run; a person who cancels keeps nothing. Rejects with Fault, one sentence.
 */
export async function writeBundle(context: Context, final: string, planned: ExportPlan): Promise<WrittenBundle> {
  const { signal } = context;
  const staging = path.join(path.dirname(final), `.${path.basename(final)}.export`);
  try {
    await makeFolders(path.join(staging, 'parts'));
    const { made, lost } = await makeUnits(context, planned, path.join(staging, 'parts'));
    const tree = path.join(staging, 'bundle');
    await rm(tree, { recursive: true, force: true });
    const { bytes, files } = await writeTree(context, withLost(planned, lost), namedUnits(made), tree);
    context.progress({ message: 'Reading it back' });
    const compared = await passed(context, tree, planned.gathered);
    for (const { candidate, stamp } of planned.gathered) {
      const changed = made.some(({ unit }) => unit.episode === candidate.episode) && (await changedSince(stamp));
      if (changed) throw new Fault('UNUSABLE', changedSentence(candidate.path, changed));
    }
    signal.throwIfAborted();
    // An empty folder of that name may stand there.
    await rmdir(final).catch(() => undefined);
    await rename(tree, final);
    await rm(staging, { recursive: true, force: true });
    return { units: made.length, bytes, files, compared };
  } catch (error) {
    if (signal.aborted && signal.reason !== CLOSING) await rm(staging, { recursive: true, force: true });
    if (isDiskFull(error))
      throw new Fault(
        'UNUSABLE',
        `${final} was not exported: the disk is full: free some space and export again, which goes on with the videos that are finished (${staging}).`,
      );
    if (systemCodeOf(error) === '') throw error;
    throw new Fault('UNUSABLE', `${final} was not exported: ${sentenceOf(error)}`);
  }
}

/** Every unit, one after the other; one that cannot be made ends the export, or is told and left out where the recipe says so. */
async function makeUnits(
  context: Context,
  { recipe, plan, gathered }: ExportPlan,
  partsDir: string,
): Promise<{ made: MadeUnit[]; lost: LeftOut[] }> {
  const { open, progress, fail, decode, media, signal } = context;
  const byEpisode = new Map(gathered.map((one) => [one.candidate.episode, one]));
  const first = byEpisode.get((plan.units[0] as PlannedUnit).episode) as Gathered;
  const rate = statedRate(recipe.rate, first.candidate.medianPeriodNs);
  const total = plan.units.reduce((sum, unit) => sum + unit.frames, 0);
  const made = new Map<PlannedUnit, MadeUnit>();
  const lost: LeftOut[] = [];
  const broken = new Set<string>();
  let frames = 0;
  for (const [id, { candidate, episode, stamp }] of byEpisode) {
    const units = plan.units.filter((unit) => unit.episode === id);
    for (const one of unitFrames(units, candidate, recipe)) {
      const { unit } = one;
      signal.throwIfAborted();
      try {
        const changed = await changedSince(stamp);
        if (changed) throw new Fault('UNUSABLE', changedSentence(unit.path, changed));
        const opened = await open(episode);
        const labels = labelsOf(candidate, recipe.annotators) as Layer | null;
        const streams = Math.max(1, exportedStreams(opened, recipe).length);
        let told = -1;
        const whole = await makeUnit(opened, one, labels, recipe, rate, {
          ...{ decode, media, signal, partsDir, broken },
          contacts: recipe.targets.includes('regrasp') ? await exportedContacts(context, opened, recipe) : [],
          onFrame: () => {
            frames += 1 / streams;
            const done = Math.min(total, Math.floor(frames));
            if (done >= told + 30) {
              told = done;
              progress({ done, total, message: unit.path });
            }
          },
        });
        if (!('unit' in whole))
          throw new Fault(
            'UNUSABLE',
            `${unit.path}: ${whole.what} has nothing at ticks ${whole.firstTick} to ${whole.lastTick} of a ${unit.kind}: cut them, or leave it out of the recipe.`,
          );
        made.set(unit, whole);
      } catch (error) {
        signal.throwIfAborted();
        // A disk that is full is no fault of the recording's.
        const isOfUnit = error instanceof Fault || error instanceof SourceFault;
        if (recipe.onFault === 'refuse' || !isOfUnit || isDiskFull(error)) throw error;
        fail(unit.path, error.message);
        const { path, kind, ticks } = unit;
        lost.push({ episode: unit.episode, path, kind, ticks, reason: error.message });
      }
    }
  }
  if (made.size === 0) throw new Fault('UNUSABLE', 'No unit could be made: nothing was exported.');
  progress({ done: total, total });
  return { made: plan.units.flatMap((unit) => made.get(unit) ?? []), lost };
}

/** Units that could not be made are left out like those that the plan left out. */
function withLost(planned: ExportPlan, lost: readonly LeftOut[]): ExportPlan {
  const { plan } = planned;
  return { ...planned, plan: { ...plan, leftOut: [...plan.leftOut, ...lost] } };
}

/** The units of one recording in the order they are made in: those that others are cut out of first. */
function unitFrames(units: readonly PlannedUnit[], { times, medianPeriodNs }: Candidate, recipe: Recipe): UnitFrames[] {
  const grids = units.map(({ ticks }) => gridOf(times, ticks, recipe.rate, medianPeriodNs));
  const ticks = grids.map((grid) => grid.ticks);
  const encodings = sharedEncodings(ticks);
  return longestFirst(ticks).map((at) => ({
    unit: units[at] as PlannedUnit,
    grid: grids[at] as Grid,
    encoding: encodings[at] as Encoding,
  }));
}

/**
 * What the exported gels of a recording felt: as detectors were told it, else computed now and kept for them. A bundle never
 * depends on whether somebody looked before.
 */
async function exportedContacts(
  context: Context,
  opened: OpenWorkstationEpisode,
  recipe: Recipe,
): Promise<readonly ContactSignals[]> {
  const gels = exportedStreams(opened, recipe).filter(({ kind }) => kind === 'tactile');
  if (gels.length === 0) return [];
  const { contacts } = await signalsOf(context, opened);
  return contacts.filter(({ stream }) => gels.some(({ id }) => id === stream));
}

/** The bundle's files below an empty folder, its sums last. */
async function writeTree(
  { open, progress, decode, media, version, workerDir, signal }: Context,
  { plan, recipe, taxonomy, gathered }: ExportPlan,
  units: readonly NamedUnit[],
  tree: string,
): Promise<{ bytes: number; files: number }> {
  const candidates = new Map(gathered.map(({ candidate }) => [candidate.episode, candidate]));
  const { description } = await media.engine();
  const encoder = `${description.engine} ${description.version}`;
  const episodes = new Map(gathered.map(({ candidate, episode }) => [candidate.episode, episode]));
  const written = {
    ...{ units, candidates, recipe, taxonomy, encoder, madeBy: `regrasp ${version}`, signal },
    quality: qualityOf([...candidates.values()], recipe, plan),
    previews: await taskPreviews(units, recipe, {
      ...{ decode, media, signal, workerDir },
      open: ({ unit }) => open(episodes.get(unit.episode) as StageEpisode),
    }),
  };
  for (const target of recipe.targets) {
    progress({ message: `Writing ${target}` });
    const folder = recipe.targets.length === 1 ? tree : path.join(tree, target);
    await mkdir(folder, { recursive: true });
    await writeTarget(target, folder, written);
  }
  await writeFile(path.join(tree, 'recipe.json'), prettyJson(recipe), { flag: 'wx' });
  const files = await sumsOf(tree, [], signal);
  const made = { version, engine: encoder, taxonomy: taxonomy.version };
  const manifest = bundleManifest(units, candidates, recipe, plan.leftOut, made, files);
  await writeFile(path.join(tree, 'bundle.json'), prettyJson(manifest), { flag: 'wx' });
  const own = await sumsOf(
    tree,
    files.map((file) => file.path),
    signal,
  );
  const all = [...files, ...own].sort((a, b) => (a.path < b.path ? -1 : 1));
  await writeFile(path.join(tree, 'SHA256SUMS'), sumsText(all), { flag: 'wx' });
  return { bytes: files.reduce((sum, file) => sum + file.bytes, 0), files: files.length };
}

/** Verifies a bundle that has no name yet; rejects where it does not hold. Answers how many frames were compared. */
async function passed(
  { open, review, root, fresh, decode, media, signal, progress }: Context,
  tree: string,
  gathered: readonly Gathered[],
): Promise<number> {
  const byPath = new Map(gathered.map((one) => [one.candidate.path, one]));
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
        // As the journals have it now: what was planned by may be hours old.
        async said(below, fingerprint) {
          const findings = await readFindings(root.storageDir, fingerprint);
          return {
            review: await review((byPath.get(below) as Gathered).episode),
            findings: findings?.findings ?? null,
          };
        },
      },
    });
    if (faults.length > 0) throw refusal(faults);
    return frames;
  } finally {
    await workstation.close();
  }
}

function changedSentence(recording: string, file: string): string {
  return `${recording} was changed while it was being exported (${path.basename(file)}): look at it again, then export it anew.`;
}
