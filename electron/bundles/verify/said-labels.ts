import { isDeepStrictEqual } from 'node:util';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import { queueOf } from '../../../shared/review/queue.ts';
import type { Layer } from '../../../shared/review/review.ts';
import type { TickRange } from '../../../shared/time/ranges.ts';
import type { BundleUnit } from './bundle-files.ts';
import type { SaidOfRecording } from './bundle-source.ts';

/** The layer a unit's labels are of, as the journals have it today; null where nobody is named, or nobody of that name spoke. */
export function layerOf({ labels }: BundleUnit, { review }: SaidOfRecording): Layer | null {
  return [review.own, ...review.others].find(({ annotator }) => annotator === labels?.annotator) ?? null;
}

/** That what bundle.json says of a unit is what the journals say: one sentence a difference. */
export function manifestLabelFaults(unit: BundleUnit, said: SaidOfRecording): string[] {
  const { labels, kind, source } = unit;
  if (labels === null) return [];
  const layer = layerOf(unit, said);
  if (!layer) return [`its labels are by ${labels.annotator}, of whom the journals of its recording hold nothing.`];
  const faults: string[] = [];
  const outcome = layer.outcome?.value ?? null;
  if (labels.outcome !== outcome)
    faults.push(
      `bundle.json says ${labels.annotator} called its outcome ${labels.outcome ?? 'nothing'}, and the journals say ${outcome ?? 'that nobody did'}.`,
    );
  for (const map of ['failures', 'recoveries'] as const) {
    const count = Object.keys(layer[map]).length;
    if (labels[map] !== count)
      faults.push(`bundle.json counts ${labels[map]} ${map} of its recording, and the journals hold ${count}.`);
  }
  const codes = codesOf(unit, layer);
  if (labels.codes.join('\n') !== codes.join('\n'))
    faults.push(
      `bundle.json gives it the codes ${labels.codes.join(', ') || 'none'}, and the journals ${codes.join(', ') || 'none'}.`,
    );
  const marked = markOf(unit, layer);
  if ((kind === 'failure' || kind === 'recovery') && !marked)
    faults.push(`it is cut out for a ${kind} that no journal of its recording holds.`);
  else if (marked && (marked[0] !== source.ticks[0] || marked[1] !== source.ticks[1]))
    faults.push(
      `it is cut out at ticks ${source.ticks[0]}–${source.ticks[1]}, and the journals mark the ${kind} at ${marked[0]}–${marked[1]}.`,
    );
  return faults;
}

/** That the verdict of a unit is that of the findings that it touches, as they are decided on today. */
export function verdictFaults(
  { verdict, source: { ticks } }: BundleUnit,
  { review, findings }: SaidOfRecording,
): string[] {
  const { events } = queueOf(findings ?? [], review);
  let today: BundleUnit['verdict'] = null;
  for (const { ticks: range, decision } of events)
    if (isTouched([range[0], range[1]], ticks) && today !== 'undecided')
      today = decision === null ? 'undecided' : 'keep';
  if (verdict === today) return [];
  const words = (value: BundleUnit['verdict']) => value ?? 'none, for nothing was found in it';
  return [`bundle.json gives it the verdict ${words(verdict)}, and by the journals it is ${words(today)}.`];
}

/** That what bundle.json tells of the marks of a unit is what the journals say of them today. */
export function markFaults({ marks, source }: BundleUnit, layer: Layer | null): string[] {
  const ticks = source.ticks;
  const wanted = new Map<string, Record<string, unknown>>();
  for (const [id, failure] of Object.entries(layer?.failures ?? {}))
    if (isTouched(failure.window, ticks))
      wanted.set(`failure ${id}`, {
        ...{ code: failure.code, severity: failure.severity, resetability: failure.resetability },
        ...{ what_happened: failure.whatHappened, event_tick: failure.event, window_ticks: failure.window },
        hand_off_tick: failure.handOff,
      });
  for (const [id, recovery] of Object.entries(layer?.recoveries ?? {}))
    if (isTouched(recovery.ticks, ticks))
      wanted.set(`recovery ${id}`, {
        ...{ failure: recovery.failure, control_mode: recovery.controlMode, how_recovered: recovery.howRecovered },
        ...{ outcome: recovery.outcome, ticks: recovery.ticks },
      });
  const faults: string[] = [];
  const told = [
    ...marks.failures.map(({ id, ...mark }) => [`failure ${id}`, mark] as const),
    ...marks.recoveries.map(({ id, ...mark }) => [`recovery ${id}`, mark] as const),
  ];
  for (const [name, mark] of told) {
    const said = wanted.get(name);
    if (!said) faults.push(`bundle.json tells of its ${name}, which no journal of its recording holds there.`);
    for (const [key, value] of Object.entries(said ?? {}))
      if (!isDeepStrictEqual((mark as Record<string, unknown>)[key], value))
        faults.push(
          `bundle.json says the ${key} of its ${name} is ${JSON.stringify((mark as Record<string, unknown>)[key])}, and the journals ${JSON.stringify(value)}.`,
        );
    wanted.delete(name);
  }
  for (const name of wanted.keys()) faults.push(`bundle.json does not tell of its ${name}, which the journals hold.`);
  return faults;
}

