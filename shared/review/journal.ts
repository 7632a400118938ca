import { checkChange } from './records.ts';
import {
  type Change,
  type GestureLine,
  gestureLineSchema,
  JOURNAL_VERSION,
  MOST_CLOCK,
  recordMapSchema,
} from './review.ts';

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
  let line = broughtUp(value, version);
  if (!isPlainlyALine(line)) {
    const checked = gestureLineSchema.safeParse(line);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      const where = issue?.path.join('.');
      const what = `${where ? `${where}: ` : ''}${issue?.message}`;
      return `${place} is no gesture this version knows (${what}) and was left out.`;
    }
    line = checked.data;
  }
  const gesture = line as GestureLine;
  const patch: Change[] = [];
  for (const change of gesture.patch) {
    const checked = checkChange(change);
    if (typeof checked === 'string') return `${place} was left out. ${checked}`;
    patch.push(checked);
  }
  // The value is of this reading alone.
  gesture.patch = patch;
  return gesture;
}

/**
 * Whether it is certainly a line as the schema has it, unknown keys and all: most lines are, and a long journal is read in
 * half the time without the schema. What is not certain is left to it. Changes are not looked into further than their kind.
 */
export function isPlainlyALine(value: unknown): boolean {
  if (!isRecord(value)) return false;
  for (const key in value) if (!isPlainField(key, value[key])) return false;
  return REQUIRED_FIELDS.every((key) => key in value) && value.v === JOURNAL_VERSION;
}

const REQUIRED_FIELDS = ['id', 'at', 'clock', 'annotator', 'install', 'kind', 'name', 'patch', 'inverse'];
const KINDS: readonly unknown[] = gestureLineSchema.shape.kind.options;
const MAPS: ReadonlySet<unknown> = new Set(recordMapSchema.options);
/** As they are written here; another way to write a time is judged by the schema. */
const TIME = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

function isPlainField(key: string, value: unknown): boolean {
  switch (key) {
    case 'v':
      return value === JOURNAL_VERSION;
    case 'id':
    case 'annotator':
    case 'recording':
      return typeof value === 'string' && value !== '' && value.length <= 100;
    case 'install':
    case 'name':
    case 'target':
    case 'group':
      return typeof value === 'string';
    case 'at':
      return typeof value === 'string' && TIME.test(value);
    case 'clock':
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_CLOCK;
    case 'taxonomy':
      return Number.isInteger(value) && (value as number) > 0 && (value as number) < 1e6;
    case 'kind':
      return KINDS.includes(value);
    case 'patch':
    case 'inverse':
      return Array.isArray(value) && value.every(isPlainlyAChange);
    default:
      return false;
  }
}

function isPlainlyAChange(value: unknown): boolean {
  if (!isRecord(value)) return false;
  for (const key in value) if (key !== 'map' && key !== 'id' && key !== 'value') return false;
  const { map, id } = value;
  return MAPS.has(map) && typeof id === 'string' && id !== '' && id.length <= 100 && 'value' in value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
  const version = isRecord(value) ? value.v : undefined;
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
