import type { Attribute } from 'h5wasm';
import type { Hdf5Dataset, Hdf5Scope, Hdf5Tree } from '../sources/source.ts';
import { type OpenRecording, rethrowRuntime, TOO_LARGE } from './hdf5-files.ts';
import type { Hdf5Library, LibraryModule } from './hdf5-library.ts';
import { holdsEncodedRows, readSample, type Scratch } from './hdf5-read.ts';
import { jpegSizeOf } from './jpeg-size.ts';

/** A recording holds a few dozen objects; a file made to exhaust the reader meets these. */
const MAX_OBJECTS = 10_000;
const MAX_DEPTH = 12;
const MAX_ATTRIBUTE_VALUES = 4096;
/** Characters of attributes that a tree carries; what comes after them is told by its length. */
const MAX_TEXT = 4 * 2 ** 20;

/**
 * Groups, datasets and attributes of a recording, without data. What may not be followed (external links) or cannot
 * be read becomes a problem in the answer. A scope whose group is not there holds nothing.
 */
export function inspectRecording(
  library: Hdf5Library,
  scratch: Scratch,
  file: OpenRecording,
  { group, depth = MAX_DEPTH }: Hdf5Scope = { group: '' },
): Hdf5Tree {
  const tree: Hdf5Tree = { groups: {}, datasets: {}, problems: [] };
  const walk = { library, scratch, file, tree, depth: Math.min(depth, MAX_DEPTH), objects: 0, characters: 0 };
  tree.groups[''] = { attributes: readAttributes(walk, '') };
  const names = group.split('/').filter(Boolean);
  const isThere = names.every((_, at) => enter(walk, names.slice(0, at + 1).join('/')));
  if (isThere) walkGroup(walk, names.join('/'), 0);
  return tree;
}

/** Whether this is a group of the file's own, and no link out of it; it is told then. */
function enter(walk: Walk, group: string): boolean {
  const { module } = walk.library;
  const { file, tree } = walk;
  try {
    if (module.get_external_link(file.id, `/${group}`).filename !== undefined) return false;
    if (module.get_symbolic_link(file.id, `/${group}`) !== null) return false;
    if (module.get_type(file.id, `/${group}`) !== module.H5G_GROUP) return false;
  } catch (error) {
    rethrowRuntime(error);
    return false;
  }
  tree.groups[group] = { attributes: readAttributes(walk, group) };
  return true;
}

interface Walk {
  library: Hdf5Library;
  scratch: Scratch;
  file: OpenRecording;
  tree: Hdf5Tree;
  /** Groups this deep are not entered. */
  depth: number;
  objects: number;
  /** Of the attributes read so far. */
  characters: number;
}

function walkGroup(walk: Walk, group: string, depth: number): void {
  const { module } = walk.library;
  let names: string[];
  try {
    names = [...module.get_names(walk.file.id, `/${group}`, false)];
  } catch (error) {
    rethrowRuntime(error);
    report(
      walk,
      'damaged-group',
      `the group ${group || '/'} is damaged and cannot be listed: restore the file from a copy`,
      group,
    );
    return;
  }
  for (const name of names) {
    walk.objects++;
    if (walk.objects > MAX_OBJECTS) {
      report(walk, 'too-many-objects', `more than ${MAX_OBJECTS} objects are in it; the rest is left out`, group);
      return;
    }
    visit(walk, group ? `${group}/${name}` : name, depth);
  }
}