function markOf({ kind, failure, recovery }: BundleUnit, layer: Layer): TickRange | undefined {
  if (kind === 'failure') return failure === null ? undefined : layer.failures[failure]?.window;
  const mark = recovery === null ? undefined : layer.recoveries[recovery];
  return kind === 'recovery' && mark && mark.failure === failure ? mark.ticks : undefined;
}

/**
 * That no unit overlaps what was cut, by a person or by what the recipe lets count as cut; by the verdicts that are in force
 * today.
 */
export function cutFaults(
  { source: { ticks } }: BundleUnit,
  { review, findings }: SaidOfRecording,
  { exclude }: Recipe,
): string[] {
  const { events } = queueOf(findings ?? [], review);
  return events.flatMap(({ class: of, ticks: [first, last], decision }) => {
    if (last < ticks[0] || ticks[1] < first) return [];
    const where = `ticks ${first}–${last} (${of})`;
    if (decision?.verdict.value === 'cut') return [`it overlaps ${where}, which ${decision.annotator} cut.`];
    if (decision !== null) return [];
    if (exclude.classes.includes(of)) return [`it overlaps ${where}, a class its recipe leaves out.`];
    return exclude.undecided === 'include' ? [] : [`it overlaps ${where}, on which nobody decided.`];
  });
}

/** Codes of the failures whose window a unit touches, as they are written: each once, in alphabetical order. */
export function codesOf({ source: { ticks } }: BundleUnit, layer: Layer | null): string[] {
  const touched = Object.values(layer?.failures ?? {}).filter(({ window }) => isTouched(window, ticks));
  return [...new Set(touched.flatMap(({ code }) => code ?? []))].sort();
}

/** Whether somebody but the policy (or a script) steered at a tick, by the recoveries that were marked. */
export function isIntervention(layer: Layer | null, tick: number): boolean {
  return Object.values(layer?.recoveries ?? {}).some(
    ({ controlMode, ticks }) =>
      controlMode !== 'policy' && controlMode !== 'scripted' && ticks[0] <= tick && tick <= ticks[1],
  );
}

export interface SaidMark {
  readonly kind: 'failure' | 'recovery' | 'handoff' | 'task';
  /** Of its recording, as far as they lie in the unit. */
  readonly ticks: TickRange;
  readonly code: string | null;
  /** The step's, of a mark of the task. */
  readonly label: string | null;
}

/** Everything a person marked that lies in a unit, cut off at its ends. */
export function marksOf({ source: { ticks } }: BundleUnit, layer: Layer | null): SaidMark[] {
  if (!layer) return [];
  const marks: SaidMark[] = [];
  const add = (kind: SaidMark['kind'], range: TickRange, code: string | null = null, label: string | null = null) => {
    if (isTouched(range, ticks))
      marks.push({ kind, ticks: [Math.max(range[0], ticks[0]), Math.min(range[1], ticks[1])], code, label });
  };
  for (const { window, code, handOff } of Object.values(layer.failures)) {
    add('failure', window, code);
    if (handOff !== null) add('handoff', [handOff, handOff]);
  }
  for (const { ticks: range } of Object.values(layer.recoveries)) add('recovery', range);
  for (const { label, ticks: range } of Object.values(layer.taskMarks)) add('task', range, null, label);
  return marks;
}

function isTouched([from, to]: TickRange, [first, last]: readonly [number, number]): boolean {
  return from <= last && first <= to;
}
