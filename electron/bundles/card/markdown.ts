/** A table; cells are Markdown already (see cellText). */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Somebody's text on one line, as text: no mark-up, no picture, no HTML of theirs comes to life. */
export function lineText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_{}[\]<>#!|&]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : `\\${sign}`));
}

/** The same in a cell. */
export function cellText(text: string): string {
  return text === '' ? ' ' : lineText(text);
}