function visit(walk: Walk, at: string, depth: number): void {
  const { module } = walk.library;
  const { tree, file } = walk;
  try {
    // Asked before the type: asking for the type of a link would follow it.
    const external = module.get_external_link(file.id, `/${at}`);
    if (external.filename !== undefined) {
      report(
        walk,
        'external-link',
        `${at} is a link into another file (${external.filename}), which is not opened: copy the data into the recording`,
        at,
      );
      return;
    }
    const isSoft = module.get_symbolic_link(file.id, `/${at}`) !== null;
    const type = isSoft ? typeOfTarget(module, file.id, at) : module.get_type(file.id, `/${at}`);
    if (type === module.H5G_DATASET) {
      const { metadata: _, ...facts } = file.facts(at);
      const jpegSize = firstJpegSize(walk, at, facts);
      tree.datasets[at] = { ...facts, attributes: readAttributes(walk, at), ...(jpegSize ? { jpegSize } : {}) };
      if (facts.fault) report(walk, codeOfFault(facts.fault), facts.fault.replace(/\.$/, ''), at);
    } else if (type === module.H5G_GROUP) {
      if (isSoft) return;
      tree.groups[at] = { attributes: readAttributes(walk, at) };
      if (depth < walk.depth) walkGroup(walk, at, depth + 1);
    } else if (isSoft) {
      report(
        walk,
        'dangling-link',
        `${at} is a link to something that is not in the file: copy the data to that place, or restore the file`,
        at,
      );
    }
  } catch (error) {
    rethrowRuntime(error);
    report(walk, 'damaged-object', `${at} is damaged and cannot be opened: restore the file from a copy`, at);
  }
}

/** Samples looked at for the size of a camera's JPEGs. */
const JPEGS_TRIED = 4;
/** A damaged chunk of this filter ends the decoder, and with it the whole inspection. */
const LZF = 32000;

function firstJpegSize({ library, scratch, file }: Walk, at: string, facts: Hdf5Dataset): Hdf5Dataset['jpegSize'] {
  if (!holdsEncodedRows(facts) || facts.isNull || facts.fault || facts.filters.some(({ id }) => id === LZF))
    return undefined;
  for (let index = 0; index < Math.min(JPEGS_TRIED, facts.shape[0] ?? 0); index++) {
    try {
      const { bytes, done } = readSample(library.module, scratch, file, at, file.facts(at), index);
      const size = jpegSizeOf(bytes);
      done();
      if (size) return size;
    } catch (error) {
      // One that cannot be read says so when it is shown.
      rethrowRuntime(error);
    }
  }
  return undefined;
}

/** Type of what a soft link leads to; null when that is not in the file. */
function typeOfTarget(module: LibraryModule, file: bigint, at: string): number | null {
  try {
    return module.get_type(file, `/${at}`);
  } catch (error) {
    rethrowRuntime(error);
    return null;
  }
}

function codeOfFault(fault: string): string {
  if (fault.includes('virtual dataset')) return 'virtual-dataset';
  if (fault.includes('external storage')) return 'external-storage';
  if (fault.includes(TOO_LARGE)) return 'too-large';
  return 'unknown-filter';
}

function report(walk: Walk, code: string, what: string, at: string): void {
  const { name } = walk.file;
  walk.tree.problems.push({ severity: 'error', code, message: `${name}: ${what}.`, ...(at ? { stream: at } : {}) });
}

function readAttributes(walk: Walk, at: string): Record<string, unknown> {
  const { library, file } = walk;
  const holder = new library.Group(file.id, `/${at}`);
  const attributes: Record<string, unknown> = {};
  let listed: Record<string, Attribute>;
  try {
    listed = holder.attrs;
  } catch (error) {
    rethrowRuntime(error);
    return attributes;
  }
  for (const name of Object.keys(listed)) {
    try {
      attributes[name] = withinLimit(walk, plainAttribute(listed[name] as Attribute));
    } catch (error) {
      rethrowRuntime(error);
      report(
        walk,
        'damaged-attribute',
        `the attribute ${name} of ${at || 'the file'} cannot be read: restore the file from a copy`,
        '',
      );
    }
  }
  return attributes;
}

/** Texts can be whole models of a simulation, one a demonstration. */
function withinLimit(walk: Walk, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  walk.characters += value.length;
  return walk.characters <= MAX_TEXT ? value : `(${value.length} characters)`;
}

/** JSON-safe: 64-bit integers become numbers, h5py's booleans booleans, arrays plain arrays. */
function plainAttribute(attribute: Attribute): unknown {
  if (attribute.metadata.total_size > MAX_ATTRIBUTE_VALUES) return `(${attribute.metadata.total_size} values)`;
  const value = plain(attribute.json_value);
  return Array.isArray(value) && attribute.shape?.length === 0 ? value[0] : value;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return value ?? null;
  return '(a reference)';
}
