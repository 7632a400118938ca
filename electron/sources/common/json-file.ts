import { type FileReader, SourceFault } from '../source.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const DEFAULT_LIMIT_BYTES = 2 ** 20;

/**
 * A JSON file as Python writes it: NaN and Infinity, which are no JSON, become null. Rejects with SourceFault
 * ("missing-file", "too-large", "outside", "not-json") whose sentence names the file.
 */
export async function readJson(files: FileReader, path: string, limitBytes = DEFAULT_LIMIT_BYTES): Promise<Json> {
  const bytes = await files.read(path, limitBytes);
  return parseJson(new TextDecoder().decode(bytes), path.split(/[\\/]/).at(-1) as string);
}

/** The same of a text. */
export function parseJson(text: string, where: string): Json {
  const plain = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : 'null',
  );
  try {
    return JSON.parse(plain.replace(/^\ufeff/, '')) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 120) : String(error);
    throw new SourceFault('not-json', `${where} is no readable JSON (${reason}): correct it or write it again.`);
  }
}

export function isRecord(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value inside, with the keys that lead to it. */
export interface Leaf {
  keys: string[];
  value: null | boolean | number | string;
}

const MAX_LEAVES = 5000;
const MAX_DEPTH = 8;

/** Every plain value of a JSON tree in its order, as far as a person's file goes (depth 8, 5000 values). */
export function leavesOf(tree: Json): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (value: Json, keys: string[]): void => {
    if (leaves.length >= MAX_LEAVES) return;
    if (typeof value !== 'object' || value === null) leaves.push({ keys, value });
    else if (keys.length < MAX_DEPTH) for (const [key, child] of Object.entries(value)) visit(child, [...keys, key]);
  };
  visit(tree, []);
  return leaves;
}
