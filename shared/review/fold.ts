import type { Flag, HandFinding, Verdict } from './finding.ts';
import type { Failure, Recovery, TaskMark } from './markers.ts';
import { applyChanges, EMPTY_RECORDS, EPISODE_RECORD, type Records, recordOf } from './records.ts';
import type { Description, GestureLine, Layer, Note, Outcome, Property, RecordMap, Review } from './review.ts';

/** One person's layer with its history, whatever installs its lines come from. */
export interface LayerHistory {
  annotator: string;
  records: Records;
  /** Gestures in effect, oldest first: the last one is undone next. */
  undoable: readonly GestureLine[];
  /** Gestures taken back, in the order they were: the last one is redone next. A new gesture empties it. */
  redoable: readonly GestureLine[];
  /** When each verdict that stands was given, by its id. */
  decidedAt: ReadonlyMap<string, string>;
  lastAt: string | null;
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
  const distinct = new Map<string, GestureLine>();
  for (const line of lines) if (!distinct.has(line.id)) distinct.set(line.id, line);
  const byAnnotator = new Map<string, GestureLine[]>();
  for (const line of [...distinct.values()].sort(compareLines)) {
    const own = byAnnotator.get(line.annotator);
    if (own) own.push(line);
    else byAnnotator.set(line.annotator, [line]);
  }
  return new Map([...byAnnotator].map(([annotator, own]) => [annotator, foldLayer(annotator, own)]));
}

export function emptyHistory(annotator: string): LayerHistory {
  return { annotator, records: EMPTY_RECORDS, undoable: [], redoable: [], decidedAt: new Map(), lastAt: null };
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
    if (!target) continue;
    const [from, to] = line.kind === 'undo' ? [undoable, redoable] : [redoable, undoable];
    const at = from.lastIndexOf(target);
    if (at >= 0) from.splice(at, 1);
    // A redo of what another install's gesture had made final is still what its person asked for.
    if (at >= 0 || (line.kind === 'redo' && !undoable.includes(target))) to.push(target);
  }
  undoable.sort(compareLines);
  const records = applyChanges(
    EMPTY_RECORDS,
    undoable.flatMap(({ patch }) => patch),
  );
  return {
    annotator,
    records,
    undoable,
    redoable,
    decidedAt: decisionTimes(records, undoable),
    lastAt: sorted[sorted.length - 1]?.at ?? null,
  };
}

/** Of the gesture that wrote each verdict last. */
function decisionTimes(records: Records, gestures: readonly GestureLine[]): Map<string, string> {
  const times = new Map<string, string>();
  for (const { at, patch } of gestures)
    for (const { map, id } of patch) if (map === 'verdicts' && records.get(map)?.has(id)) times.set(id, at);
  return times;
}

/** Records as they would be without the gesture. */
export function recordsWithout(history: LayerHistory, gesture: GestureLine): Records {
  return applyChanges(
    EMPTY_RECORDS,
    history.undoable.filter((line) => line !== gesture).flatMap(({ patch }) => patch),
  );
}

export function layerOf({ annotator, records, decidedAt, lastAt }: LayerHistory): Layer {
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
    decidedAt: Object.fromEntries(decidedAt),
    lastAt,
  };
}

/** What the window of `annotator` shows: the own layer with its steps, and the others by name. */
export function reviewOf(
  fingerprint: string,
  annotator: string,
  layers: ReadonlyMap<string, LayerHistory>,
  problems: readonly string[],
): Review {
  const own = layers.get(annotator) ?? emptyHistory(annotator);
  const others = [...layers.values()].filter((layer) => layer.annotator !== annotator);
  return {
    fingerprint,
    annotator,
    own: layerOf(own),
    others: others.sort((a, b) => compareText(a.annotator, b.annotator)).map(layerOf),
    undo: { count: own.undoable.length, name: own.undoable[own.undoable.length - 1]?.name ?? null },
    redo: { count: own.redoable.length, name: own.redoable[own.redoable.length - 1]?.name ?? null },
    savedAt: own.lastAt,
    problems: [...problems],
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
