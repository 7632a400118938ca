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
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    }),
  err: (text) => void process.stderr.write(text),
};

export function printJson(output: CliOutput, value: unknown): Promise<void> {
  return output.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** Columns padded to their widest cell; `right` names the columns (from 0) that hold numbers. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [header, ...rows]
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
