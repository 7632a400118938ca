import { Fault, sentenceOf } from '../../fault.ts';
import { belongsInQuarantine } from '../check/quarantine.ts';
import { byLayout, noStandardLayout } from '../common/standard-layout.ts';
import type { Stage, StageContext, StageEnd, StageEpisode } from '../stage.ts';
import type { CurateOptions } from './index.ts';
import { failureModes } from './known-modes.ts';
import { compareWithLog } from './recorder-log.ts';

type Context = StageContext<CurateOptions>;

/** The pipeline's runbook. */
const RUNBOOK = ['check', 'compress', 'preview', 'contact', 'detect', 'gallery', 'clips', 'metadata', 'preflight'];

interface Ran {
  stage: string;
  message: string;
  failures: { item: string; message: string }[];
}

/** Why the runbook goes no further, as a sentence; null: go on. */
type Stop = string | null;

/**
 * Runs the stages in order over what was named. After each it is asked whether the next one may begin: with fewer files than
 * recordings, or a failure nobody has met before, it may not.
 */
export async function runCurate(context: Context, stages: readonly Stage<never>[]): Promise<StageEnd> {
  const { date } = context.options;
  const named = context.episodes.filter((episode) => date === undefined || episode.date === date);
  const { standard: episodes, others } = byLayout(named);
  if (named.length === 0)
    throw new Fault(
      'NOT_FOUND',
      `${context.root.path} holds no recording of ${date}: name another date, or the task it belongs to.`,
    );
  if (episodes.length === 0) throw noStandardLayout(context.root.path, others, 'the runbook has nothing to run over');
  const skipped = skippedStages(context.options.skip);
  const ran: Ran[] = [];
  const end = (stop: Stop): StageEnd => ({
    message: stop ?? `All ${ran.length} stages are done: ${ran.at(-1)?.message ?? ''}`.trim(),
    lines: ran.map(({ stage, message }) => `${stage}: ${message}`),
    result: { stages: ran, stopped: stop, episodes: episodes.length },
    foundProblems: stop !== null,
  });
  const counted = await unexpectedCount(context, episodes);
  if (counted) return end(counted);
  for (const id of RUNBOOK.filter((each) => !skipped.has(each))) {
    context.signal.throwIfAborted();
    const stage = stages.find((each) => each.id === id) as Stage<unknown> | undefined;
    if (!stage) throw new Fault('UNUSABLE', `This build has no stage "${id}".`);
    context.log(`${stage.title} …`);
    const { ended, failures } = await runOne(context, stage, episodes);
    ran.push({ stage: id, message: ended.message, failures });
    for (const line of id === 'preflight' || id === 'metadata' ? (ended.lines ?? []) : []) context.log(line);
    const stop = await stopAfter(context, id, ended, failures, episodes);
    if (stop) return end(stop);
  }
  return end(null);
}

function skippedStages(named: string | undefined): Set<string> {
  const skipped = new Set(
    (named ?? '')
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean),
  );
  const unknown = [...skipped].find((word) => !RUNBOOK.includes(word));
  if (unknown !== undefined)
    throw new Fault('REFUSED', `--skip ${unknown}: there is no such stage. They are ${RUNBOOK.join(', ')}.`);
  return skipped;
}

async function runOne(context: Context, stage: Stage<unknown>, episodes: readonly StageEpisode[]) {
  const failures: Ran['failures'] = [];
  const ended = await stage.run({
    ...context,
    episodes,
    options: stage.options.parse({}),
    progress: ({ message, ...rest }) =>
      context.progress({ ...rest, message: [stage.id, message].filter(Boolean).join(': ') }),
    fail(item, message) {
      failures.push({ item, message });
      context.fail(item, message);
    },
  });
  return { ended, failures };
}

async function unexpectedCount(context: Context, episodes: readonly StageEpisode[]): Promise<Stop> {
  const { expect } = context.options;
  if (expect !== undefined && expect !== episodes.length)
    return `Stopped before the first stage: ${expect} episodes were expected and ${episodes.length} are there. Find the others, or name another number.`;
  const different = expect === undefined ? await compareWithLog(context.root.path, episodes) : [];
  if (different === null || different.length === 0) return null;
  const more = different.length > 1 ? `, and ${different.length - 1} more` : '';
  return `Stopped before the first stage: ${different[0]}${more}. Restore what is missing, or say with --expect how many are right.`;
}

async function stopAfter(
  context: Context,
  id: string,
  ended: StageEnd,
  failures: Ran['failures'],
  episodes: readonly StageEpisode[],
): Promise<Stop> {
  if (failures.length > 0) {
    const [first] = failures;
    return `Stopped at ${id}: ${failures.length} of ${episodes.length} failed, first ${first?.item}: ${first?.message} Mend it and run the same command again; what is done stays.`;
  }
  if (id === 'check') return unusable(context, ended);
  if (id === 'preflight' && ended.foundProblems) return `Stopped at preflight: ${ended.message}`;
  if (id !== 'detect') return null;
  const { isNew: modes, baseline } = await failureModes(context).catch((error: unknown) => {
    throw new Fault('UNUSABLE', sentenceOf(error));
  });
  if (baseline) {
    const known = baseline.length === 0 ? 'No failure mode counts' : `${baseline.join(', ')} count`;
    context.log(
      `This is the first curate of this dataset, so there is nothing to compare with. ${known} as known from now on; any other stops the run.`,
    );
  }
  if (modes.length === 0) return null;
  return `Stopped at detect: ${modes.join(', ')} ${modes.length === 1 ? 'is a failure mode' : 'are failure modes'} this dataset never had. Write it up in docs/caveats.md under that name, then run the same command again.`;
}

/** Recordings that no later stage could use. */
function unusable({ root }: Context, { result }: StageEnd): Stop {
  const recordings = (result?.recordings ?? []) as {
    path: string;
    problems: Parameters<typeof belongsInQuarantine>[0];
  }[];
  const bad = recordings.filter(({ problems }) => belongsInQuarantine(problems));
  if (bad.length === 0) return null;
  return `Stopped at check: ${bad.length} of ${recordings.length} recordings cannot be opened or disagree with themselves, first ${bad[0]?.path}. Run "regrasp check ${root.path} --quarantine", then this again.`;
}
