import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { leavesOf } from '../common/json-file.ts';
import { worstQuaternion } from '../common/step-rows.ts';
import { DURATION_SLACK_SECONDS } from '../common/step-video.ts';
import { type CheckFindings, type OpenedEpisode, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { baseName } from './companions.ts';
import { overrunsOfRollout } from './open.ts';
import { type Rollout, readRollout } from './read.ts';
import { agrees, compareTimings, decimalsOf, LOOP_TOTAL, type StatedStatistic, statedStatistics } from './timing.ts';

const UNIT_TOLERANCE = 1e-2;
const MAX_SUMMARY_LINES = 60;
const EXPECTED_TIMINGS = ['obs_read_ms', 'preprocess_ms', 'inference_ms', 'env_step_ms', LOOP_TOTAL];

/** That video, timing and trajectory are there and agree; with the summary as lines for people. */
export async function checkRollout(file: OpenFile, opened: OpenedEpisode, ports: SourcePorts): Promise<CheckFindings> {
  let rollout: Rollout;
  try {
    rollout = await readRollout(file, ports);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    // Opening has said why.
    return { problems: [] };
  }
  const told = new Set(opened.episode.problems.map(({ message }) => message));
  const problems = [
    ...missingParts(file, rollout),
    ...(await namedFiles(file, rollout, ports)),
    ...stepProblems(file, rollout),
    ...videoProblems(rollout, opened),
    ...timingProblems(rollout),
    ...poseProblems(file, rollout, opened),
  ];
  return { problems: problems.filter(({ message }) => !told.has(message)), notes: notesOf(file, rollout) };
}

function problem(severity: Problem['severity'], code: string, message: string, stream?: string): Problem {
  return { severity, code, message, ...(stream === undefined ? {} : { stream }) };
}

function missingParts(file: OpenFile, { companions, arrays, timings }: Rollout): Problem[] {
  const problems: Problem[] = [];
  if (!companions.video) {
    const message = `Beside ${file.name} is no video.mp4: run the rollout with video capture, or leave it out on purpose.`;
    problems.push(problem('warning', 'missing-video', message));
  }
  if (!companions.timing) {
    const message = `Beside ${file.name} is no timing.json: the timings are told from the arrays alone.`;
    problems.push(problem('warning', 'missing-timing', message));
  }
  const missing = EXPECTED_TIMINGS.filter((name) => !arrays.byStep.has(name));
  if (missing.length > 0 && timings.size > 0) {
    const message = `${file.name} holds no ${missing.join(', ')}: capture all five timings of a step.`;
    problems.push(problem('warning', 'missing-timing', message));
  }
  const poses = [...arrays.byStep.keys()].some((name) => name.endsWith('_pos'));
  if (!poses) {
    const message = `${file.name} holds no end-effector positions (arrays named *_pos with *_quat): nothing is drawn in 3D.`;
    problems.push(problem('warning', 'missing-track', message));
  }
  return problems;
}

/** Files that the summary names: there, and inside the folder. Whole paths are those of the machine that ran it. */
async function namedFiles(file: OpenFile, { companions }: Rollout, { files }: SourcePorts): Promise<Problem[]> {
  const folder = path.dirname(file.path);
  const isThere = async (place: string) => (await files.facts(path.join(folder, place))) !== undefined;
  const problems = new Map<string, Problem>();
  for (const { text, by } of companions.named) {
    const isWhole = /^([\\/]|[A-Za-z]:)/.test(text);
    try {
      // Producers write paths from where they were started: what counts is the file of that name beside the summary.
      if (!isWhole && (await isThere(text.replaceAll('\\', '/')))) continue;
      if (await isThere(baseName(text))) continue;
      const message = `${by} names ${text}, but there is no ${baseName(text)} beside it: put the file back or run the rollout again.`;
      problems.set(text, problem('warning', 'missing-file', message));
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      const message = `${by} names ${text}, which leads outside of the opened folder and was not read: name files beside it.`;
      problems.set(text, problem('error', 'outside', message));
    }
  }
  return [...problems.values()];
}

function stepProblems(file: OpenFile, { arrays }: Rollout): Problem[] {
  const counter = arrays.byStep.get('step');
  if (counter?.columns !== 1) return [];
  const { values } = counter;
  const at = values.findIndex((value, i) => i > 0 && value - (values[i - 1] as number) !== 1);
  if (at < 0) return [];
  const message = `${file.name}: step counts from ${values[at - 1]} to ${values[at]} at row ${at}: steps were lost or two runs were joined.`;
  return [problem('error', 'steps-not-counted', message, 'step')];
}

function videoProblems({ video, rate, arrays }: Rollout, { episode }: OpenedEpisode): Problem[] {
  if (!video || arrays.steps === 0) return [];
  const problems: Problem[] = [];
  const { frameCount, rateHz } = video.facts;
  const { steps } = arrays;
  const isTold = episode.problems.some(({ code, stream }) => code === 'count-mismatch' && stream === video.name);
  if (frameCount !== steps && !isTold) {
    const message = `${video.name} has ${frameCount} frames for ${steps} steps: capture one frame a step.`;
    problems.push(
      problem(Math.abs(frameCount - steps) > 1 ? 'error' : 'warning', 'count-mismatch', message, video.name),
    );
  }
  const videoSeconds = rateHz > 0 ? frameCount / rateHz : 0;
  const stepSeconds = steps / rate.hz;
  const isStated = rate.by === 'person' || rate.by === 'file';
  if (isStated && Math.abs(videoSeconds - stepSeconds) > DURATION_SLACK_SECONDS) {
    const message = `${video.name} lasts ${videoSeconds.toFixed(2)} s and the ${steps} steps ${stepSeconds.toFixed(2)} s at ${rate.hz.toFixed(2)} Hz, more than ${DURATION_SLACK_SECONDS} s apart: look which of the two rates is right.`;
    problems.push(problem('warning', 'duration-mismatch', message, video.name));
  }
  return problems;
}

function timingProblems({ companions, timings, arrays }: Rollout): Problem[] {
  const { timing } = companions;
  if (!timing) return [];
  const names = [...timings.keys()].sort(compareTimings);
  const known = names.length > 0 ? names : EXPECTED_TIMINGS;
  const stated = statedStatistics(timing.leaves, known);
  if (stated.length === 0) {
    const message = `${timing.name} states no mean, std, min or max of ${known.join(', ')}: nothing could be compared with the arrays.`;
    return [problem('warning', 'timing-unreadable', message)];
  }
  const decimals = decimalsOf(stated);
  const problems: Problem[] = [];
  for (const each of stated) {
    const found = timings.get(each.timing);
    if (!found) {
      const message = `${timing.name} tells of ${each.timing}, but the trajectory holds no such array: capture it by step too.`;
      if (!problems.some((known) => known.message === message))
        problems.push(problem('warning', 'missing-timing', message));
      continue;
    }
    if (isRight(each)) continue;
    const computed = each.statistic === 'count' ? String(found.count) : found[each.statistic].toFixed(3);
    const unit = each.statistic === 'count' ? '' : ' ms';
    const message = `${timing.name} gives the ${each.statistic} of ${each.timing} as ${each.value}${unit}, the array ${computed}${unit}: the two are of different runs, or one was edited.`;
    problems.push(problem('error', 'timing-mismatch', message, each.timing));
  }
  return problems;

  function isRight({ timing: name, statistic, value }: StatedStatistic): boolean {
    const found = timings.get(name);
    if (!found) return false;
    if (statistic === 'count') return value === found.count || value === arrays.steps;
    const isOf = (computed: number) => agrees(value, computed, decimals);
    return isOf(found[statistic]) || (statistic === 'std' && isOf(found.sampleStd));
  }
}

function poseProblems(file: OpenFile, { arrays }: Rollout, { episode }: OpenedEpisode): Problem[] {
  const problems: Problem[] = [];
  for (const { id } of episode.tracks) {
    const rotation = arrays.byStep.get(`${id}_quat`);
    if (!rotation) continue;
    const worst = worstQuaternion({ ...rotation, at: 0 }, UNIT_TOLERANCE);
    if (worst.count === 0) continue;
    const message = `${file.name}: ${id}_quat has ${worst.count} quaternion${worst.count === 1 ? '' : 's'} whose length is not 1 (${worst.length.toFixed(3)} at step ${worst.step}): they are no rotations as they stand.`;
    problems.push(problem('error', 'quaternion-length', message, id));
  }
  return problems;
}

function notesOf(file: OpenFile, rollout: Rollout): string[] {
  const { arrays, video, companions, timings, rate } = rollout;
  const notes = [
    `${file.name}: ${arrays.steps} steps at ${rate.hz.toFixed(2)} Hz (${rate.where}), ${Object.keys(arrays.shapes).length} arrays`,
  ];
  if (video) {
    const { frameCount, rateHz, width, height, codec } = video.facts;
    notes.push(`${video.name}: ${frameCount} frames at ${rateHz.toFixed(2)} Hz, ${width} × ${height}, ${codec}`);
  }
  for (const name of [...timings.keys()].sort(compareTimings)) {
    const { mean, p95, max } = timings.get(name) as NonNullable<ReturnType<typeof timings.get>>;
    notes.push(`${name}: mean ${mean.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, max ${max.toFixed(2)} ms`);
  }
  const overran = overrunsOfRollout(rollout).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (timings.has(LOOP_TOTAL)) {
    const isGuess = rate.by === 'mean-loop' || rate.by === 'nothing';
    notes.push(
      isGuess
        ? 'No period is known, so no step is said to have overrun it: state the rate of this folder.'
        : `${overran} of ${arrays.steps} steps overran the period of ${(1000 / rate.hz).toFixed(1)} ms`,
    );
  }
  const lines = companions.summaries.flatMap(({ name, tree }) =>
    leavesOf(tree).map(({ keys, value }) => `${name}: ${keys.join('.')} = ${String(value)}`),
  );
  notes.push(...lines.slice(0, MAX_SUMMARY_LINES));
  if (lines.length > MAX_SUMMARY_LINES)
    notes.push(`… and ${lines.length - MAX_SUMMARY_LINES} more lines of the summary`);
  return notes;
}
