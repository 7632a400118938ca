import type { Flag, HandFinding, Verdict } from './finding.ts';
import type { Failure, Recovery, TaskMark } from './markers.ts';
import {
  applyChanges,
  EMPTY_RECORDS,
  EPISODE_RECORD,
  type Records,
  recordKey,
  recordOf,
  sameValue,
} from './records.ts';
import {
  type Change,
  type Description,
  type GestureLine,
  type Layer,
  NO_VERSION,
  type Note,
  type Outcome,
  type Property,
  type RecordMap,
  type Review,
  type ReviewVersion,
  type Said,
} from './review.ts';
import type { Submission } from './submission.ts';

/** One person's layer with its history, whatever installs its lines come from. */
export interface LayerHistory {
  annotator: string;
  records: Records;
  /** Gestures in effect, oldest first: the last one is undone next. */
  undoable: readonly GestureLine[];
  /** Gestures taken back, in the order they were: the last one is redone next. A new gesture empties it. */
  redoable: readonly GestureLine[];
  /** When each record that stands was said, by its key. */
  said: ReadonlyMap<string, Said>;
  /** Of the gestures in effect, the last to name a failure says by which version of the taxonomy. */
  taxonomyVersion: number | null;
  /** The last line of all, whatever its kind. */
  last: GestureLine | null;
}

/**
 * The order all readers agree on, whichever file a line came from: the Lamport counter, then install and id where two
 * writers counted alike. A gesture always stands before the lines that take it back.
 */
export function compareLines(a: GestureLine, b: GestureLine): number {
  return a.clock - b.clock || compareText(a.install, b.install) || compareText(a.id, b.id);
}

/** Folds the lines of any number of journals, in any order and with repeats, to a layer a person. */
export function foldLayers(lines: Iterable<GestureLine>): Map<string, LayerHistory> {
  const byAnnotator = new Map<string, Map<string, GestureLine>>();
  for (const line of lines) {
    let own = byAnnotator.get(line.annotator);
    if (!own) {
      own = new Map();
      byAnnotator.set(line.annotator, own);
    }
    const known = own.get(line.id);
    own.set(line.id, known ? eitherOf(known, line) : line);
  }
  return new Map(
    [...byAnnotator].map(([annotator, own]) => [annotator, foldLayer(annotator, [...own.values()].sort(compareLines))]),
  );
}

/** Of two lines under one id. They differ only where somebody edited a copy: all readers take the same one. */
function eitherOf(a: GestureLine, b: GestureLine): GestureLine {
  if (sameValue(a, b)) return a;
  return JSON.stringify(a) <= JSON.stringify(b) ? a : b;
}

export function emptyHistory(annotator: string): LayerHistory {
  return {
    ...{ annotator, records: EMPTY_RECORDS, undoable: [], redoable: [] },
    ...{ said: new Map(), taxonomyVersion: null, last: null },
  };
}

/**
 * The records follow from the gestures in effect, not from the patches of undo and redo lines: two installs that took
 * the same gesture back without knowing of each other agree after they are synced.
 */
function foldLayer(annotator: string, sorted: readonly GestureLine[]): LayerHistory {
  const gestures = new Map(sorted.filter(({ kind }) => kind === 'do').map((line) => [line.id, line]));
  const undoable: GestureLine[] = [];
  let redoable: GestureLine[] = [];
  for (const line of sorted) {
    if (line.kind === 'do') {
      undoable.push(line);
      redoable = [];
      continue;
    }
    const target = gestures.get(line.target ?? '');
    if (target) step(line.kind, target, undoable, redoable);
  }
  undoable.sort(compareLines);
  return {
    ...{ annotator, undoable, redoable },
    records: applyChanges(
      EMPTY_RECORDS,
      undoable.flatMap(({ patch }) => patch),
    ),
    said: saidBy(undoable, new Map()),
    taxonomyVersion: taxonomyOf(undoable),
    last: sorted[sorted.length - 1] ?? null,
  };
}

/**
 * The history after one line more that stands after all of its layer: the same as folding all of them anew, at a cost
 * that hardly grows with their number. The given history stays as it is. Undefined where only all lines together tell.
 */
