import type { OpenRecording } from '../frames/hdf5-files.ts';
import type { Hdf5Library } from '../frames/hdf5-library.ts';
import type { Difference } from './compare-structure.ts';
import { type FileEdit, type NewValue, parentOf } from './edit-plan.ts';

const STRING = 3;
const INTEGER = 0;
const FLOAT = 1;
const UTF8 = 1;

/** What the reference library reads otherwise than an edit says; null where it reads all of it, with its types. */
export function checkEdit(library: Hdf5Library, copy: OpenRecording, edit: FileEdit): Difference {
  for (const [path, values] of Object.entries(edit.attributes)) {
    const { attrs } = new library.Group(copy.id, `/${path}`);
    for (const [name, value] of Object.entries(values)) {
      const found = Object.hasOwn(attrs, name) ? attrs[name] : undefined;
      const where = `the attribute ${name} of ${path || 'the root'}`;
      if (value === null) {
        if (found) return `${where}, which is still there`;
        continue;
      }
      if (!found || !isAs(found, value)) return where;
    }
  }
  for (const path of edit.removed) {
    const names = [...library.module.get_names(copy.id, `/${parentOf(path)}`, false)];
    if (names.includes(path.slice(path.lastIndexOf('/') + 1))) return `${path}, which is still there`;
  }
  return null;
}

interface Found {
  metadata: { type: number; size: number; signed?: boolean; vlen?: boolean; cset?: number };
  json_value: unknown;
}

function isAs({ metadata, json_value }: Found, value: NewValue): boolean {
  const said = Array.isArray(json_value) && json_value.length === 1 ? json_value[0] : json_value;
  const { type, size, signed, vlen, cset } = metadata;
  if ('text' in value) return type === STRING && vlen === true && cset === UTF8 && said === value.text;
  if ('float' in value) return type === FLOAT && size === 8 && Object.is(Number(said), value.float);
  return type === INTEGER && size === 8 && signed === true && Number(said) === value.whole;
}
