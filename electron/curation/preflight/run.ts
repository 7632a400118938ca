import path from 'node:path';
import { masterClockOf } from '../../../shared/episode/episode.ts';
import { Fault, sentenceOf } from '../../fault.ts';
import { datasetFigure } from '../common/output-paths.ts';
import { byLayout, noStandardLayout, passedOver } from '../common/standard-layout.ts';
import { textOf } from '../metadata/tasks-file.ts';
import type { StageContext, StageEnd, StageEpisode } from '../stage.ts';
import { type Box, type Known, preflightBoxes } from './boxes.ts';
import type { PreflightOptions } from './index.ts';

type Context = StageContext<PreflightOptions>;

/** Stage 10: reads, and writes nothing. */
export async function runPreflight(context: Context): Promise<StageEnd> {
  const { standard: rig, others } = byLayout(context.episodes);
  if (rig.length === 0) throw noStandardLayout(context.root.path, others, 'the pipeline has nothing to publish');
  const outside = passedOver(others);
  if (outside) context.log(outside);
  const known: Known[] = [];
  for (const [done, episode] of rig.entries()) {
    context.signal.throwIfAborted();
    context.progress({ done, total: rig.length, message: episode.path });
    known.push(await knownOf(context, episode));
  }
  context.progress({ done: rig.length, total: rig.length, message: '' });
  const boxes = await preflightBoxes({
    place: context,
    known,
    all: context.all,
    tasks: await jsonOf(path.join(context.root.path, 'tasks.json')),
    badFrames: await jsonOf(datasetFigure(context, 'bad_frames.json')),
    breakdown: await jsonOf(datasetFigure(context, 'data_quality_breakdown.json')),
    commandOf: (stage, narrowed = true) => commandOf(context, rig, stage, narrowed),
    quarantineCommand: `${commandOf({ ...context, out: null }, rig, 'check', true)} --quarantine`,
  });
  const open = boxes.filter(({ isTicked }) => !isTicked);
  return {
    message:
      open.length === 0 ? `All ${boxes.length} boxes are ticked.` : `${open.length} of ${boxes.length} boxes are open.`,
    lines: boxes.flatMap(linesOf),
    result: { boxes },
    foundProblems: open.length > 0,
  };
}

async function knownOf(context: Context, episode: StageEpisode): Promise<Known> {
  if (episode.fault) return { episode, fingerprint: null, recordedUntilMs: null };
  try {
    const { opened, fingerprint } = await context.open(episode);
    const { startUnixSeconds, clocks } = opened.episode;
    const lastNs = clocks.length > 0 ? masterClockOf(opened.episode).lastNs : null;
    const recordedUntilMs =
      startUnixSeconds === null || lastNs === null ? null : startUnixSeconds * 1000 + lastNs / 1e6;
    return { episode, fingerprint, recordedUntilMs };
  } catch (error) {
    context.signal.throwIfAborted();
    context.fail(episode.path, sentenceOf(error));
    return { episode, fingerprint: null, recordedUntilMs: null };
  } finally {
    await context.release(episode);
  }
}

/** What a file holds; undefined where it is not there, and the Fault where nothing can be read from it: its boxes tell it. */
async function jsonOf(file: string): Promise<unknown> {
  try {
    const text = await textOf(file);
    return text === null ? undefined : JSON.parse(text);
  } catch (error) {
    return error instanceof Fault ? error : new Fault('UNUSABLE', `${file} is no JSON: correct it, or move it away.`);
  }
}

function commandOf(context: Context, rig: readonly StageEpisode[], stage: string, narrowed: boolean): string {
  const only = (values: readonly string[]) => (new Set(values).size === 1 ? values[0] : undefined);
  const [task, date] = [only(rig.map((each) => each.task)), only(rig.map((each) => each.date))];
  const quoted = (word: string) => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
  return [
    `regrasp ${stage} ${quoted(context.root.path)}`,
    ...(narrowed && task !== undefined ? [`--task ${quoted(task)}`] : []),
    ...(narrowed && date !== undefined ? [`--only-date ${quoted(date)}`] : []),
    ...(context.out === null ? [] : [`--out ${quoted(context.out)}`]),
  ].join(' ');
}

function linesOf({ box, isTicked, evidence, missing, command }: Box): string[] {
  const few = missing.slice(0, 5).map((each) => `      ${each}`);
  const more = missing.length > 5 ? [`      and ${missing.length - 5} more`] : [];
  return [
    `[${isTicked ? 'x' : ' '}] ${box}: ${evidence}`,
    ...few,
    ...more,
    ...(command ? [`      mend: ${command}`] : []),
  ];
}
