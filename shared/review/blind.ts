import type { Episode, Problem } from '../episode/episode.ts';

/**
 * What a recording's own files say of how it went, kept back from who shall judge it independently. Names of files and
 * folders, and numbers recorded step by step, stay as they are.
 */

/** Code of the problem that stands for those that judge. */
export const KEPT_BACK = 'kept-back';

/** Names of facts that judge a recording, whoever wrote them: attributes, properties, columns. */
const JUDGES = /succe|outcome|fail|severity|annotat|verdict|would_retry|recover/i;
/** Kinds of marks that say the same of a moment. */
const JUDGING_MARKS: ReadonlySet<string> = new Set(['failure', 'recovery', 'handoff']);

/** The description without judgements of others; the same object where there are none. `annotator`: whose stay. */
export function withoutJudgements(episode: Episode, annotator: string): Episode {
  const isOwn = (name: string) => name.normalize('NFC') === annotator.normalize('NFC');
  const annotations = episode.annotations.filter((each) => isOwn(each.annotator));
  const [own] = annotations;
  const judges = new Set(episode.annotations.map((each) => each.annotator));
  const marks = episode.marks.filter(({ kind, by }) => isOwn(by) || !(JUDGING_MARKS.has(kind) || judges.has(by)));
  const outcome = own?.outcome ?? null;
  const properties = withoutJudging(episode.properties) as Episode['properties'];
  const metadata = withoutJudging(episode.metadata) as Episode['metadata'];
  const problems = problemsWithoutJudgements(episode.problems, episode.path);
  const isWhole =
    annotations.length === episode.annotations.length &&
    marks.length === episode.marks.length &&
    outcome === episode.outcome &&
    properties === episode.properties &&
    metadata === episode.metadata &&
    problems === episode.problems;
  if (isWhole) return episode;
  return { ...episode, annotations, marks, outcome, properties, metadata, problems, keepsBack: true };
}

/** A line of the list without what its recording says of how it went. */
export function entryWithoutJudgements<Entry extends Pick<Episode, 'path' | 'outcome' | 'properties' | 'problems'>>(
  entry: Entry,
): Entry {
  const properties = withoutJudging(entry.properties) as Episode['properties'];
  const problems = problemsWithoutJudgements(entry.problems, entry.path);
  if (entry.outcome === null && properties === entry.properties && problems === entry.problems) return entry;
  return { ...entry, outcome: null, properties, problems };
}

/** That a rule on judgements is broken is told, how is not. */
export function problemsWithoutJudgements(problems: Problem[], path: string): Problem[] {
  if (!problems.some(({ isJudgement }) => isJudgement)) return problems;
  const message = `${path}: a rule on what annotators wrote into it is broken; how is kept back while the project is blind.`;
  const told = new Set<string>();
  return problems
    .map((problem) => (problem.isJudgement ? { ...problem, code: KEPT_BACK, message } : problem))
    .filter(({ severity, isJudgement }) => !isJudgement || (!told.has(severity) && told.add(severity)));
}

/** Without the keys, at any depth, that judge; the same value where there are none. */
function withoutJudging(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutJudging);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const before = Object.entries(value);
  const after = before.filter(([key]) => !JUDGES.test(key)).map(([key, each]) => [key, withoutJudging(each)] as const);
  const isSame = after.length === before.length && after.every(([, each], index) => each === before[index]?.[1]);
  return isSame ? value : Object.fromEntries(after);
}
