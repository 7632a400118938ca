/** Stands in a page where the content of a file comes as an address ("data:…"), put in when the page is written. */
export class FileContent {
  /** "still": of a GIF its first picture alone. */
  constructor(
    readonly file: string,
    readonly kind: 'whole' | 'still',
  ) {}
}

/** Text that is HTML already, in pieces: whatever went into it was escaped. */
export class Html {
  constructor(readonly pieces: readonly (string | FileContent)[]) {}
}

type Part = Html | FileContent | string | number | null | undefined | false | readonly Part[];

/** HTML of a template: every value in it is somebody's text and is escaped, but for what this made itself. */
export function html(template: TemplateStringsArray, ...values: readonly Part[]): Html {
  const pieces: (string | FileContent)[] = [];
  for (const [at, fixed] of template.entries()) pieces.push(fixed, ...piecesOf(values[at]));
  return new Html(pieces);
}

function piecesOf(value: Part): readonly (string | FileContent)[] {
  if (value === null || value === undefined || value === false) return [];
  if (value instanceof Html) return value.pieces;
  if (value instanceof FileContent) return [value];
  if (Array.isArray(value)) return value.flatMap(piecesOf);
  return [escaped(String(value))];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * For text and for attributes in quotes. Control characters, and those that turn the direction of what comes after them,
 * could make a name look like another: they are shown as unknown ones.
 */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
    .replace(/(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
