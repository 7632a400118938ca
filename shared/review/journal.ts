import { checkChange } from './records.ts';
import { type Change, type GestureLine, gestureLineSchema } from './review.ts';

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
  const version = (value as { v?: unknown } | null)?.v;
  if (typeof version === 'number' && version > 1) {
    return `${place} was written by a newer Regrasp and was left out: update to see it.`;
  }
  const line = gestureLineSchema.safeParse(value);
  if (!line.success) {
    const issue = line.error.issues[0];
    return `${place} is no gesture this version knows (${issue?.path.join('.')}: ${issue?.message}) and was left out.`;
  }
  const patch = line.data.patch.map(brought).map(checkChange);
  const wrong = patch.find((change) => typeof change === 'string');
  if (typeof wrong === 'string') return `${place} was left out. ${wrong}`;
  return { ...line.data, patch: patch.filter((change) => typeof change !== 'string') };
}

/** What earlier versions wrote, in today's words: "recovered" was a policy that failed and was put right by somebody. */
function brought(change: Change): Change {
  const { value } = change;
  if (change.map !== 'outcome' || (value as { value?: unknown } | null)?.value !== 'recovered') return change;
  return { ...change, value: { ...(value as object), value: 'failure' } };
}
