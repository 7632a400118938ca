import type { UnitKind } from '../../shared/bundles/recipe.ts';
import { unitFiles } from '../../shared/bundles/session-files.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import { type MarkerFault, type Marks, markerFaults } from '../../shared/review/marker-faults.ts';
import type { Layer } from '../../shared/review/review.ts';
import { stillAsked } from '../../shared/review/still-asked.ts';
import type { Taxonomy } from '../../shared/review/taxonomy.ts';

/** From the recording to what is made of it: each stage with where it stands, and what a bundle would hold of it now. */
export interface Stage {
  id: 'capture' | 'failure' | 'recovery' | 'export';
  title: string;
  /** none: nothing is there and nothing is asked for. open: something is still to be said. */
  state: 'none' | 'open' | 'done' | 'bad';
  /** The figure: "13.2 s", "7 files". */
  figure: string;
  /** Beside it: "GRASP_SLIP", "94 % seen". */
  detail: string;
  /** In full, for the tooltip and for those who hear it. */
  sentence: string;
}

export interface StageSources {
  episode: Pick<Episode, 'streams' | 'series' | 'tracks' | 'problems'>;
  /** Of the master clock, nanoseconds. */
  times: Float64Array;
  /** Own, with what is on its way and on the move; null until the review is read. */
  own: Layer | null;
  /** 0…100, rounded down. */
  seenPercent: number;
}

/** Faults of the codes themselves are the panel's: here it counts whether something is said. */
const ANY_CODE: Taxonomy = { version: 1, categories: [], codes: [], severities: [], resetabilities: [] };

export function stagesOf(sources: StageSources): Stage[] {
  const { own, times } = sources;
  const faults = own ? markerFaults(own, times.length, ANY_CODE) : [];
  return [captureOf(sources), failureOf(sources, faults), recoveryOf(sources, faults), exportOf(sources, faults)];
}

function captureOf({ episode, times, seenPercent }: StageSources): Stage {
  const broken = episode.problems.some(({ severity }) => severity === 'error');
  const figure = secondsWord(lengthNs(times, [0, times.length - 1]));
  const streams = episode.streams.length;
  const seen = `${seenPercent} % seen`;
  return {
    ...{ id: 'capture', title: 'Capture', state: broken ? 'bad' : 'done', figure, detail: seen },
    sentence: `${figure} recorded: ${countWord(streams, 'stream')}, ${countWord(episode.series.length + episode.tracks.length, 'series', 'series')}. ${seen}.${broken ? ' The recording has errors.' : ''}`,
  };
}

function failureOf({ own, times }: StageSources, faults: readonly MarkerFault[]): Stage {
  const marked = inTime(own?.failures, ({ window }) => window[0]);
  const stage = { id: 'failure' as const, title: 'Failure slice' };
  if (marked.length === 0) {
    const isAsked = own?.outcome?.value === 'failure' || own?.outcome?.value === 'success_side_effect';
    const sentence = isAsked ? 'No failure is marked, and the outcome asks for one.' : 'No failure is marked.';
    return { ...stage, state: isAsked ? 'open' : 'none', figure: isAsked ? 'to mark' : 'none', detail: '', sentence };
  }
  const lengths = marked.map(({ window }) => lengthNs(times, window));
  const codes = [...new Set(marked.map(({ code }) => code ?? 'no code'))];
  const figure = figureOf(lengths);
  const windows = marked.map(({ window, event, code }, at) => {
    const [before, after] = [lengthNs(times, [window[0], event]), lengthNs(times, [event, window[1]])];
    return `${secondsWord(lengths[at] ?? 0)}, −${seconds(before)} to +${secondsWord(after)} around ${code ?? 'a failure without a code'}`;
  });
  return {
    ...{
      ...stage,
      state: stateOf('failures', faults),
      figure,
      detail: codes.length === 1 ? (codes[0] ?? '') : countWord(codes.length, 'code'),
    },
    sentence: [`${windows.join('; ')}.`, ...sentencesOf('failures', faults)].join(' '),
  };
}

