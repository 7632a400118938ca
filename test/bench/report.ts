import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

export interface FigureTable {
  title: string;
  note?: string;
  columns: string[];
  rows: string[][];
}

const FILE = 'docs/performance.md';
const BEGIN = (mode: string) => `<!-- ${mode}: begin -->`;
const END = (mode: string) => `<!-- ${mode}: end -->`;

/** "12.3 ms (≤ 35 ✓)": a figure against what was asked of it; missed ones say by how much. */
export function against(value: number, limit: number, unit: string, sense: 'atMost' | 'atLeast', digits = 1): string {
  const isMet = sense === 'atMost' ? value <= limit : value >= limit;
  const bound = `${sense === 'atMost' ? '≤' : '≥'} ${limit}`;
  const missed = Math.abs(value - limit).toFixed(digits);
  return `${value.toFixed(digits)}${unit} (${bound} ${isMet ? 'met' : `missed by ${missed}`})`;
}

export interface Run {
  /** How long it took. */
  seconds: number;
  /** Load average of the minute before it began: other people's work on the same cores. */
  load: number;
}

export function asText(tables: readonly FigureTable[], { seconds, load }: Run): string {
  const machine = `${os.cpus().length} cores (${os.cpus()[0]?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${process.platform}`;
  const run = `Run of ${new Date().toISOString().slice(0, 10)} on ${machine}; it took ${(seconds / 60).toFixed(1)} min; load average before it ${load.toFixed(1)}.`;
  return [run, ...tables.map(asMarkdown)].join('\n\n');
}

/** Prints the tables and puts them between this mode's marks in docs/performance.md; all else there is a person's. */
export function writeReport(mode: string, tables: readonly FigureTable[], run: Run): void {
  const text = asText(tables, run);
  console.log(text);
  const whole = readFileSync(FILE, 'utf8');
  const from = whole.indexOf(BEGIN(mode));
  const to = whole.indexOf(END(mode));
  if (from < 0 || to < from) throw new Error(`${FILE} lacks the marks for ${mode}.`);
  writeFileSync(FILE, `${whole.slice(0, from + BEGIN(mode).length)}\n${text}\n${whole.slice(to)}`);
}

function asMarkdown({ title, note, columns, rows }: FigureTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [`### ${title}`, ''];
  if (note) lines.push(note, '');
  lines.push(line(columns), line(columns.map(() => '---')), ...rows.map(line));
  return lines.join('\n');
}
