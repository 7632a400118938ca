import { MANIFEST_SCHEMA } from './names.ts';
import type { Manifest, MappedStream, Session } from './schema.ts';

/** A stream's times as the manifest maps them: one a sample, or the column of its table. */
export function mappedStream(times: Float64Array, column?: string): MappedStream {
  const mapped = { count: times.length, first_ns: times[0] ?? null, last_ns: times.at(-1) ?? null };
  return column === undefined ? { ...mapped, times_ns: Array.from(times) } : { ...mapped, column };
}

/** What a session consists of; `files` in the order a person reads them. */
export function manifestOf(
  session: Session,
  streams: Record<string, MappedStream>,
  files: Manifest['files'],
  madeBy: string,
): Manifest {
  const { task, site, shift, operator, start_unix_s } = session;
  return {
    schema: MANIFEST_SCHEMA,
    session: session.session,
    ...(task === undefined ? {} : { task }),
    ...(site === undefined ? {} : { site }),
    ...(shift === undefined ? {} : { shift }),
    ...(operator === undefined ? {} : { operator }),
    made_by: madeBy,
    start_unix_s: start_unix_s ?? null,
    timestamp_map: { unit: 'ns', streams },
    files,
  };
}

/** JSON that people read and diff: indented, but a list of plain numbers on one line. */
export function prettyJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, '')}]`)}\n`;
}
