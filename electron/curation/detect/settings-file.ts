import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type DetectSettings, detectSettingsSchema } from '../../../shared/detect/settings.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import type { DetectOptions } from './index.ts';

/** The settings a run was given, else those of the dataset; what they leave out has its default. Rejects with Fault. */
export async function settingsFor(
  given: DetectOptions['settings'],
  ofDataset: Record<string, unknown>,
): Promise<DetectSettings> {
  if (given === undefined) return parsed(ofDataset, 'The settings of the dataset');
  if (typeof given !== 'string') return parsed(given, 'The settings');
  const file = path.resolve(given);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (systemCodeOf(error) !== '') throw new Fault('UNUSABLE', sentenceOf(error, file));
    throw new Fault('UNUSABLE', `${file} is no JSON: correct it, or leave --settings out.`);
  }
  return parsed(value, file);
}

function parsed(value: unknown, what: string): DetectSettings {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1)
    throw new Fault('UNUSABLE', `${what} were written for a newer Regrasp: update it, or leave them out.`);
  const checked = detectSettingsSchema.safeParse(value);
  if (checked.success) return checked.data;
  const faults = z.prettifyError(checked.error).replace(/\s+/g, ' ').trim();
  throw new Fault('UNUSABLE', `${what} cannot be used: ${faults}. The names and defaults are in docs/curation.md.`);
}
