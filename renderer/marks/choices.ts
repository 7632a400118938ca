import type { Marks } from '../../shared/review/marker-faults.ts';
import type { CONTROL_MODES, RECOVERY_OUTCOMES } from '../../shared/review/markers.ts';
import { codeOf, codesByCategory, type FailureCode, type Taxonomy } from '../../shared/review/taxonomy.ts';

/** What is asked of a mark, one after the other, and what there is to choose from. Pure. */
export type PickerStep = 'code' | 'severity' | 'resetability' | 'controlMode' | 'outcome';

export interface Choice {
  /** The slug or code that is kept; of a category its slug. */
  readonly value: string;
  readonly title: string;
  readonly definition: string;
  /** Only opens its codes. */
  readonly isCategory?: boolean;
  /** What it belongs to, where that is not the one place looked at. */
  readonly under?: string;
}

export const STEPS: Readonly<Record<'failures' | 'recoveries', readonly PickerStep[]>> = {
  failures: ['code', 'severity', 'resetability'],
  recoveries: ['controlMode', 'outcome'],
};

const CONTROL_CHOICES: Readonly<Record<(typeof CONTROL_MODES)[number], Omit<Choice, 'value'>>> = {
  teleoperation: { title: 'Teleoperation', definition: 'A person steers the robot from afar.' },
  kinesthetic: { title: 'By hand', definition: 'A person moves the arm itself.' },
  policy: { title: 'Policy', definition: 'The policy recovers by itself.' },
  scripted: { title: 'Script', definition: 'A motion that was programmed.' },
  other: { title: 'Other', definition: 'In another way; say how it recovered.' },
};

const OUTCOME_CHOICES: Readonly<Record<(typeof RECOVERY_OUTCOMES)[number], Omit<Choice, 'value'>>> = {
  recovered: { title: 'Recovered', definition: 'The task can go on.' },
  partly: { title: 'Partly', definition: 'Better than before, and not put right.' },
  not_recovered: { title: 'Not recovered', definition: 'The attempt did not help.' },
};

/** What can be chosen where no search is needed: the terms of a step in their order. */
export function termsOf(taxonomy: Taxonomy, step: Exclude<PickerStep, 'code'>): readonly Choice[] {
  if (step === 'controlMode') return Object.entries(CONTROL_CHOICES).map(([value, words]) => ({ value, ...words }));
  if (step === 'outcome') return Object.entries(OUTCOME_CHOICES).map(([value, words]) => ({ value, ...words }));
  const terms = step === 'severity' ? taxonomy.severities : taxonomy.resetabilities;
  return terms.map(({ slug, title, definition }) => ({ value: slug, title, definition }));
}

/** The word for a value; one that nobody here knows stands as it came. */
export function wordFor(taxonomy: Taxonomy, step: PickerStep, value: string): string {
  if (step === 'code') return codeOf(taxonomy, value)?.title ?? value;
  return termsOf(taxonomy, step).find((term) => term.value === value)?.title ?? value;
}

/**
 * What stands in the list: of codes the categories first, then those of the one chosen; whatever was typed is looked for in
 * all of them, best first.
 */
export function choicesFor(taxonomy: Taxonomy, step: PickerStep, category: string | null, query: string): Choice[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (step !== 'code') return found(termsOf(taxonomy, step), words);
  const categories = codesByCategory(taxonomy);
  if (words.length > 0) {
    return found(
      categories.flatMap(({ title, codes }) => codes.map((code) => ({ ...choiceOf(code), under: title }))),
      words,
    );
  }
  const chosen = categories.find(({ slug }) => slug === category);
  if (chosen) return chosen.codes.map(choiceOf);
  return categories.map(({ slug, title, codes }) => ({
    value: slug,
    title,
    definition: codes.map((code) => code.title.toLowerCase()).join(', '),
    isCategory: true,
  }));
}

/**
 * The code that a class of findings speaks for. Most speak for none: they are faults of the recorder, which are data quality
 * and no failure of the policy.
 */
export function suggestedCode(findingClass: string): string | undefined {
  return SUGGESTED[findingClass];
}

const SUGGESTED: Readonly<Record<string, string>> = {
  empty_grip: 'GRASP_MISS',
  arm_stall: 'NOATT_STALL',
  gripper_chatter: 'HW_GRIPPER',
  limit_saturation: 'HW_ROBOT',
  action_state_divergence: 'HW_ROBOT',
};

/** What a chosen category leads to: its only code is chosen with it. */
export function onlyCodeOf(taxonomy: Taxonomy, category: string): string | undefined {
  const codes = codesByCategory(taxonomy).find(({ slug }) => slug === category)?.codes ?? [];
  return codes.length === 1 ? codes[0]?.code : undefined;
}

/** What is still to be asked of a mark after a step; null when all is said. */
export function nextStep(
  marks: Marks,
  map: 'failures' | 'recoveries',
  id: string,
  after: PickerStep,
): PickerStep | null {
  const mark = (Object.hasOwn(marks[map], id) ? marks[map][id] : undefined) as
    | Partial<Record<PickerStep, unknown>>
    | undefined;
  if (!mark) return null;
  const steps = STEPS[map];
  return steps.slice(steps.indexOf(after) + 1).find((step) => (mark[step] ?? null) === null) ?? null;
}

function choiceOf({ code, title, definition }: FailureCode): Choice {
  return { value: code, title, definition };
}

/** Those in which every word is found: where it begins the code or the title first, in the definition last. */
function found(choices: readonly Choice[], words: readonly string[]): Choice[] {
  if (words.length === 0) return [...choices];
  return choices
    .map((choice) => ({ choice, rank: Math.max(...words.map((word) => rankOf(choice, word))) }))
    .filter(({ rank }) => rank < NOWHERE)
    .sort((a, b) => a.rank - b.rank)
    .map(({ choice }) => choice);
}

const NOWHERE = 4;

function rankOf({ value, title, under = '', definition }: Choice, word: string): number {
  const [name, code] = [title.toLowerCase(), value.toLowerCase()];
  if (name.startsWith(word) || code.startsWith(word)) return 0;
  if (`${name} ${code}`.split(/[\s_]+/).some((part) => part.startsWith(word))) return 1;
  if (name.includes(word) || under.toLowerCase().startsWith(word)) return 2;
  return definition.toLowerCase().includes(word) ? 3 : NOWHERE;
}
