import path from 'node:path';
import type { z } from 'zod';
import type { Problem } from '../../../shared/episode/episode.ts';
import { isRecord, type Json, readJson } from '../common/json-file.ts';
import { type FileReader, SourceFault } from '../source.ts';
import { MANIFEST_FILE, SESSION_SCHEMA } from './names.ts';
import { type Manifest, manifestSchema, type Session, sessionFields, sessionSchema } from './schema.ts';

/** `session.json` as far as it can be read; `raw` is all of it, unknown keys included. */
export interface ReadSession {
  session: Session;
  raw: Record<string, Json>;
  problems: Problem[];
}

const SESSION_LIMIT_BYTES = 16 * 2 ** 20;
/** Every frame of cameras of a whole day. */
const MANIFEST_LIMIT_BYTES = 256 * 2 ** 20;
const MOST_PROBLEMS = 40;

/** Rejects with SourceFault where the file is no session at all; a field that cannot be read is a problem and left out. */
export async function readSession(files: FileReader, file: string): Promise<ReadSession> {
  const name = path.basename(file);
  const raw = await readJson(files, file, SESSION_LIMIT_BYTES);
  if (!isRecord(raw) || raw.schema !== SESSION_SCHEMA) {
    const found =
      isRecord(raw) && typeof raw.schema === 'string' ? `says "${raw.schema.slice(0, 60)}"` : 'names no schema';
    throw new SourceFault(
      'not-session',
      `${name} ${found} where "${SESSION_SCHEMA}" is read here: open it with a newer Regrasp or correct the word.`,
    );
  }
  const problems: Problem[] = [];
  const kept: Record<string, unknown> = { ...raw };
  for (const [key, field] of Object.entries(sessionFields)) {
    const value = raw[key];
    if (value === undefined || value === null) delete kept[key];
    else if (Array.isArray(value) && 'element' in field)
      kept[key] = value.filter((item, i) => isReadable(field.element as z.ZodType, item, `${key}[${i}]`));
    else if (!isReadable(field, value, key)) delete kept[key];
  }
  const missing = kept.session === undefined;
  if (missing) problems.push(problem('missing-field', `${name} names no "session": give it the session's id.`));
  const session = sessionSchema.parse({ ...kept, session: missing ? path.basename(path.dirname(file)) : kept.session });
  return { session, raw, problems: problems.slice(0, MOST_PROBLEMS) };

  function isReadable(schema: z.ZodType, value: unknown, where: string): boolean {
    const { success, error } = schema.safeParse(value);
    for (const issue of error?.issues.slice(0, 3) ?? []) {
      const place = [where, ...issue.path.map(String)].join('.');
      problems.push(
        problem(
          'bad-field',
          `${name}: ${place} cannot be used (${issue.message}); correct it, the rest is shown without it.`,
        ),
      );
    }
    return success;
  }
}

/** The manifest beside a session; null where there is none or where it cannot be used, which is then a problem. */
export async function readManifest(
  files: FileReader,
  folder: string,
): Promise<{ manifest: Manifest | null; problems: Problem[] }> {
  const file = path.join(folder, MANIFEST_FILE);
  try {
    if (!(await files.facts(file))) return { manifest: null, problems: [] };
    const parsed = manifestSchema.safeParse(await readJson(files, file, MANIFEST_LIMIT_BYTES));
    if (parsed.success) return { manifest: parsed.data, problems: [] };
    const [issue] = parsed.error.issues;
    const message = `${MANIFEST_FILE} cannot be used (${issue?.path.join('.')}: ${issue?.message}): times are taken from ${'session.json'} alone; ingest the raw files again.`;
    return { manifest: null, problems: [problem('bad-manifest', message)] };
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return { manifest: null, problems: [problem(error.code, error.message)] };
  }
}

function problem(code: string, message: string): Problem {
  return { severity: 'error', code, message };
}
