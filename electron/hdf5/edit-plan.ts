import { CannotCarry, Fields, pack, padded } from './bytes.ts';
import type { Slot } from './datatype.ts';
import { type Link, readLink } from './links.ts';
import { type HeaderMessage, MESSAGE } from './object-header.ts';
import type { PlannedMessage, PlannedObject, Target } from './plan.ts';

/** What an attribute is given: a text of any length in UTF-8, a number of 64 bits, as h5py writes them. */
export type NewValue = { text: string } | { float: number } | { whole: number };

/** What a copy of a file says otherwise. Paths are without the leading slash; "" is the root. */
export interface FileEdit {
  /** Attributes of groups by name; null takes one out. A group that is not there is made. */
  attributes: Record<string, Record<string, NewValue | null>>;
  /** Groups that are taken out with all that only they hold. */
  removed: string[];
}

/**
 * The plan of a file with an edit made: descriptions that are not named stay byte by byte as they are. The given plan is
 * left as it is. Throws CannotCarry where a path leads to something else than a group, or to one that lies elsewhere.
 */
export function editPlan(objects: readonly PlannedObject[], { attributes, removed }: FileEdit): PlannedObject[] {
  const all = objects.map((object) => ({
    ...object,
    header: { ...object.header, messages: [...object.header.messages] },
    table: object.table && [...object.table],
  }));
  const byPath = new Map(all.map((object) => [object.path, object]));
  // Places that no file has: they stand for the new groups until it is known where these come to lie.
  let nextPlace = Number.MAX_SAFE_INTEGER;
  for (const path of removed) {
    const parent = byPath.get(parentOf(path));
    if (parent && byPath.has(path)) unlink(parent, leafOf(path));
  }
  for (const [path, values] of Object.entries(attributes)) {
    const group = groupAt(path);
    for (const [name, value] of Object.entries(values)) setAttribute(group, name, value);
  }
  return reachable(all);

  function groupAt(path: string): PlannedObject {
    const known = byPath.get(path);
    if (known && isGroup(known) && !removed.some((gone) => isWithin(path, gone))) return known;
    if (known) throw new CannotCarry(`${path || 'its root'} is no group`);
    const parent = groupAt(parentOf(path));
    if (namesIn(parent).includes(leafOf(path)))
      throw new CannotCarry(`${path} is a link to something that lies elsewhere`);
    const symbols: PlannedMessage = { type: MESSAGE.symbolTable, flags: 0, order: 0, data: new Uint8Array(16) };
    const header = { version: 1, references: 1, flags: 0, prefix: new Uint8Array(), messages: [symbols] } as const;
    const made: PlannedObject = {
      ...{ from: nextPlace--, path, table: [], dataset: null },
      header: { ...header, messages: [...header.messages] },
    };
    all.push(made as (typeof all)[number]);
    byPath.set(path, made as (typeof all)[number]);
    link(parent, leafOf(path), made.from);
    return made;
  }
}

/**
 * What of a plan has to be alike in both files: without what the edit names, and without the groups that only one of them
 * has. `others` are the paths of the other file.
 */
export function besidesEdit(
  objects: readonly PlannedObject[],
  { attributes, removed }: FileEdit,
  others: ReadonlySet<string>,
): PlannedObject[] {
  const named = [...Object.keys(attributes), ...removed];
  const isMade = (path: string) => Object.keys(attributes).some((each) => isWithin(each, path));
  const isAside = (path: string) => !others.has(path) && (isMade(path) || removed.some((each) => isWithin(path, each)));
  const touched = new Set(named.flatMap((path) => [path, parentOf(path), parentOf(parentOf(path))]));
  return objects
    .filter(({ path }) => !isAside(path))
    .map((object) => {
      const { path, header, table } = object;
      if (!touched.has(path)) return object;
      const edited = attributes[path] ?? {};
      const isOther = (name: string) => isAside(path === '' ? name : `${path}/${name}`);
      const messages = header.messages.filter((message) => {
        // How many there ever were is counted in them.
        if (message.type === MESSAGE.linkInfo || message.type === MESSAGE.attributeInfo) return false;
        if (message.type === MESSAGE.link) return !isOther(nameOf(readLink(message.data)));
        return !(message.attribute && Object.hasOwn(edited, message.attribute.name));
      });
      return {
        ...object,
        header: { ...header, messages },
        table: table === null ? null : table.filter((each) => !isOther(nameOf(each))),
      };
    });
}

function reachable(all: readonly PlannedObject[]): PlannedObject[] {
  const byPlace = new Map(all.map((object) => [object.from, object]));
  const waiting = [all[0] as PlannedObject];
  const found = new Set(waiting);
  for (const object of waiting) {
    for (const each of linksOf(object)) {
      const target = each.kind === 'hard' ? byPlace.get(each.target) : undefined;
      if (!target || found.has(target)) continue;
      found.add(target);
      waiting.push(target);
    }
  }
  return all.filter((object) => found.has(object));
}

function linksOf({ table, header }: PlannedObject): Link[] {
  return table ?? header.messages.filter(({ type }) => type === MESSAGE.link).map(({ data }) => readLink(data));
}

function namesIn(object: PlannedObject): string[] {
  return linksOf(object).map(nameOf);
}

