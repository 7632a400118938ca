import { checkChange } from './records.ts';
import { type Change, type GestureLine, gestureLineSchema, JOURNAL_VERSION } from './review.ts';

/** A line as it stands in a journal, with its line end. */
export function formatLine(line: GestureLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Reads one line of a journal. Answers a sentence when it cannot be: cut off, damaged or of a newer version. `place`
 * names file and line for it. An empty line says nothing and answers undefined.
 */
export function readLine(text: string, place: string): GestureLine | string | undefined {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.startsWith('{"v":') && !text.trimEnd().endsWith('}')
      ? `${place} was cut off while it was written, so that one step was not kept; the other lines are.`
      : `${place} is damaged and was left out; the file is kept as it is.`;
  }
  const version = versionOf(value);
  if (version > JOURNAL_VERSION) {
    return `${place} was written by a newer Regrasp and was left out: update to see it.`;
  }
  const line = gestureLineSchema.safeParse(broughtUp(value, version));
  if (!line.success) {
    const issue = line.error.issues[0];
    const where = issue?.path.join('.');
    return `${place} is no gesture this version knows (${where ? `${where}: ` : ''}${issue?.message}) and was left out.`;
  }
  const patch: Change[] = [];
  for (const change of line.data.patch) {
    const checked = checkChange(change);
    if (typeof checked === 'string') return `${place} was left out. ${checked}`;
    patch.push(checked);
  }
  return { ...line.data, patch };
}

/**
 * The counter a line claims that could not be read otherwise, 0 for none: what a newer version wrote was said before what
 * is said now, and must stay before it once it can be read.
 */
export function clockClaimedBy(text: string): number {
  try {
    const clock = gestureLineSchema.shape.clock.safeParse((JSON.parse(text) as { clock?: unknown } | null)?.clock);
    return clock.success ? clock.data : 0;
  } catch {
    return 0;
  }
}

type Line = Record<string, unknown>;

/** By the version they start from: each makes of a line of its version one of the next. Lines are hostile until parsed. */
const MIGRATIONS: Readonly<Record<number, (line: Line) => Line>> = {
  1: (line) => ({ ...line, v: 2, patch: withoutRecovered(line.patch), inverse: withoutRecovered(line.inverse) }),
};

function broughtUp(value: unknown, version: number): unknown {
  let line = value;
  for (let from = version; MIGRATIONS[from]; from++) line = MIGRATIONS[from]?.(line as Line);
  return line;
}

/** NaN for what says none. */
function versionOf(value: unknown): number {
  const version = typeof value === 'object' && value !== null ? (value as { v?: unknown }).v : undefined;
  return typeof version === 'number' ? version : Number.NaN;
}

/** Outcomes of version 1 in the words of today: "recovered" was a policy that failed and was put right by somebody. */
function withoutRecovered(changes: unknown): unknown {
  if (!Array.isArray(changes)) return changes;
  return changes.map((change: { map?: unknown; value?: { value?: unknown } | null } | null) =>
    change?.map === 'outcome' && change.value?.value === 'recovered'
      ? { ...change, value: { ...change.value, value: 'failure' } }
      : change,
  );
}
