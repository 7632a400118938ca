import path from 'node:path';
import type { LibraryEntry } from '../../shared/api/library.ts';
import type { Problem } from '../../shared/episode/episode.ts';
import type { Workstation } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { withWorkstation } from './episode-command.ts';
import { openNamed } from './named-recording.ts';
import { EXIT, printJson, sentenceOf } from './output.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';

interface CheckedRecording {
  path: string;
  format: string;
  status: 'good' | 'warning' | 'error';
  problems: Problem[];
  notes: string[];
}

/**
 * Applies every rule of every recording's format and tells all that is wrong, not the first. Exit code 1 when anything
 * is an error. JSON: `datasets`, each with its `root` and `recordings`.
 */
export async function check(context: CliContext, named: string, options: { json?: boolean }): Promise<number> {
  return withWorkstation(context, async (workstation) => {
    const line = progressLine(context.output);
    const datasets: { root: string; recordings: CheckedRecording[] }[] = [];
    try {
      for (const { id, path: root, only } of await rootsOf(workstation, named)) {
        const { entries } = await workstation.settled(id);
        const wanted = entries.filter((entry) => only === null || entry.id === only);
        datasets.push({ root, recordings: await checkAll(context, workstation, wanted, line) });
      }
    } finally {
      line.end();
    }
    if (options.json) await printJson(context.output, { datasets });
    else for (const { root, recordings } of datasets) await context.output.out(describe(root, recordings));
    const all = datasets.flatMap(({ recordings }) => recordings);
    return all.some(({ status }) => status === 'error') ? EXIT.problems : EXIT.fine;
  });
}

/** Datasets to check, and of each the only recording that was named, if one was. */
async function rootsOf(workstation: Workstation, named: string) {
  const first = await openNamed(workstation, named).catch((error: unknown) => {
    // A file of several recordings is checked whole.
    if (named.includes('::')) throw error;
    return undefined;
  });
  if (first?.episode) return [{ id: first.root.id, path: first.root.path, only: first.episode }];
  const roots = await workstation.openRoots(await workstation.grant(path.resolve(named)));
  return roots.map(({ id, path: where }) => ({ id, path: where, only: null }));
}

async function checkAll(
  context: CliContext,
  workstation: Workstation,
  entries: readonly LibraryEntry[],
  line: ProgressLine,
): Promise<CheckedRecording[]> {
  const checked: CheckedRecording[] = [];
  for (const entry of entries) {
    context.signal.throwIfAborted();
    line.show(`Checked ${checked.length} of ${entries.length} recordings.`);
    checked.push(await checkOne(workstation, entry));
  }
  return checked;
}

async function checkOne(workstation: Workstation, entry: LibraryEntry): Promise<CheckedRecording> {
  const problems: Problem[] = [];
  let notes: string[] = [];
  try {
    const { episode, findings } = await workstation.check(entry.root, entry.path);
    problems.push(...episode.problems, ...findings.problems);
    notes = findings.notes ?? [];
  } catch (error) {
    // What cannot be opened at all has its sentence in the list already.
    if (entry.problems.length === 0)
      problems.push({ severity: 'error', code: 'not-checked', message: sentenceOf(error) });
  }
  const told = new Set(problems.map(({ message }) => message));
  problems.push(...entry.problems.filter(({ message }) => !told.has(message)));
  const worst = problems.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
  const status = problems.length === 0 ? 'good' : worst;
  return { path: entry.path, format: entry.format, status, problems, notes };
}

function describe(root: string, recordings: readonly CheckedRecording[]): string {
  const parts = recordings.map(({ path: below, format, status, problems, notes }) => {
    const faults = problems.map(({ severity, code, message }) => `  ${severity} ${code}: ${message}\n`);
    return `${below} (${format}): ${status}\n${faults.join('')}${notes.map((note) => `  ${note}\n`).join('')}`;
  });
  const count = (wanted: CheckedRecording['status']) => recordings.filter(({ status }) => status === wanted).length;
  const sum = `${recordings.length} recordings: ${count('good')} good, ${count('warning')} with warnings, ${count('error')} with errors.\n`;
  return `${root}\n${parts.join('')}${sum}`;
}
