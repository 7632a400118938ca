import type { TickRange } from './marker-edits.ts';
import type { Failure, Recovery, TaskMark } from './markers.ts';
import { codeOf, type Taxonomy } from './taxonomy.ts';

/** What one person marked of a recording, by id. */
export interface Marks {
  readonly failures: Readonly<Record<string, Failure>>;
  readonly recoveries: Readonly<Record<string, Recovery>>;
  readonly taskMarks: Readonly<Record<string, TaskMark>>;
}

export interface MarkerFault {
  /**
   * error: it cannot be exported or published as it is. missing: something that is asked for is not said yet.
   * note: legal, and worth knowing.
   */
  level: 'error' | 'missing' | 'note';
  map: keyof Marks;
  id: string;
  /** Where to look. */
  tick: number;
  /** One sentence. */
  text: string;
}

/** Everything that is not right with what is marked in a recording of so many ticks, by where it is. */
export function markerFaults(marks: Marks, ticks: number, taxonomy: Taxonomy): MarkerFault[] {
  const failures = Object.entries(marks.failures).sort(([, a], [, b]) => a.event - b.event);
  const recoveries = Object.entries(marks.recoveries).sort(([, a], [, b]) => a.ticks[0] - b.ticks[0]);
  const faults = [
    ...failures.flatMap(([id, failure]) => faultsOfFailure(id, failure, marks, ticks, taxonomy)),
    ...recoveries.flatMap(([id, recovery]) => faultsOfRecovery(id, recovery, marks, ticks)),
    ...Object.entries(marks.taskMarks).flatMap(([id, mark]) =>
      outside(mark.ticks, ticks)
        ? [fault('error', 'taskMarks', id, mark.ticks[0], `The task mark "${mark.label}" lies ${beyond(ticks)}`)]
        : [],
    ),
    ...overlaps(recoveries),
    ...sharedWindows(failures),
  ];
  return faults.sort((a, b) => a.tick - b.tick);
}

function faultsOfFailure(id: string, failure: Failure, marks: Marks, ticks: number, taxonomy: Taxonomy): MarkerFault[] {
  const { event, window, code, severity, resetability, whatHappened, handOff } = failure;
  const say = (level: MarkerFault['level'], text: string, tick = event) => fault(level, 'failures', id, tick, text);
  const faults: MarkerFault[] = [];
  if (outside(window, ticks) || (handOff !== null && handOff >= ticks))
    faults.push(say('error', `The failure lies ${beyond(ticks)}`));
  if (window[0] === window[1])
    faults.push(say('error', 'The window of the failure is a single tick: give it a length.'));
  if (handOff !== null && handOff < event)
    faults.push(say('error', 'The operator takes over before the failure is seen: move one of the two.', handOff));

  const known = code === null ? undefined : codeOf(taxonomy, code);
  if (code === null) faults.push(say('missing', 'The failure has no code yet.'));
  else if (!known) faults.push(say('note', `The code ${code} is not in the taxonomy: it is kept as it came.`));
  if (known?.needsText && whatHappened.trim() === '')
    faults.push(say('missing', `${known.title} says too little by itself: say what happened.`));
  faults.push(
    ...choice('severity', severity, taxonomy.severities),
    ...choice('resetability', resetability, taxonomy.resetabilities),
  );
  if (!Object.values(marks.recoveries).some((recovery) => recovery.failure === id))
    faults.push(
      handOff === null
        ? say('note', 'The failure has no recovery.')
        : say('note', 'The operator takes over, and no recovery is marked.', handOff),
    );
  return faults;

  function choice(name: string, chosen: string | null, terms: readonly { slug: string }[]): MarkerFault[] {
    if (chosen === null) return [say('missing', `The failure has no ${name} yet.`)];
    if (terms.some(({ slug }) => slug === chosen)) return [];
    return [say('note', `The ${name} "${chosen}" is not in the taxonomy: it is kept as it came.`)];
  }
}

function faultsOfRecovery(id: string, recovery: Recovery, marks: Marks, ticks: number): MarkerFault[] {
  const [first, last] = recovery.ticks;
  const say = (level: MarkerFault['level'], text: string) => fault(level, 'recoveries', id, first, text);
  const faults: MarkerFault[] = [];
  if (outside(recovery.ticks, ticks)) faults.push(say('error', `The recovery lies ${beyond(ticks)}`));
  if (first === last) faults.push(say('error', 'The recovery is a single tick: give it a length.'));
  const failure = Object.hasOwn(marks.failures, recovery.failure) ? marks.failures[recovery.failure] : undefined;
  if (!failure) faults.push(say('error', 'The recovery belongs to no failure: link it to one, or delete it.'));
  else if (first < failure.event)
    faults.push(say('error', 'The recovery begins before its failure is seen: move one of the two.'));
  else if (failure.handOff === null && recovery.controlMode !== 'policy')
    faults.push(say('missing', 'It is not said when the operator took over before the recovery.'));
  if (recovery.controlMode === null) faults.push(say('missing', 'It is not said who steered the recovery.'));
  if (recovery.controlMode === 'other' && recovery.howRecovered.trim() === '')
    faults.push(say('missing', 'Steered in another way says too little by itself: say how it recovered.'));
  if (recovery.outcome === null) faults.push(say('missing', 'It is not said how the recovery ended.'));
  return faults;
}

/** Windows of failures may overlap, their lead-ins often do: what lies in both is cut out with each. */
function sharedWindows(failures: readonly (readonly [string, Failure])[]): MarkerFault[] {
  const inTime = [...failures].sort(([, a], [, b]) => a.window[0] - b.window[0] || a.event - b.event);
  let reached = -1;
  return inTime.flatMap(([id, { window }]) => {
    const isShared = window[0] <= reached;
    reached = Math.max(reached, window[1]);
    return isShared
      ? [
          fault(
            'note',
            'failures',
            id,
            window[0],
            'Its window overlaps that of a failure before: both hold what they share.',
          ),
        ]
      : [];
  });
}

/** Two recoveries at once: one hand cannot do both. */
function overlaps(inTime: readonly (readonly [string, Recovery])[]): MarkerFault[] {
  const faults: MarkerFault[] = [];
  let reached = -1;
  for (const [id, { ticks }] of inTime) {
    if (ticks[0] <= reached)
      faults.push(fault('error', 'recoveries', id, ticks[0], 'Two recoveries overlap: move one, or join them.'));
    reached = Math.max(reached, ticks[1]);
  }
  return faults;
}

function fault(level: MarkerFault['level'], map: keyof Marks, id: string, tick: number, text: string): MarkerFault {
  return { level, map, id, tick, text };
}

function outside([, last]: TickRange, ticks: number): boolean {
  return last >= ticks;
}

function beyond(ticks: number): string {
  return `beyond the recording's last tick (${ticks - 1}): it was made on a longer one; move it or delete it.`;
}
