import type { LibraryEntry } from '../../shared/api/library.ts';
import { type Episode, masterClockOf, type Problem } from '../../shared/episode/episode.ts';
import { INNER } from '../../shared/episode/name-within.ts';
import { sentenceOf } from '../fault.ts';
import { type FileFacts, type ListedRecording, type Source, SourceFault } from '../sources/source.ts';

/** What a listed recording needs before it was looked into. Its place is what the first format that takes such names says. */
export function pendingEntry(rootId: string, below: string, facts: FileFacts, source: Source): LibraryEntry {
  return {
    id: `${rootId}/${below}`,
    root: rootId,
    path: below,
    ...placed(source, below, facts.name),
    format: '',
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
    listsOthers: source.recordings !== undefined,
  };
}

/** One of several recordings of a file, as far as its list tells of it. */
export function listedEntry(
  rootId: string,
  below: string,
  facts: FileFacts,
  source: Source,
  listed: ListedRecording,
): LibraryEntry {
  const { inner, complete, name = inner, task, date, ticks, durationNs, streams } = listed;
  const { outcome, instruction, properties, sizeBytes = facts.sizeBytes, problems = [] } = listed;
  const pending = pendingEntry(rootId, below, facts, source);
  return {
    ...pending,
    id: `${pending.id}${INNER}${inner}`,
    path: `${below}${INNER}${inner}`,
    name,
    task: task ?? pending.task,
    date: date ?? pending.date,
    format: source.id,
    sizeBytes,
    status: complete ? statusOf(problems) : 'pending',
    durationNs: durationNs ?? null,
    ticks: ticks ?? null,
    streams: streams ?? null,
    outcome: outcome ?? null,
    instruction: instruction ?? null,
    properties: properties ?? {},
    problems: [...problems],
    listsOthers: false,
  };
}

export function inspectedEntry(entry: LibraryEntry, episode: Episode): LibraryEntry {
  const clock = episode.clocks.length > 0 ? masterClockOf(episode) : undefined;
  const spanNs = clock && clock.firstNs !== null && clock.lastNs !== null ? clock.lastNs - clock.firstNs : null;
  return {
    ...entry,
    format: episode.format,
    task: episode.task,
    date: episode.date,
    name: episode.name,
    sizeBytes: episode.sizeBytes,
    status: statusOf(episode.problems),
    durationNs: spanNs,
    ticks: clock?.count ?? null,
    streams: episode.streams.length,
    outcome: episode.outcome,
    instruction: episode.instruction,
    properties: episode.properties,
    problems: episode.problems,
    listsOthers: false,
  };
}

/** Whether there are samples that can be decoded here, to see if they are whole. */
export function canBeTried(episode: Episode): boolean {
  return episode.clocks.length > 0 && episode.streams.some(({ encoding, fault }) => encoding !== 'video' && !fault);
}

/** The same with what was found later; a problem that is known already is not told twice. */
export function withProblems(entry: LibraryEntry, found: readonly Problem[]): LibraryEntry {
  const known = new Set(entry.problems.map(({ message }) => message));
  const problems = [...entry.problems, ...found.filter(({ message }) => !known.has(message))];
  if (problems.length === entry.problems.length) return entry;
  return { ...entry, status: statusOf(problems), problems };
}

function statusOf(problems: readonly Problem[]): LibraryEntry['status'] {
  if (problems.length === 0) return 'good';
  return problems.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
}

/** An entry for a recording that could not be looked into. */
export function failedEntry(entry: LibraryEntry, error: unknown): LibraryEntry {
  const [code, message] =
    error instanceof SourceFault
      ? [error.code, error.message]
      : ['not-inspected', `${entry.path} could not be looked into: ${sentenceOf(error, entry.path)}`];
  return { ...entry, status: 'error', problems: [{ severity: 'error', code, message }] };
}

function placed(source: Source, below: string, fileName: string): { task: string; date: string; name: string } {
  try {
    return source.placeOf(below);
  } catch {
    return { task: '', date: '', name: fileName };
  }
}
