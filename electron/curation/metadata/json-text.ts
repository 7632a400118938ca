/** A value in a JSON text, with where it stands. */
type Node = { start: number; end: number } & (
  | { kind: 'object'; entries: { key: string; keyStart: number; keyEnd: number; value: Node }[] }
  | { kind: 'array'; items: Node[] }
  | { kind: 'scalar' }
);

/** What is wrong with a JSON text, as the end of a sentence: "line 3: …". */
export class JsonTextFault extends Error {
  override name = 'JsonTextFault';
}

const MAX_DEPTH = 200;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them within texts.
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * A JSON file that people keep, edited in place: what is not edited stays byte for byte, the order of its keys, its
 * indents and how its numbers are written. Throws JsonTextFault for a text that is no JSON, or names a key twice.
 */
export class JsonText {
  #text: string;
  #root: Node;

  constructor(text: string) {
    this.#text = text;
    this.#root = parse(text);
  }

  toString(): string {
    return this.#text;
  }

  /** The value there as JavaScript has it; undefined where there is none. */
  get(path: readonly string[]): unknown {
    const node = this.#find(path);
    return node ? JSON.parse(this.#text.slice(node.start, node.end)) : undefined;
  }

  /** Sets a value; objects on the way are made. What says the same already stays as it is written. */
  set(path: readonly string[], value: unknown): void {
    const existing = this.#find(path);
    if (existing) {
      if (JSON.stringify(this.get(path)) === JSON.stringify(value)) return;
      this.#replace(existing.start, existing.end, this.#write(value, this.#indentAt(existing.start)));
      return;
    }
    let depth = path.length - 1;
    while (depth > 0 && !this.#find(path.slice(0, depth))) depth--;
    const parent = this.#find(path.slice(0, depth));
    if (parent?.kind !== 'object')
      throw new JsonTextFault(`${path.slice(0, depth).join('.') || 'its top'} is no object`);
    const inside = path.slice(depth + 1).reduceRight((made, key) => ({ [key]: made }) as unknown, value);
    this.#insert(
      parent,
      parent.entries.map((entry) => ({ start: entry.keyStart, end: entry.value.end })),
      (indent) => {
        return `${JSON.stringify(path[depth])}${this.#colon()}${this.#write(inside, indent)}`;
      },
    );
  }

  /** Adds a text to an array of texts: in its place where they are in order, else at its end. */
  add(path: readonly string[], item: string): void {
    const array = this.#find(path);
    if (array?.kind !== 'array') throw new JsonTextFault(`${path.join('.')} is no list`);
    const items = this.get(path) as unknown[];
    if (items.includes(item)) return;
    const isOrdered = items.every(
      (each, at) => typeof each === 'string' && (at === 0 || (items[at - 1] as string) < each),
    );
    const at = isOrdered ? items.findIndex((each) => (each as string) > item) : -1;
    if (at >= 0) {
      // The others move by one: each is said anew where the one before it stood.
      const later = array.items[at] as Node;
      const next = array.items[at + 1];
      const between = next ? this.#text.slice(later.end, next.start) : this.#betweenItems(array);
      this.#replace(later.start, later.start, `${JSON.stringify(item)}${between}`);
      return;
    }
    this.#insert(array, array.items, () => JSON.stringify(item));
  }

  #betweenItems({ items, start }: Node & { kind: 'array' }): string {
    const first = items[0] as Node;
    const before = this.#text.slice(start + 1, first.start);
    return before.includes('\n') ? `,${before}` : ', ';
  }