function nameOf({ name }: Link): string {
  return Buffer.from(name).toString('utf8');
}

function isGroup({ header }: PlannedObject): boolean {
  const kinds: number[] = [MESSAGE.symbolTable, MESSAGE.linkInfo, MESSAGE.link];
  return header.messages.some(({ type }) => kinds.includes(type));
}

function unlink(parent: PlannedObject, name: string): void {
  if (parent.table) parent.table = parent.table.filter((each) => nameOf(each) !== name);
  const { messages } = parent.header;
  parent.header.messages = messages.filter(
    ({ type, data }) => type !== MESSAGE.link || nameOf(readLink(data)) !== name,
  );
}

function link(parent: PlannedObject, name: string, target: number): void {
  const bytes = new TextEncoder().encode(name);
  if (parent.table) {
    parent.table.push({ kind: 'hard', name: bytes, target });
    return;
  }
  const place = (address: number) => [address, 8] as const;
  const order = nextInLinkInfo(parent.header.messages);
  const ordered = order === null ? [] : [[order, 8] as const];
  // A name of UTF-8, its length in two bytes.
  const head = pack(1, 0x11 | (order === null ? 0 : 4), ...ordered, 1, [bytes.length, 2], bytes);
  const make = (to: Target) => pack(head, place(to.addressOf(target)));
  parent.header.messages.push({ type: MESSAGE.link, flags: 0, order: 0, data: pack(head, place(target)), make });
}

/** Where links are numbered in the order they were made in: the number of the next, which is taken. Null elsewhere. */
function nextInLinkInfo(messages: HeaderMessage[]): number | null {
  const at = messages.findIndex(({ type }) => type === MESSAGE.linkInfo);
  const info = messages[at];
  if (!info || !((info.data[1] as number) & 1)) return null;
  const next = new Fields(info.data.subarray(2)).u64();
  const data = info.data.slice();
  data.set(pack([next + 1, 8]), 2);
  messages[at] = { ...info, data };
  return next;
}

function setAttribute({ header, path }: PlannedObject, name: string, value: NewValue | null): void {
  header.messages = header.messages.filter(({ attribute }) => attribute?.name !== name);
  if (value === null) return;
  const message = newAttribute(name, value, header.version);
  if (message.data.length > 0xffff) throw new CannotCarry(`the attribute ${name} of ${path} is too long`);
  header.messages.push({ ...message, order: nextInAttributeInfo(header.messages) });
}

function nextInAttributeInfo(messages: HeaderMessage[]): number {
  const at = messages.findIndex(({ type }) => type === MESSAGE.attributeInfo);
  const info = messages[at];
  if (!info || !((info.data[1] as number) & 1)) return 0;
  const next = new Fields(info.data.subarray(2)).u16();
  if (next >= 0xffff) throw new CannotCarry('an object in it has had too many attributes');
  const data = info.data.slice();
  data.set(pack([next + 1, 2]), 2);
  messages[at] = { ...info, data };
  return next;
}

const SCALAR = pack(1, 0, 0, [0, 5]);
const UNSIGNED_BYTE = pack(0x10, [0, 3], [1, 4], [0, 2], [8, 2]);
/** Of any length, ends at a zero, UTF-8. */
const TEXT = pack(0x19, 0x01, 0x01, 0, [16, 4], UNSIGNED_BYTE);
const FLOAT64 = pack(0x11, 0x20, 63, 0, [8, 4], [0, 2], [64, 2], 52, 11, 0, 52, [1023, 4]);
const INT64 = pack(0x10, 0x08, [0, 2], [8, 4], [0, 2], [64, 2]);

function newAttribute(name: string, value: NewValue, version: 1 | 2): PlannedMessage {
  const said = pack(new TextEncoder().encode(name), 0);
  const type = 'text' in value ? TEXT : 'float' in value ? FLOAT64 : INT64;
  const sizes = [said, type, SCALAR].map(({ length }) => [length, 2] as const);
  const head =
    version === 1
      ? pack(1, 0, ...sizes, padded(said), padded(type), padded(SCALAR))
      : pack(3, 0, ...sizes, 0, said, type, SCALAR);
  const about = { type: MESSAGE.attribute, flags: 0, order: 0 };
  const attribute = { valuesAt: head.length, count: 1, name };
  if ('text' in value) {
    const bytes = new TextEncoder().encode(value.text);
    const vlen: Slot = { offset: 0, kind: 'vlen', elementBytes: 1, slots: [] };
    const make = (target: Target) => {
      if (bytes.length === 0) return pack(head, [0, 16]);
      const { address, index } = target.kept(bytes);
      return pack(head, [bytes.length, 4], [address, 8], [index, 4]);
    };
    const data = pack(head, [0, 16]);
    const typed = { bytes: 16, slots: [vlen], read: null };
    return { ...about, data, make, attribute: { ...attribute, values: data.subarray(head.length), type: typed } };
  }
  const bytes = Buffer.alloc(8);
  if ('float' in value) bytes.writeDoubleLE(value.float);
  else bytes.writeBigInt64LE(BigInt(value.whole));
  const typed = { bytes: 8, slots: [], read: 'stored' as const };
  return { ...about, data: pack(head, bytes), attribute: { ...attribute, values: bytes, type: typed } };
}

/** Whether a path is another or lies below it. */
function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