function recoveryOf({ own, times }: StageSources, faults: readonly MarkerFault[]): Stage {
  const marked = inTime(own?.recoveries, ({ ticks }) => ticks[0]);
  const stage = { id: 'recovery' as const, title: 'Recovery cut' };
  if (marked.length === 0) {
    const failures = Object.keys(own?.failures ?? {}).length;
    const sentence = failures > 0 ? 'No recovery is marked: the failure stands alone.' : 'No recovery is marked.';
    return { ...stage, state: 'none', figure: 'none', detail: '', sentence };
  }
  const lengths = marked.map(({ ticks }) => lengthNs(times, ticks));
  const modes = [...new Set(marked.map(({ controlMode }) => controlMode ?? 'no control mode'))];
  return {
    ...{ ...stage, state: stateOf('recoveries', faults), figure: figureOf(lengths) },
    detail: modes.length === 1 ? (modes[0] ?? '') : '',
    sentence: [
      `${countWord(marked.length, 'recovery', 'recoveries')}: ${lengths.map(secondsWord).join(', ')}.`,
      ...sentencesOf('recoveries', faults),
    ].join(' '),
  };
}

function exportOf({ episode, own }: StageSources, faults: readonly MarkerFault[]): Stage {
  const artifacts = artifactsOf(episode, own);
  const count = artifacts.reduce((sum, { count: units, files }) => sum + units * files.length, 0);
  const figure = countWord(count, 'file');
  const asked = own ? stillAsked(own) : [];
  const errors = faults.filter(({ level }) => level === 'error').length;
  const isOpen = own === null || own.outcome === null || asked.length > 0;
  const state = errors > 0 ? 'bad' : isOpen ? 'open' : 'done';
  const detail =
    errors > 0
      ? countWord(errors, 'fault')
      : own === null || own.outcome === null
        ? 'no outcome'
        : asked.length > 0
          ? `${asked.length} to say`
          : 'ready';
  const left = asked.length > 0 ? ` Still to say: ${asked.map(({ what }) => what).join(', ')}.` : '';
  const unsaid = own?.outcome === null ? ' There is no outcome yet.' : '';
  return {
    ...{ id: 'export', title: 'Export', state, figure, detail },
    sentence: `A bundle of this episode would hold ${figure}. ${artifactWords(artifacts)}.${unsaid}${left}`,
  };
}

/** Units of one kind that a bundle of this episode would hold, and the files of each. */
interface Artifacts {
  kind: UnitKind;
  count: number;
  files: string[];
}

/** The rollout, and every failure and recovery as a unit of its own. */
export function artifactsOf(episode: StageSources['episode'], own: Layer | null): Artifacts[] {
  const counts = {
    rollout: 1,
    failure: Object.keys(own?.failures ?? {}).length,
    recovery: Object.keys(own?.recoveries ?? {}).length,
  };
  return (['rollout', 'failure', 'recovery'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => ({ kind, count: counts[kind], files: unitFiles(episode, kind) }));
}

/** "Rollout: session.json, …; 2 failures, each: …" */
function artifactWords(artifacts: readonly Artifacts[]): string {
  const words = artifacts.map(({ kind, count, files }) => {
    const many = kind === 'recovery' ? 'recoveries' : `${kind}s`;
    return `${count === 1 ? kind : `${count} ${many}, each`}: ${files.join(', ')}`;
  });
  const text = words.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function stateOf(map: keyof Marks, faults: readonly MarkerFault[]): Stage['state'] {
  const own = faults.filter((fault) => fault.map === map);
  if (own.some(({ level }) => level === 'error')) return 'bad';
  return own.some(({ level }) => level === 'missing') ? 'open' : 'done';
}

function sentencesOf(map: keyof Marks, faults: readonly MarkerFault[]): string[] {
  return [
    ...new Set(faults.filter((fault) => fault.map === map && fault.level !== 'note').map(({ text }) => text)),
  ].slice(0, 4);
}

function inTime<Mark>(marks: Readonly<Record<string, Mark>> | undefined, start: (mark: Mark) => number): Mark[] {
  return Object.values(marks ?? {}).sort((a, b) => start(a) - start(b));
}

/** Of one its length, of several their number and the sum. */
function figureOf(lengths: readonly number[]): string {
  const sum = secondsWord(lengths.reduce((total, length) => total + length, 0));
  return lengths.length > 1 ? `${lengths.length} · ${sum}` : sum;
}

function lengthNs(times: Float64Array, [first, last]: readonly [number, number]): number {
  const end = Math.min(last, times.length - 1);
  return Math.max(0, (times[end] ?? 0) - (times[Math.min(first, end)] ?? 0));
}

function seconds(ns: number): string {
  return (ns / 1e9).toFixed(1);
}

function secondsWord(ns: number): string {
  return ns >= 6e11 ? `${(ns / 6e10).toFixed(1)} min` : `${seconds(ns)} s`;
}

function countWord(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
