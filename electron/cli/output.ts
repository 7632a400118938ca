/** How a command ends: everything fine, problems found in the data, or it could not run at all. */
export const EXIT = { fine: 0, problems: 1, couldNotRun: 2, interrupted: 130 } as const;

/** A reason not to run, as one sentence for the person; ends the command with exit code 2. */
export class CliFault extends Error {
  override name = 'CliFault';
}

/** Where a command writes: results alone on `out`, progress and sentences on `err`. */
export interface CliOutput {
  out(text: string): Promise<void>;
  err(text: string): void;
}

export const terminalOutput: CliOutput = {
  out: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(printable(text), (error) => (error ? reject(error) : resolve()));
    }),
  err: (text) => void process.stderr.write(printable(text)),
};

/**
 * A text in which no name of a file steers the terminal: control characters are written as "\x1b", all but those that end lines,
 * part columns and, first of all, go back to the beginning of a line of progress.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t\r]|(?<!^)\r(?!\n)/gu, escaped);
}

const escaped = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

export function printJson(output: CliOutput, value: unknown): Promise<void> {
  return output.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** Columns padded to their widest cell; `right` names the columns (from 0) that hold numbers. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  // A line break in a name would tear its row apart.
  const lines = rows.map((row) => row.map((cell) => cell.replace(/\p{Cc}/gu, escaped)));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((row) => (row[column] ?? '').length)),
  );
  return [header, ...lines]
    .map((row) =>
      widths
        .map((width, column) => {
          const cell = row[column] ?? '';
          return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** "1.4 GB": decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** The sentence of an error: its own message, never "[object Object]", and no stack. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && error.message) return error.message;
  return typeof error === 'string'
    ? error
    : `Something failed without saying why (${JSON.stringify(error) ?? 'nothing'}).`;
}
