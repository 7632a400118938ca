import path from 'node:path';
import type { RecordedMark } from '../../../shared/episode/episode.ts';
import { Fault, sentenceOf } from '../../fault.ts';
import type { Workstation } from '../../workstation-types.ts';
import { type Bundle, type BundleFault, checkFiles, readBundle } from './bundle-files.ts';
import { statsFaults } from './lerobot-stats.ts';
import { type SourceFrames, unitFrameFaults } from './unit-frames.ts';

export interface VerifyParts {
  /** One that has read nothing of the bundle yet: what is verified is what lies on the disk. */
  workstation: Workstation;
  /** The recordings it was made of; without them no frame can be compared. */
  source?: SourceFrames;
  signal: AbortSignal;
  progress?(message: string): void;
}

export interface Verified {
  readonly bundle: Bundle;
  readonly faults: readonly BundleFault[];
  /** Frames that were compared with the recording's. */
  readonly frames: number;
}

type Target = Bundle['targets'][number];
type Unit = Bundle['units'][number];

/**
 * Reads a whole bundle again, by the code that opens such files and not by what wrote them: hashes, sums, each format's own
 * rules, lengths, labels and who gave them, and, with the recordings at hand, frames. Every fault, not the first. Rejects with
 * Fault where the folder is no bundle.
 */
export async function verifyBundle(folder: string, parts: VerifyParts): Promise<Verified> {
  const bundle = await readBundle(folder);
  parts.progress?.('Comparing every file with its sum');
  const faults = await checkFiles(folder, bundle, parts.signal);
  let frames = 0;
  for (const target of bundle.targets) {
    const below = bundle.targets.length === 1 ? '' : target;
    const place = { target, folder: path.join(folder, below), below };
    frames += await verifyTarget(place, bundle, parts, faults);
  }
  return { bundle, faults, frames };
}

interface Place {
  target: Target;
  folder: string;
  below: string;
}

async function verifyTarget(place: Place, bundle: Bundle, parts: VerifyParts, faults: BundleFault[]): Promise<number> {
  const { workstation, signal, source } = parts;
  const at = (own: string) => path.posix.join(place.below, own);
  let root: Awaited<ReturnType<Workstation['openRoot']>>;
  try {
    root = await workstation.openRoot(await workstation.grant(place.folder));
  } catch (error) {
    faults.push({ path: at(''), text: sentenceOf(error) });
    return 0;
  }
  const { entries } = await workstation.settled(root.id);
  if (place.target === 'lerobot-v3.0') {
    const told = await statsFaults(place.folder).catch((error: unknown) => [sentenceOf(error)]);
    for (const text of told) faults.push({ path: at('meta'), text });
  }
  const units = unitsByPath(place.target, bundle);
  const known = new Map(entries.map((entry) => [entry.path, entry]));
  for (const entry of entries)
    if (!units.has(entry.path)) faults.push({ path: at(entry.path), text: 'bundle.json knows nothing of it.' });
  let frames = 0;
  for (const [below, unit] of units) {
    signal.throwIfAborted();
    parts.progress?.(at(below));
    const entry = known.get(below);
    if (!entry) {
      faults.push({ path: at(below), text: 'it is not there, or cannot be opened.' });
      continue;
    }
    try {
      const { findings, episode } = await workstation.check(root.id, below);
      const telling = [...episode.problems, ...findings.problems].filter(
        ({ severity }) => severity === 'error' || place.target !== 'regrasp',
      );
      for (const text of new Set(telling.map(({ message }) => message))) faults.push({ path: at(below), text });
      const opened = await workstation.openEpisode(entry.id);
      const { masterClock, clocks } = opened.opened.episode;
      const count = clocks.find(({ id }) => id === masterClock)?.count ?? 0;
      if (count !== unit.frames)
        faults.push({ path: at(below), text: `it holds ${count} frames, and bundle.json says ${unit.frames}.` });
      for (const text of labelFaults(opened.opened.episode, unit, place.target)) faults.push({ path: at(below), text });
      if (!source) continue;
      const compared = await unitFrameFaults(workstation, opened, unit, bundle.recipe, source, signal);
      frames += compared.frames;
      for (const text of compared.faults) faults.push({ path: at(below), text });
    } catch (error) {
      signal.throwIfAborted();
      faults.push({ path: at(below), text: sentenceOf(error) });
    }
  }
  return frames;
}

/** Where each unit has to be in a target. A LeRobot dataset holds those of one part of the split behind each other. */
function unitsByPath(target: Target, { units, recipe }: Bundle): Map<string, Unit> {
  if (target === 'regrasp') return new Map(units.map((unit) => [`${unit.folder}/session.json`, unit]));
  const parts = Object.keys(recipe.split.shares);
  const order = parts.flatMap((part) => units.filter(({ split }) => split === part));
  return new Map(order.map((unit, at) => [`meta/info.json::episode_${String(at).padStart(6, '0')}`, unit]));
}

const SAID: readonly RecordedMark['kind'][] = ['failure', 'recovery', 'handoff'];

/** Labels come from people, and say what the manifest says they say. */
function labelFaults(
  {
    marks,
    outcome,
    properties,
  }: { marks: readonly RecordedMark[]; outcome: string | null; properties: Readonly<Record<string, unknown>> },
  { labels }: Unit,
  target: Target,
): string[] {
  const said = target === 'regrasp' ? outcome : ((properties.outcome as string | undefined) ?? outcome);
  const faults: string[] = [];
  if ((said ?? null) !== (labels?.outcome ?? null))
    faults.push(
      `its outcome is ${said ?? 'not said'}, and bundle.json says ${labels?.outcome ?? 'that nobody said one'}.`,
    );
  if (target !== 'regrasp') {
    const annotator = properties.annotator ?? null;
    if (annotator !== (labels?.annotator ?? null))
      faults.push(`its annotator is ${annotator ?? 'nobody'}, and bundle.json says ${labels?.annotator ?? 'nobody'}.`);
    return faults;
  }
  for (const { kind, by, name } of marks) {
    if (SAID.includes(kind) && by !== labels?.annotator)
      faults.push(`the ${kind} "${name}" is by ${by || 'nobody'}, who is not the annotator of the bundle.`);
  }
  return faults;
}

/** For the terminal: a line a fault. */
export function faultLines(faults: readonly BundleFault[]): string[] {
  return faults.map(({ path: below, text }) => `${below === '' ? '.' : below}: ${text}`);
}

/** The sentence an export ends with where its own bundle does not hold. */
export function refusal(faults: readonly BundleFault[]): Fault {
  const [first] = faultLines(faults);
  const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
  return new Fault('UNUSABLE', `The bundle did not pass its verification, so it was not kept: ${first}${more}`);
}
