import { z } from 'zod';
import { type Failure, failureSchema, recoverySchema, taskMarkSchema } from '../markers.ts';
import { descriptionSchema, noteSchema, OUTCOMES, type Outcome, outcomeSchema, propertySchema } from '../review.ts';
import { toOopsie } from './to-oopsie.ts';
import {
  type Attributes,
  categoryOf,
  type OopsieContext,
  type OopsieFound,
  REVIEW,
  REVIEW_VERSION,
  type Said,
  SEGMENT_ID,
} from './words.ts';

const wholeSchema = z.object({
  version: z.literal(REVIEW_VERSION),
  outcome: outcomeSchema.nullable(),
  description: descriptionSchema.nullable(),
  notes: z.record(z.string(), noteSchema),
  properties: z.record(z.string(), propertySchema),
  failures: z.record(z.string(), failureSchema),
  recoveries: z.record(z.string(), recoverySchema),
  taskMarks: z.record(z.string(), taskMarkSchema),
});

export const NOTHING_SAID: Said = {
  ...{ outcome: null, description: null, notes: {}, properties: {} },
  ...{ failures: {}, recoveries: {}, taskMarks: {} },
};

/** What was said as Regrasp wrote it last; null where it never did, or where another version or hand wrote it. */
export function writtenReview(group: Attributes | null): Said | null {
  const text = group?.[REVIEW];
  if (typeof text !== 'string') return null;
  try {
    const { version: _, ...said } = wholeSchema.parse(JSON.parse(text));
    return said;
  } catch {
    return null;
  }
}

/**
 * What the file says under one person's name, as a review. What Regrasp wrote comes back as it was; where another tool has
 * changed an attribute or a segment since, that tool's word stands.
 */
export function fromOopsie(found: OopsieFound, context: OopsieContext): Said {
  if (found.group === null) return NOTHING_SAID;
  const written = writtenReview(found.group);
  const base = written ?? NOTHING_SAID;
  const expected = toOopsie(base, context);
  const texts = textsOf(found);
  const { outcome } = found.recorded ?? { outcome: null };
  const isOutcome = (OUTCOMES as readonly string[]).includes(outcome ?? '');
  const said: Said = { ...base };
  if (outcome !== (expected.outcome ?? null)) {
    // A review that is not scored has no outcome in the file.
    if (isOutcome) said.outcome = { value: outcome as Outcome['value'] };
    else if (base.outcome?.value !== 'not_scored') said.outcome = null;
  }
  if (texts.description !== expected.description)
    said.description = texts.description ? { text: texts.description } : null;
  if (texts.notes !== expected.notes) said.notes = texts.notes ? { oopsie: { text: texts.notes } } : {};
  const failures = failuresOf(found, base, context);
  const recoveries = Object.entries(base.recoveries).filter(([, { failure }]) => Object.hasOwn(failures, failure));
  return { ...said, failures, recoveries: Object.fromEntries(recoveries) };
}

/** Absent stays apart from empty. The first taxonomy had another word for what happened. */
export function textsOf({ group }: OopsieFound): { description?: string; notes?: string } {
  const description = group?.episode_description ?? group?.failure_description;
  const notes = group?.additional_notes;
  return {
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof notes === 'string' ? { notes } : {}),
  };
}

/** The failure that a segment of another tool is here. */
export function idOfForeign(child: string): string {
  return `oopsie-${child}`;
}

function failuresOf(found: OopsieFound, base: Said, context: OopsieContext): Record<string, Failure> {
  const failures: Record<string, Failure> = {};
  const expected = new Map(toOopsie(base, context).segments.map(({ id, values }) => [id, values]));
  for (const [child, attributes] of Object.entries(found.children)) {
    const named = attributes[SEGMENT_ID];
    const id = typeof named === 'string' && named !== '' && named !== '__proto__' ? named : idOfForeign(child);
    const known = Object.hasOwn(base.failures, id) ? base.failures[id] : undefined;
    const wrote = expected.get(id);
    const isAsWritten = (name: string) => {
      const value = wrote?.[name];
      return value !== undefined && Object.values(value)[0] === attributes[name];
    };
    const read = readSegment(attributes, context);
    if (!known || !wrote) {
      if (read) failures[id] = read;
      continue;
    }
    const isMoved = !isAsWritten('start_timestep') || !isAsWritten('end_timestep');
    const window = isMoved && read ? read.window : known.window;
    const text = (name: string) => (typeof attributes[name] === 'string' ? attributes[name] : '');
    failures[id] = {
      ...known,
      window,
      event: Math.min(window[1], Math.max(window[0], known.event)),
      code: isAsWritten('failure_categories') ? known.code : codeWithin(attributes, known.code, context),
      severity: isAsWritten('severity') ? known.severity : text('severity') || null,
      resetability: isAsWritten('resetability') ? known.resetability : text('resetability') || null,
      whatHappened: isAsWritten('what_happened') ? known.whatHappened : text('what_happened'),
    };
  }
  return failures;
}

/** The code stays while it belongs to what the segment is said to be now. */
function codeWithin(attributes: Attributes, code: string | null, { taxonomy }: OopsieContext): string | null {
  const category = categoryOf(taxonomy, code);
  return category !== null && String(attributes.failure_categories ?? '').includes(`"${category}"`) ? code : null;
}

/** A segment of another tool: it begins where it fails, as far as anybody says. Null where it names no steps. */
function readSegment(attributes: Attributes, { timesNs }: OopsieContext): Failure | null {
  const last = timesNs.length - 1;
  const step = (name: string) => {
    const value = attributes[name];
    return typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : null;
  };
  const [start, end] = [step('start_timestep'), step('end_timestep')];
  if ((start === null && end === null) || last < 0) return null;
  const within = (value: number) => Math.min(last, Math.max(0, value));
  const range = [within(start ?? (end as number)), within(end ?? (start as number))] as const;
  const event = step('regrasp_event_timestep');
  const handOff = step('regrasp_hand_off_timestep');
  const text = (name: string, most: number) =>
    typeof attributes[name] === 'string' ? (attributes[name] as string).slice(0, most) : '';
  const window: [number, number] = [Math.min(...range), Math.max(...range)];
  return {
    window,
    event: event === null ? window[0] : Math.min(window[1], Math.max(window[0], event)),
    code: text('regrasp_code', 100) || null,
    severity: text('severity', 100) || null,
    resetability: text('resetability', 100) || null,
    whatHappened: text('what_happened', 20_000),
    handOff: handOff === null ? null : within(handOff),
  };
}