  /** Puts a new member behind the last one, as the others are laid out. */
  #insert(
    holder: Node,
    members: readonly { start: number; end: number }[],
    write: (indent: string | null) => string,
  ): void {
    const [first] = members;
    const last = members.at(-1);
    if (!first || !last) {
      const outer = this.#indentAt(holder.start);
      const unit = this.#unit();
      if (outer === null || unit === null) {
        this.#replace(holder.start + 1, holder.end - 1, write(null));
        return;
      }
      const eol = this.#eol();
      this.#replace(holder.start + 1, holder.end - 1, `${eol}${outer}${unit}${write(outer + unit)}${eol}${outer}`);
      return;
    }
    const before = this.#text.slice(holder.start + 1, first.start);
    if (before.includes('\n')) {
      const indent = before.slice(before.lastIndexOf('\n') + 1);
      this.#replace(last.end, last.end, `,${this.#eol()}${indent}${write(indent)}`);
      return;
    }
    const spaced = members.length < 2 || /\s/.test(this.#text.slice(last.end, last.end + 2)) || this.#colon() === ': ';
    this.#replace(last.end, last.end, `,${spaced ? ' ' : ''}${write(null)}`);
  }

  /** A value laid out like the rest of the file; on one line where `indent` is null. */
  #write(value: unknown, indent: string | null): string {
    const unit = this.#unit();
    if (indent === null || unit === null) return oneLine(value, this.#colon());
    return JSON.stringify(value, null, unit).replaceAll('\n', `${this.#eol()}${indent}`);
  }

  /** The indent of the line on which this stands; null for a file on one line. */
  #indentAt(at: number): string | null {
    if (this.#unit() === null) return null;
    const line = this.#text.slice(this.#text.lastIndexOf('\n', at - 1) + 1);
    return /^[ \t]*/.exec(line)?.[0] ?? '';
  }

  #unit(): string | null {
    const first = this.#root.kind === 'object' ? this.#root.entries[0] : undefined;
    if (!first) return '  ';
    const before = this.#text.slice(this.#root.start + 1, first.keyStart);
    if (!before.includes('\n')) return null;
    return before.slice(before.lastIndexOf('\n') + 1) || '  ';
  }

  #colon(): string {
    const first = this.#root.kind === 'object' ? this.#root.entries[0] : undefined;
    return first ? this.#text.slice(first.keyEnd, first.value.start) : ': ';
  }

  #eol(): string {
    return this.#text.includes('\r\n') ? '\r\n' : '\n';
  }

  #find(path: readonly string[]): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const key of path) {
      node = node?.kind === 'object' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
    }
    return node;
  }

  #replace(start: number, end: number, by: string): void {
    this.#text = this.#text.slice(0, start) + by + this.#text.slice(end);
    this.#root = parse(this.#text);
  }
}

function oneLine(value: unknown, colon: string): string {
  const comma = colon.endsWith(' ') ? ', ' : ',';
  if (Array.isArray(value)) return `[${value.map((each) => oneLine(each, colon)).join(comma)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}${colon}${oneLine(each, colon)}`);
  return `{${entries.join(comma)}}`;
}

function parse(text: string): Node {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const fault = (what: string): never => {
    const line = text.slice(0, at).split('\n').length;
    throw new JsonTextFault(`line ${line}: ${what}`);
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const skip = () => void match(SPACE);
  const value = (depth: number): Node => {
    if (depth > MAX_DEPTH) fault('it is nested too deep');
    skip();
    const start = at;
    if (text[at] === '{') return object(start, depth);
    if (text[at] === '[') return array(start, depth);
    if (match(TEXT) === null && match(SCALAR) === null) fault('a value is missing or cannot be read');
    return { kind: 'scalar', start, end: at };
  };
  const object = (start: number, depth: number): Node => {
    const entries: Extract<Node, { kind: 'object' }>['entries'] = [];
    at++;
    skip();
    while (text[at] !== '}') {
      if (entries.length > 0) comma();
      const keyStart = at;
      const raw = match(TEXT) ?? fault('the name of a value is missing');
      const keyEnd = at;
      const key = JSON.parse(raw) as string;
      if (entries.some((entry) => entry.key === key)) fault(`"${key}" is there twice`);
      skip();
      if (text[at] !== ':') fault(`":" is missing behind "${key}"`);
      at++;
      entries.push({ key, keyStart, keyEnd, value: value(depth + 1) });
      skip();
    }
    at++;
    return { kind: 'object', start, end: at, entries };
  };
  const array = (start: number, depth: number): Node => {
    const items: Node[] = [];
    at++;
    skip();
    while (text[at] !== ']') {
      if (items.length > 0) comma();
      items.push(value(depth + 1));
      skip();
    }
    at++;
    return { kind: 'array', start, end: at, items };
  };
  const comma = () => {
    if (text[at] !== ',') fault(at >= text.length ? 'it ends too early' : '"," is missing');
    at++;
    skip();
  };
  const root = value(0);
  skip();
  if (at < text.length) fault('something stands behind its end');
  return root;
}
