import { isDeepStrictEqual } from 'node:util';
import type { Layer } from '../../../shared/review/review.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import type { Bundle, BundleUnit } from './bundle-files.ts';
import type { BundleSource } from './bundle-source.ts';
import { type ExpectedUnit, expectedUnit } from './expected-unit.ts';
import { cutFaults, layerOf, manifestLabelFaults, markFaults, verdictFaults } from './said-labels.ts';

/** What a unit should hold, by its recording and by what people said of it. */
export interface UnitTruth {
  readonly episode: OpenWorkstationEpisode;
  readonly expected: ExpectedUnit;
  /** Of the annotator that bundle.json names. */
  readonly layer: Layer | null;
  /** Recorded times of all ticks of the recording, ns. */
  readonly timesNs: Float64Array;
  readonly startUnixSeconds: number | null;
  /** Of the recording's own files. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The truth of a unit, and how bundle.json departs from it. Null, with the reason as the fault, where the recording is gone or
 * another one now.
 */
export async function truthOf(
  unit: BundleUnit,
  { recipe, hold_periods: hold }: Pick<Bundle, 'recipe' | 'hold_periods'>,
  source: BundleSource,
): Promise<{ truth: UnitTruth | null; faults: string[] }> {
  const { path, fingerprint, ticks, start_s: start, end_s: end, task, date } = unit.source;
  const episode = await source.open(path, fingerprint);
  if (!episode)
    return { truth: null, faults: [`its recording ${path} is gone or changed, so it was not compared with it.`] };
  const { opened } = episode;
  const model = opened.episode;
  const timesNs = opened.clocks.get(model.masterClock) ?? new Float64Array(0);
  if (ticks[1] >= timesNs.length)
    return { truth: null, faults: [`it is cut out at tick ${ticks[1]}, and ${path} ends at ${timesNs.length - 1}.`] };
  const said = await source.said(path, fingerprint);
  const expected = expectedUnit(episode, unit, recipe.rate);
  const faults = [
    ...manifestLabelFaults(unit, said),
    ...markFaults(unit, layerOf(unit, said)),
    ...verdictFaults(unit, said),
    ...cutFaults(unit, said, recipe),
  ];
  const offset = unit.source.tactile_offset_ticks;
  if (hold !== episode.holdPeriods())
    faults.push(
      `its pictures stand for ${hold ?? 'no'} periods at most, and by the settings of today for ${episode.holdPeriods()}.`,
    );
  if (offset !== episode.tactileOffset())
    faults.push(
      `its tactile pictures are ${offset} ticks later, and those of ${path} are ${episode.tactileOffset()} by the settings of today.`,
    );
  if (expected.ticks.length !== unit.frames)
    faults.push(`bundle.json says ${unit.frames} frames, and its ticks and rate make ${expected.ticks.length}.`);
  for (const [name, seconds, ns] of [
    ['start_s', start, expected.timesNs[0]],
    ['end_s', end, expected.timesNs.at(-1)],
  ] as const)
    if (Math.abs(seconds - (ns as number) / 1e9) > 1e-9)
      faults.push(`bundle.json says its ${name} is ${seconds}, and it was recorded at ${(ns as number) / 1e9}.`);
  if (task !== model.task || date !== model.date)
    faults.push(
      `bundle.json says its task is ${task} and its date ${date}, and the recording ${model.task} and ${model.date}.`,
    );
  const { startUnixSeconds, properties } = model;
  const layer = layerOf(unit, said);
  for (const [name, stored, recorded] of [
    ['start_unix_s', unit.source.start_unix_s, startUnixSeconds],
    ['properties', unit.source.properties, { ...properties, ...layer?.properties }],
  ] as const)
    if (!isDeepStrictEqual(stored, recorded))
      faults.push(
        `bundle.json says its ${name} is ${JSON.stringify(stored)}, and its recording ${JSON.stringify(recorded)}.`,
      );
  return { truth: { episode, expected, layer, timesNs, startUnixSeconds, properties }, faults };
}
