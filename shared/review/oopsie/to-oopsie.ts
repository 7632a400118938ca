import { recoveriesOf } from '../marker-gestures.ts';
import type { Failure } from '../markers.ts';
import type { Note } from '../review.ts';
import { worstSeverity } from '../taxonomy.ts';
import {
  categoryOf,
  episodeCategories,
  type OopsieContext,
  type OopsieValue,
  plainText,
  REVIEW_VERSION,
  type Said,
  SCORED,
  SEGMENT_ID,
  SEVERITIES,
} from './words.ts';

/** A review in the format's own words. What it says nothing of is left out. */
export interface OopsieSaid {
  success?: number;
  outcome?: string;
  description?: string;
  notes?: string;
  categories?: string[];
  severity?: string;
  /** One a failure, in order of time. */
  segments: { id: string; values: Record<string, OopsieValue> }[];
}

export function toOopsie(said: Said, context: OopsieContext): OopsieSaid {
  const failures = inTime(said);
  const outcome = said.outcome && SCORED.includes(said.outcome.value) ? said.outcome.value : undefined;
  const categories = episodeCategories(failures.map(([, { code }]) => categoryOf(context.taxonomy, code)));
  // What the format has no word for stays with its segment: at the episode it would be refused.
  const severity = worstSeverity(
    context.taxonomy,
    failures.flatMap(([, failure]) =>
      failure.severity && SEVERITIES.includes(failure.severity) ? failure.severity : [],
    ),
  );
  return {
    ...(outcome === undefined ? {} : { outcome, success: outcome === 'failure' ? 0 : 1 }),
    ...(said.description ? { description: plainText(said.description.text) } : {}),
    ...(Object.keys(said.notes).length > 0 ? { notes: notesText(said.notes, context.timesNs) } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(severity === undefined ? {} : { severity }),
    segments: failures.map(([id, failure]) => ({ id, values: segmentOf(id, failure, said, context) })),
  };
}

/** By window, then by event: as they stand on the timeline. */
export function inTime({ failures }: Pick<Said, 'failures'>): [id: string, failure: Failure][] {
  return Object.entries(failures).sort(
    ([one, a], [other, b]) => a.window[0] - b.window[0] || a.event - b.event || (one < other ? -1 : 1),
  );
}

function segmentOf(id: string, failure: Failure, said: Said, { taxonomy, timesNs }: OopsieContext) {
  const [first, last] = failure.window;
  const seconds = (tick: number) => ({ float: (timesNs[tick] ?? 0) / 1e9 });
  const category = categoryOf(taxonomy, failure.code);
  const recoveries = recoveriesOf(said, id);
  const values: Record<string, OopsieValue> = {
    start_timestep: { whole: first },
    end_timestep: { whole: last },
    start_seconds: seconds(first),
    end_seconds: seconds(last),
    what_happened: { text: plainText(failure.whatHappened) },
    how_to_recover: {
      text: plainText(recoveries.flatMap(([, { howRecovered }]) => howRecovered.trim() || []).join('\n')),
    },
    failure_categories: { text: JSON.stringify(category === null ? [] : [category]) },
    severity: { text: plainText(failure.severity ?? '') },
    resetability: { text: plainText(failure.resetability ?? '') },
    [SEGMENT_ID]: { text: id },
    regrasp_event_timestep: { whole: failure.event },
  };
  if (failure.code !== null) values.regrasp_code = { text: plainText(failure.code) };
  if (failure.handOff !== null) values.regrasp_hand_off_timestep = { whole: failure.handOff };
  if (recoveries.length > 0) {
    const told = recoveries.map(([, { ticks, controlMode, howRecovered, outcome }]) => ({
      ...{ start_timestep: ticks[0], end_timestep: ticks[1], control_mode: controlMode },
      ...{ how_recovered: howRecovered, outcome },
    }));
    values.regrasp_recoveries = { text: JSON.stringify(told) };
  }
  return values;
}

/** A line a note; one about a part of the recording begins with its seconds. */
function notesText(notes: Readonly<Record<string, Note>>, timesNs: Float64Array): string {
  const start = ({ ticks }: Note) => ticks?.[0] ?? -1;
  const seconds = (tick: number) => ((timesNs[tick] ?? 0) / 1e9).toFixed(2);
  return Object.entries(notes)
    .sort(([one, a], [other, b]) => start(a) - start(b) || (one < other ? -1 : 1))
    .map(([, { text, ticks }]) => {
      if (!ticks) return plainText(text);
      const [from, to] = ticks;
      return plainText(`[${seconds(from)}${to > from ? `–${seconds(to)}` : ''} s] ${text}`);
    })
    .join('\n');
}

/** The whole of what was said, by which it is read back as it was; keys in one order, so that the same is the same text. */
export function reviewText(said: Said, taxonomyVersion: number): string {
  const { outcome, description, notes, properties, failures, recoveries, taskMarks } = said;
  const whole = { outcome, description, notes, properties, failures, recoveries, taskMarks };
  return JSON.stringify({ version: REVIEW_VERSION, taxonomyVersion, ...(inOrder(whole) as object) });
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, inOrder(each)]));
}
