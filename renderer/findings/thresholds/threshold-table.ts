import type { DetectSettings } from '../../../shared/detect/settings.ts';

/** The settings that a person moves while looking, in words; all others are in docs/curation.md. */
export type PartName = 'intensitySpikes' | 'poseTeleports' | 'poseFreezes' | 'recording' | 'motion';

export interface ThresholdGroup {
  part: PartName;
  title: string;
  /** Detectors that it switches off, by their findings' names. */
  detectors: readonly string[];
  rows: readonly ThresholdRow[];
}

export type ThresholdRow = NumberRow | ChoiceRow | SwitchRow;

interface Row {
  key: string;
  label: string;
  /** One sentence. */
  help: string;
}

export interface NumberRow extends Row {
  kind: 'number';
  unit: string;
  /** Ends of the slider; a value beyond them can be typed, where the settings allow it. */
  min: number;
  max: number;
  step: number;
}

export interface ChoiceRow extends Row {
  kind: 'choice';
  options: readonly { value: string; label: string }[];
}

export interface SwitchRow extends Row {
  kind: 'switch';
}

type Range = readonly [min: number, max: number, step: number];
const number = (key: string, label: string, unit: string, [min, max, step]: Range, help: string): NumberRow => ({
  ...{ kind: 'number', key, label, unit, min, max, step, help },
});
const choice = (key: string, label: string, help: string, options: Record<string, string>): ChoiceRow => ({
  ...{ kind: 'choice', key, label, help },
  options: Object.entries(options).map(([value, words]) => ({ value, label: words })),
});

export const THRESHOLD_GROUPS: readonly ThresholdGroup[] = [
  {
    ...{ part: 'intensitySpikes', title: 'Flicker of the gels', detectors: ['intensity-spike'] },
    rows: [
      choice('rule', 'Rule', 'What intensity is held against.', {
        robust: 'Above the rest',
        p999: 'Above the plain percentile',
        absolute: 'Intensity itself',
      }),
      number('threshold', 'Threshold', 'of 255', [1, 150, 1], 'How far a tick stands above the base.'),
      number('percentile', 'Base', 'percentile', [90, 100, 0.1], 'Of the recording; not used by "Intensity itself".'),
    ],
  },
  {
    ...{ part: 'poseTeleports', title: 'Teleports of poses', detectors: ['pose-teleport'] },
    rows: [
      choice('rule', 'Rule', 'Which of both limits has to be exceeded.', {
        either: 'Speed or turning',
        translation: 'Speed alone',
        both_at_30hz: 'Both, at 30 Hz',
      }),
      number('speedMps', 'Speed', 'm/s', [0.1, 20, 0.1], 'From one tick to the next.'),
      number('angularRadPerS', 'Turning', 'rad/s', [0.5, 60, 0.5], 'From one tick to the next.'),
    ],
  },
  {
    ...{ part: 'poseFreezes', title: 'Freezes of poses', detectors: ['pose-freeze'] },
    rows: [
      number('minSeconds', 'Shortest', 's', [0.05, 5, 0.05], 'A pose that repeats for less is no freeze.'),
      number(
        'duplicateFraction',
        'Repeated pictures',
        'share',
        [0, 1, 0.05],
        'All cameras at least so: the recorder stalled.',
      ),
      number('gapSeconds', 'Gap of samples', 's', [0.02, 2, 0.01], 'No sample for so long: tracking was lost.'),
      number('speedMps', 'Speed nearby', 'm/s', [0.1, 20, 0.1], 'As fast within a second of it: tracking was lost.'),
      number(
        'angularRadPerS',
        'Turning nearby',
        'rad/s',
        [0.5, 60, 0.5],
        'As fast within a second of it: tracking was lost.',
      ),
      number('viewStill', 'Still cameras', 'of 255', [0, 20, 0.1], 'All cameras move less: the hand was held still.'),
      number('tactileStill', 'Still gel', 'of 255', [0, 20, 0.1], 'And the gel of the hand moves less.'),
      choice('otherwise', 'Otherwise', 'What a freeze is taken for that nothing speaks for or against.', {
        ot_loss: 'OptiTrack loss',
        ambiguous: 'Ambiguous',
      }),
    ],
  },
  {
    ...{ part: 'recording', title: 'The recording itself' },
    detectors: ['clock-gap', 'late-start', 'contact-drift', 'frozen-video', 'missing-values'],
    rows: [
      number('gapPeriods', 'Clock gap', 'periods', [1.1, 10, 0.1], 'A step this many median periods long lost ticks.'),
      number('lateStartSeconds', 'Late start', 's', [0, 5, 0.05], 'First sample of a body after the start.'),
      number('contactDrift', 'Contact drift', 'of 255', [0.5, 60, 0.5], 'First picture of a gel from its reference.'),
      number('frozenVideoSeconds', 'Frozen video', 's', [0.1, 10, 0.1], 'One picture repeated for so long.'),
      { kind: 'switch', key: 'frozenTactile', label: 'Frozen gels too', help: 'Of no use where gels are slower.' },
    ],
  },
  {
    ...{ part: 'motion', title: 'Motion of the robot' },
    detectors: ['stall', 'jump', 'limit-saturation', 'action-state-divergence', 'gripper-chatter', 'empty-grip'],
    rows: [
      number('stallSeconds', 'Stall', 's', [0.1, 10, 0.1], 'A joint stands for so long while its command goes on.'),
      number('jumpFactor', 'Jump', '× usual', [1, 50, 1], 'A step this many times the largest usual one.'),
      number('limitSeconds', 'At a limit', 's', [0.1, 10, 0.1], 'Within a hundredth of a limit for so long.'),
      number('divergenceFactor', 'Off its command', '× usual', [1, 50, 0.5], 'This many times further than usual.'),
      number('divergenceSeconds', 'Off its command', 's', [0.1, 10, 0.1], 'For so long.'),
      number('chatterTurns', 'Chatter', 'turns', [2, 20, 1], 'A gripper turns back so often in quick succession.'),
      number('chatterSeconds', 'Chatter within', 's', [0.1, 5, 0.1], 'All turns within so long.'),
      number('emptyGripSeconds', 'Empty grip', 's', [0.1, 10, 0.1], 'Closed all the way for so long.'),
    ],
  },
];

/** Groups that can find anything in such a recording. */
export function groupsFor(about: {
  isReact: boolean;
  hasGels: boolean;
  hasTracks: boolean;
  hasSeries: boolean;
}): ThresholdGroup[] {
  const isOfUse: Record<PartName, boolean> = {
    intensitySpikes: about.hasGels,
    poseTeleports: about.hasTracks,
    poseFreezes: about.isReact && about.hasTracks,
    recording: true,
    motion: about.hasSeries,
  };
  return THRESHOLD_GROUPS.filter(({ part }) => isOfUse[part]);
}

export type SettingValue = number | string | boolean;

export function settingOf(settings: DetectSettings, part: PartName, key: string): SettingValue {
  return (settings[part] as Record<string, SettingValue>)[key] as SettingValue;
}
