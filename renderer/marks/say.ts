import { describeFailure, describeRecovery, setTaskMark } from '../../shared/review/marker-gestures.ts';
import type { Failure, Recovery } from '../../shared/review/markers.ts';
import { codeOf } from '../../shared/review/taxonomy.ts';
import { announce } from '../design/live-region.ts';
import type { Gesture } from '../review/gestures.ts';
import { nextStep, type PickerStep, wordFor } from './choices.ts';
import { marksSaid, settleMove, useMarks } from './marks-state.ts';
import { performMarks } from './perform-marks.ts';
import { taxonomy } from './project.ts';

/** What is said of failures and recoveries, in the form and by digits. Each is one step; nothing where it was said already. */
export async function sayOfFailure<Key extends 'code' | 'severity' | 'resetability' | 'whatHappened'>(
  id: string,
  key: Key,
  value: Failure[Key],
): Promise<void> {
  void settleMove();
  const marks = marksSaid();
  if (!marks || !Object.hasOwn(marks.failures, id) || marks.failures[id]?.[key] === value) return;
  await keep(describeFailure(marks, id, key, value));
}

export async function sayOfRecovery<Key extends 'controlMode' | 'outcome' | 'howRecovered' | 'failure'>(
  id: string,
  key: Key,
  value: Recovery[Key],
): Promise<void> {
  void settleMove();
  const marks = marksSaid();
  if (!marks || !Object.hasOwn(marks.recoveries, id) || marks.recoveries[id]?.[key] === value) return;
  await keep(describeRecovery(marks, id, key, value));
}

export async function renameTaskMark(id: string, label: string): Promise<void> {
  void settleMove();
  const mark = marksSaid()?.taskMarks[id];
  if (!mark || mark.label === label) return;
  await keep({ ...setTaskMark(id, { ...mark, label }), name: 'Name a task mark' });
}

async function keep(gesture: Gesture | null): Promise<void> {
  if (gesture) await performMarks(gesture);
}

/** Says what was chosen for a step; answers once it is kept. */
function sayChoice(map: 'failures' | 'recoveries', id: string, step: PickerStep, value: string): Promise<void> {
  if (step === 'code' || step === 'severity' || step === 'resetability') return sayOfFailure(id, step, value);
  return map === 'recoveries' ? sayOfRecovery(id, step, value as Recovery[typeof step]) : Promise.resolve();
}

/** Takes what was chosen in the picker, and asks the next thing that is not said yet. */
export async function choose(value: string): Promise<void> {
  const { picker } = useMarks.getState();
  if (!picker) return;
  const { map, id, step } = picker;
  const kept = sayChoice(map, id, step, value);
  const marks = marksSaid();
  const next = marks && nextStep(marks, map, id, step);
  useMarks.setState({ picker: next ? { map, id, step: next } : null });
  if (!next) askForWords(id);
  await kept;
  const codes = taxonomy();
  const word = codes ? wordFor(codes, step, value) : value;
  announce(`${STEP_WORDS[step]}: ${word}.${next ? ` ${STEP_WORDS[next]}?` : ''}`);
}

export const STEP_WORDS: Readonly<Record<PickerStep, string>> = {
  code: 'Code',
  severity: 'Severity',
  resetability: 'Reset',
  controlMode: 'Steered by',
  outcome: 'Outcome',
};

/** What was said so far stays. */
export function closePicker(): void {
  useMarks.setState({ picker: null });
}

/** A code that says too little by itself wants words at once. */
function askForWords(id: string): void {
  const failure = marksSaid()?.failures[id];
  const codes = taxonomy();
  if (!failure?.code || !codes || failure.whatHappened.trim() !== '') return;
  if (codeOf(codes, failure.code)?.needsText) useMarks.setState({ writing: id });
}
