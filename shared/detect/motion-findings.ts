import { type FindingClass, type FindingDraft, ticksBetween } from './findings.ts';
import type { DetectInput } from './input.ts';
import { type MotionFault, type MotionFaultKind, motionFaults } from './motion-faults.ts';
import type { MotionSettings } from './settings.ts';
import type { Steps } from './steps.ts';

/** What the numbers of a robot show, in words. */

const CLASSES: Record<MotionFaultKind, FindingClass> = {
  stall: 'arm_stall',
  jump: 'jump',
  'limit-saturation': 'limit_saturation',
  'action-state-divergence': 'action_state_divergence',
  'gripper-chatter': 'gripper_chatter',
  'empty-grip': 'empty_grip',
};

export function* motionDrafts({ signals, series }: DetectInput, settings: MotionSettings): Steps<FindingDraft[]> {
  if (signals.ticks === 0) return [];
  return (yield* motionFaults(series, settings)).map((fault): FindingDraft => {
    const ticks = ticksBetween(signals, fault.fromNs, fault.toNs);
    return {
      detector: fault.kind,
      class: CLASSES[fault.kind],
      cause: fault.component,
      of: `${fault.series[0]}/${fault.component}`,
      series: fault.series,
      ...{ ticks, signals: fault.signals, thresholds: fault.thresholds, margin: fault.margin },
      text: sentenceOf(fault),
    };
  });
}

function sentenceOf({ kind, component, signals, thresholds }: MotionFault): string {
  const number = (value: number | undefined, digits = 2) => (value ?? Number.NaN).toFixed(digits);
  const length = `${number(signals.length_s)} s`;
  switch (kind) {
    case 'stall':
      return `${component} stands for ${length} while its command goes on by ${number(signals.commanded_range, 3)}.`;
    case 'jump':
      return `${component} jumps by ${number(signals.step, 3)} in one step (limit ${number(thresholds.step, 3)}).`;
    case 'limit-saturation':
      return `${component} stays at its limit for ${length}.`;
    case 'action-state-divergence':
      return `${component} is ${number(signals.error, 3)} off its command for ${length} (limit ${number(thresholds.error, 3)}).`;
    case 'gripper-chatter':
      return `${component} turns back and forth ${signals.turns} times within ${length}.`;
    case 'empty-grip':
      return `${component} closes all the way and stays closed for ${length}: there may be nothing in it.`;
  }
}
