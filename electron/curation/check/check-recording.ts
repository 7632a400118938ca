import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { sentenceOf } from '../../fault.ts';
import type { StageContext, StageEpisode } from '../stage.ts';
import { decodeProblems, decodeSamples, type StreamDecoded } from './decode-samples.ts';
import { belongsInQuarantine, lookAt, quarantine } from './quarantine.ts';
import { type TakeLine, takeLines } from './take-lines.ts';

export interface CheckOptions {
  deep: boolean;
  quarantine: boolean;
}

export interface CheckedRecording {
  path: string;
  format: string;
  status: 'good' | 'warning' | 'error';
  problems: Problem[];
  notes: string[];
  /** The four lines of a take, of a recording of the rig. */
  take?: TakeLine[];
  /** With --deep: what decoding every sample told, stream by stream. */
  decoded?: StreamDecoded[];
  /** Path below the root that the file was renamed to. */
  quarantined?: string;
}

/** Every rule of the recording's format, then what its samples tell. Never rejects but for being cancelled. */
export async function checkRecording(
  context: StageContext<CheckOptions>,
  episode: StageEpisode,
): Promise<CheckedRecording> {
  const file = path.join(context.root.path, episode.path);
  const looked = await lookAt(file);
  let problems: Problem[] = [];
  let notes: string[] = [];
  try {
    const checked = await context.check(episode);
    problems.push(...checked.episode.problems, ...checked.findings.problems);
    notes = [...(checked.findings.notes ?? []), ...(checked.findings.judgements ?? [])];
  } catch (error) {
    context.signal.throwIfAborted();
    // What cannot be opened at all has its sentence in the list already.
    if (episode.problems.length === 0)
      problems.push({ severity: 'error', code: 'not-checked', message: sentenceOf(error) });
  }
  const add = (found: readonly Problem[]) => {
    const told = new Set(problems.map(({ message }) => message));
    problems.push(...found.filter(({ message }) => !told.has(message)));
  };
  add(episode.problems);
  const samples = await samplesOf(context, episode, problems);
  // The list may know of damage from the few samples it tried: whoever decoded more of them tells it.
  const damage = samples?.problems ?? [];
  const isAmong = (all: readonly Problem[], { code, stream }: Problem) =>
    stream !== undefined && all.some((other) => other.code === code && other.stream === stream);
  if (context.options.deep) problems = problems.filter((problem) => !isAmong(damage, problem));
  add(damage.filter((problem) => !isAmong(problems, problem)));
  const renamed = context.options.quarantine ? await quarantined(context, episode, problems, looked) : undefined;
  const worst = problems.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
  return {
    ...{ path: episode.path, format: episode.format, status: problems.length === 0 ? 'good' : worst, problems, notes },
    ...(samples?.take ? { take: samples.take } : {}),
    ...(samples && context.options.deep ? { decoded: samples.decoded } : {}),
    ...(renamed ? { quarantined: renamed } : {}),
  };
}

/** Only of what can be opened: a file that cannot has told why. */
async function samplesOf(context: StageContext<CheckOptions>, episode: StageEpisode, known: readonly Problem[]) {
  const isClosed = known.some(({ code }) =>
    ['truncated', 'not-hdf5', 'gone', 'no-access', 'not-checked'].includes(code),
  );
  if (isClosed || episode.fault || episode.format === '') return null;
  try {
    const { opened } = await context.open(episode);
    const decoded = await decodeSamples(opened, context, context.options.deep);
    const take = episode.format === 'react' ? takeLines(opened, decoded) : undefined;
    return { decoded, take, problems: decodeProblems(opened, decoded) };
  } catch (error) {
    context.signal.throwIfAborted();
    const problem: Problem = { severity: 'error', code: 'not-decoded', message: sentenceOf(error) };
    return { decoded: [], take: undefined, problems: known.length > 0 ? [] : [problem] };
  } finally {
    await context.release(episode);
  }
}

async function quarantined(
  context: StageContext<CheckOptions>,
  episode: StageEpisode,
  problems: readonly Problem[],
  looked: Awaited<ReturnType<typeof lookAt>>,
): Promise<string | undefined> {
  if (!/\.(h5|hdf5)$/i.test(episode.path) || !belongsInQuarantine(problems)) return undefined;
  try {
    await context.release(episode);
    await quarantine(path.join(context.root.path, episode.path), looked);
    return `${episode.path}.corrupt`;
  } catch (error) {
    context.fail(episode.path, sentenceOf(error));
    return undefined;
  }
}
