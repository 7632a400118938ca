import { setImmediate as breathe } from 'node:timers/promises';
import { type Detection, detectInSteps } from '../../../shared/detect/detect.ts';
import { type DetectInput, detectInputOf } from '../../../shared/detect/input.ts';
import type { DetectSettings } from '../../../shared/detect/settings.ts';
import type { EpisodeSignals, Side } from '../../../shared/detect/signals.ts';
import type { Steps } from '../../../shared/detect/steps.ts';
import { Fault } from '../../fault.ts';
import type { OpenedEpisode } from '../../sources/source.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { type SignalsContext, signalsOf } from '../signals/signals-of.ts';

export interface DetectedRecording {
  input: DetectInput;
  detection: Detection;
  /** One sentence where something is wrong with the recording as such: what was detected is of what could be read. */
  fault: string | null;
}

/** Signals of an open recording (stored ones where they are fresh), and all that is detected in them. */
export async function detectRecording(
  context: SignalsContext,
  episode: OpenWorkstationEpisode,
  settings: DetectSettings,
  activeSides: readonly Side[],
  progress?: (done: number, total: number) => void,
): Promise<DetectedRecording> {
  const signals = await signalsOf(context, episode, {
    reference: settings.reference,
    ...(progress ? { progress: ({ done, total }) => progress(done, total) } : {}),
  });
  const input = inputOf(episode.opened, signals, activeSides);
  const { path, problems } = episode.opened.episode;
  const worst = problems.find(({ severity }) => severity === 'error')?.message ?? null;
  if (input.signals.ticks === 0)
    throw new Fault('UNUSABLE', worst ?? `${path} holds no tick: there is nothing to judge.`);
  return { input, detection: await unhurried(detectInSteps(input, settings)), fault: worst };
}

/** Longest that others wait for their turn on this thread, where a step itself is not longer. */
const TURN_MS = 8;

async function unhurried<Result>(steps: Steps<Result>): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - since < TURN_MS) continue;
    await breathe();
    since = performance.now();
  }
}

function inputOf(
  { episode, clocks, values }: OpenedEpisode,
  signals: EpisodeSignals,
  activeSides: readonly Side[],
): DetectInput {
  const numbers = { times: (clock: string) => clocks.get(clock), values: (series: string) => values.get(series) };
  return { ...detectInputOf(episode, numbers), signals, activeSides };
}
