import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { Fault, sentenceOf } from '../../fault.ts';
import type { Workstation } from '../../workstation-types.ts';
import {
  type Bundle,
  type BundleFault,
  type BundleTarget,
  type BundleUnit,
  checkFiles,
  readBundle,
} from './bundle-files.ts';
import type { BundleSource } from './bundle-source.ts';
import { lerobotTarget } from './lerobot-target.ts';
import { planFaults } from './plan-agreement.ts';
import { regraspTarget } from './regrasp-target.ts';
import { lerobotOrder, type TargetPlace, type VerifyParts } from './target-place.ts';
import { truthOf, type UnitTruth } from './unit-truth.ts';

export interface Verified {
  readonly bundle: Bundle;
  readonly faults: readonly BundleFault[];
  /** Frames that were compared with the recording's. */
  readonly frames: number;
}

/**
 * Reads a whole bundle again, by code that has no part in writing one: sums and counts, each format's own rules and what they
 * let pass though it is wrong, every row; and with the recordings at hand numbers, times, frames, labels and cuts by what was
 * recorded and what people said. Every fault, not the first. Rejects with Fault where the folder is no bundle.
 */
export async function verifyBundle(folder: string, parts: VerifyParts): Promise<Verified> {
  const { source, signal, progress } = parts;
  const bundle = await readBundle(folder);
  progress?.('Comparing every file with its sum');
  const faults = await checkFiles(folder, bundle, signal);
  if (source?.plan) {
    progress?.('Planning its recipe anew');
    faults.push(...planFaults(bundle, await source.plan(bundle.recipe, bundle.units[0]?.source.path ?? '')));
  }
  const truth = truths(bundle, source, faults);
  let frames = 0;
  for (const target of bundle.targets) {
    const below = bundle.targets.length === 1 ? '' : target;
    const place: TargetPlace = {
      ...{ target, folder: path.join(folder, below), bundle, parts, truth },
      tell: (own, text) => faults.push({ path: path.posix.join(below, own), text }),
    };
    await opens(place);
    frames += await (target === 'regrasp' ? regraspTarget(place) : lerobotTarget(place, target));
  }
  return { bundle, faults: once(faults), frames };
}

/**
 * Answers the truth of a unit, and tells how bundle.json departs from it the first time. One recording at a time is held:
 * there may be thousands of them.
 */
function truths(bundle: Bundle, source: BundleSource | undefined, faults: BundleFault[]): TargetPlace['truth'] {
  const told = new Set<string>();
  let latest: { id: string; truth: UnitTruth | null } | null = null;
  return async (unit) => {
    if (!source) return null;
    if (latest?.id === unit.id) return latest.truth;
    const { truth, faults: departures } = await truthOf(unit, bundle, source);
    if (!told.has(unit.id)) for (const text of departures) faults.push({ path: unit.folder ?? unit.id, text });
    told.add(unit.id);
    latest = { id: unit.id, truth };
    return truth;
  };
}

/** That every unit opens here as a recording, by its format's own rules, and that nothing else does. */
async function opens({ target, folder, bundle, parts, tell }: TargetPlace): Promise<void> {
  const { workstation, signal, progress } = parts;
  let root: Awaited<ReturnType<Workstation['openRoot']>>;
  try {
    root = await workstation.openRoot(await workstation.grant(folder));
  } catch (error) {
    tell('', sentenceOf(error));
    return;
  }
  const { entries } = await workstation.settled(root.id);
  // A folder "rollouts" is a root of its own where nothing lies beside it; a bundle in somebody's dataset is a part of that.
  const place = await realpath(folder);
  const within = (entry: string) => path.relative(place, path.join(root.path, entry)).split(path.sep).join('/');
  const units = unitsByPath(target, bundle);
  const listed = new Map(
    entries.flatMap((entry) => (within(entry.path).startsWith('../') ? [] : [[within(entry.path), entry.path]])),
  );
  for (const below of listed.keys()) if (!units.has(below)) tell(below, 'bundle.json knows nothing of it.');
  for (const [below, unit] of units) {
    signal.throwIfAborted();
    progress?.(below);
    const listedPath = listed.get(below);
    if (listedPath === undefined) {
      tell(below, 'it is not there, or cannot be opened.');
      continue;
    }
    try {
      const { findings, episode } = await workstation.check(root.id, listedPath);
      for (const { severity, code, message } of [...episode.problems, ...findings.problems])
        if (severity === 'error' || target !== 'regrasp' || WRONG.has(code)) tell(below, message);
      const count = episode.clocks.find(({ id }) => id === episode.masterClock)?.count ?? 0;
      if (count !== unit.frames) tell(below, `it holds ${count} frames, and bundle.json says ${unit.frames}.`);
    } catch (error) {
      signal.throwIfAborted();
      tell(below, sentenceOf(error));
    }
  }
}

/** What a session may be without, and a bundle's may not. */
const WRONG = new Set(['hash-mismatch', 'no-manifest', 'not-in-manifest', 'marker-outside']);

/** Where each unit has to be in a target. */
function unitsByPath(target: BundleTarget, bundle: Bundle): Map<string, BundleUnit> {
  if (target === 'regrasp') return new Map(bundle.units.map((unit) => [`${unit.folder}/session.json`, unit]));
  const order = lerobotOrder(bundle);
  return new Map(order.map((unit, at) => [`meta/info.json::episode_${String(at).padStart(6, '0')}`, unit]));
}

/** One fault may show in several ways: a sentence about a file is told once. */
function once(faults: readonly BundleFault[]): BundleFault[] {
  return [...new Map(faults.map((fault) => [`${fault.path}\n${fault.text}`, fault])).values()];
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
