import type { z } from 'zod';
import { DETECT_SETTINGS_VERSION, type DetectSettings, detectSettingsSchema } from '../../../shared/detect/settings.ts';
import { Fault } from '../../fault.ts';
import { remedyOf } from '../option-faults.ts';
import type { DetectOptions } from './index.ts';

/** The settings a run was given, else those of the dataset; what they leave out has its default. Throws Fault. */
export function settingsFor(given: DetectOptions['settings'], ofDataset: Record<string, unknown>): DetectSettings {
  return given === undefined ? parsed(ofDataset, 'The settings of the dataset') : parsed(given, 'The settings');
}

function parsed(value: Record<string, unknown>, what: string): DetectSettings {
  if (typeof value.version === 'number' && value.version > DETECT_SETTINGS_VERSION)
    throw new Fault('UNUSABLE', `${what} were written for a newer Regrasp: update it, or leave them out.`);
  const checked = detectSettingsSchema.safeParse(value);
  if (checked.success) return checked.data;
  throw new Fault(
    'UNUSABLE',
    `${what} cannot be used: ${faultOf(checked.error.issues[0] as z.core.$ZodIssue)}. Names and defaults are in docs/curation.md.`,
  );
}

/** The first of several; the others are told by the next try. */
function faultOf(issue: z.core.$ZodIssue): string {
  const unknown = issue.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [];
  const name = [...issue.path.map(String), ...unknown].join('.');
  return unknown.length > 0 ? `${name} is no setting` : `${name}: ${remedyOf(issue)}`;
}