export function foldNext(history: LayerHistory, line: GestureLine): LayerHistory | undefined {
  if (line.annotator !== history.annotator || (history.last && compareLines(history.last, line) >= 0)) return undefined;
  if (line.kind === 'do')
    return {
      ...history,
      records: applyChanges(history.records, line.patch),
      undoable: [...history.undoable, line],
      redoable: [],
      said: saidBy([line], new Map(history.said)),
      taxonomyVersion: line.taxonomy ?? history.taxonomyVersion,
      last: line,
    };
  const isTarget = ({ id }: GestureLine) => id === line.target;
  const target = history.undoable.findLast(isTarget) ?? history.redoable.findLast(isTarget);
  if (!target) return undefined;
  const [undoable, redoable] = [[...history.undoable], [...history.redoable]];
  step(line.kind, target, undoable, redoable);
  undoable.sort(compareLines);
  const touched = new Set(target.patch.map(({ map, id }) => recordKey(map, id)));
  const isTouched = ({ map, id }: Change) => touched.has(recordKey(map, id));
  const again = undoable.filter(({ patch }) => patch.some(isTouched));
  const said = new Map(history.said);
  for (const key of touched) said.delete(key);
  return {
    ...history,
    ...{ undoable, redoable },
    records: applyChanges(history.records, [
      ...target.patch.map(({ map, id }): Change => ({ map, id, value: null })),
      ...again.flatMap(({ patch }) => patch.filter(isTouched)),
    ]),
    said: saidBy(again, said, isTouched),
    taxonomyVersion: taxonomyOf(undoable),
    last: line,
  };
}

/** Takes a gesture back or does it again, in the lists themselves. */
function step(kind: 'undo' | 'redo', target: GestureLine, undoable: GestureLine[], redoable: GestureLine[]): void {
  const [from, to] = kind === 'undo' ? [undoable, redoable] : [redoable, undoable];
  const at = from.lastIndexOf(target);
  if (at >= 0) from.splice(at, 1);
  // A redo of what another install's gesture had made final is still what its person asked for.
  if (at >= 0 || (kind === 'redo' && !undoable.includes(target))) to.push(target);
}

/** Joins to `said` what the gestures say, in their order, and answers it. */
function saidBy(
  gestures: readonly GestureLine[],
  said: Map<string, Said>,
  isWanted: (change: Change) => boolean = () => true,
): Map<string, Said> {
  for (const { at, patch } of gestures)
    for (const change of patch) {
      if (!isWanted(change)) continue;
      const key = recordKey(change.map, change.id);
      if (change.value === null || change.value === undefined) said.delete(key);
      else said.set(key, { at, firstAt: said.get(key)?.firstAt ?? at });
    }
  return said;
}

function taxonomyOf(gestures: readonly GestureLine[]): number | null {
  return gestures.findLast(({ taxonomy }) => taxonomy !== undefined)?.taxonomy ?? null;
}

export function layerOf({ annotator, records, said, taxonomyVersion, last }: LayerHistory): Layer {
  const all = <Value>(map: RecordMap) => Object.fromEntries(records.get(map) ?? []) as Record<string, Value>;
  return {
    annotator,
    outcome: recordOf(records, 'outcome', EPISODE_RECORD) as Outcome | null,
    description: recordOf(records, 'description', EPISODE_RECORD) as Description | null,
    notes: all<Note>('notes'),
    properties: all<Property>('properties'),
    failures: all<Failure>('failures'),
    recoveries: all<Recovery>('recoveries'),
    taskMarks: all<TaskMark>('taskMarks'),
    verdicts: all<Verdict>('verdicts'),
    findings: all<HandFinding>('findings'),
    flags: all<Flag>('flags'),
    submission: recordOf(records, 'submission', EPISODE_RECORD) as Submission | null,
    said: Object.fromEntries(said),
    taxonomyVersion,
    lastAt: last?.at ?? null,
  };
}

/**
 * What the window of `annotator` shows: the own layer with its steps, and the others by name. Where the project is blind,
 * the others stay hidden until the own review is submitted; only how many they are is told.
 */
export function reviewOf(
  fingerprint: string,
  annotator: string,
  layers: ReadonlyMap<string, LayerHistory>,
  problems: readonly string[],
  isBlind = false,
  version: ReviewVersion = NO_VERSION,
): Review {
  const own = layers.get(annotator) ?? emptyHistory(annotator);
  const others = [...layers.values()].filter((layer) => layer.annotator !== annotator);
  const isHidden = isBlind && recordOf(own.records, 'submission', EPISODE_RECORD) === null;
  return {
    fingerprint,
    version,
    annotator,
    own: layerOf(own),
    others: isHidden ? [] : others.sort((a, b) => compareText(a.annotator, b.annotator)).map(layerOf),
    hidden: isHidden ? others.length : 0,
    ...stepsOf(own),
    problems: [...problems],
  };
}

/** What can be taken back and done again, and when the last of it was on disk. */
export function stepsOf({ undoable, redoable, last }: LayerHistory): Pick<Review, 'undo' | 'redo' | 'savedAt'> {
  return {
    undo: { count: undoable.length, name: undoable.at(-1)?.name ?? null },
    redo: { count: redoable.length, name: redoable.at(-1)?.name ?? null },
    savedAt: last?.at ?? null,
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
