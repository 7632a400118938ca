import type { LibraryEntry } from '../../shared/api/library.ts';
import { masterClockOf, type Problem } from '../../shared/episode/episode.ts';
import type { FileFacts, OpenedEpisode, Source } from '../sources/source.ts';

/** What a listed recording needs before it was looked into. */
export function pendingEntry(rootId: string, below: string, facts: FileFacts, source: Source): LibraryEntry {
  return {
    id: `${rootId}/${below}`,
    root: rootId,
    path: below,
    ...placed(source, below, facts.name),
    format: source.id,
    sizeBytes: facts.sizeBytes,
    modifiedMs: facts.modifiedMs,
    status: 'pending',
    durationNs: null,
    ticks: null,
    streams: null,
    outcome: null,
    instruction: null,
    properties: {},
    problems: [],
  };
}

export function inspectedEntry(entry: LibraryEntry, { episode }: OpenedEpisode): LibraryEntry {
  const clock = episode.clocks.length > 0 ? masterClockOf(episode) : undefined;
  const spanNs = clock && clock.firstNs !== null && clock.lastNs !== null ? clock.lastNs - clock.firstNs : null;
  const worst = episode.problems.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
  return {
    ...entry,
    task: episode.task,
    date: episode.date,
    name: episode.name,
    status: episode.problems.length === 0 ? 'good' : worst,
    durationNs: spanNs,
    ticks: clock?.count ?? null,
    streams: episode.streams.length,
    outcome: episode.outcome,
    instruction: episode.instruction,
    properties: episode.properties,
    problems: episode.problems,
  };
}

/** The same with what was found later; a problem that is known already is not told twice. */
export function withProblems(entry: LibraryEntry, found: readonly Problem[]): LibraryEntry {
  const known = new Set(entry.problems.map(({ message }) => message));
  const problems = [...entry.problems, ...found.filter(({ message }) => !known.has(message))];
  if (problems.length === entry.problems.length) return entry;
  const status = problems.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
  return { ...entry, status, problems };
}

/** An entry for a recording whose inspection failed in a way its source did not foresee. */
export function failedEntry(entry: LibraryEntry, message: string): LibraryEntry {
  return { ...entry, status: 'error', problems: [{ severity: 'error', code: 'not-inspected', message }] };
}

function placed(source: Source, below: string, fileName: string): { task: string; date: string; name: string } {
  try {
    return source.placeOf(below);
  } catch {
    return { task: '', date: '', name: fileName };
  }
}
