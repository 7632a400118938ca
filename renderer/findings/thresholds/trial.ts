import { readFindingId } from '../../../shared/detect/findings.ts';
import { DEFAULT_DETECT_SETTINGS, type DetectSettings, detectSettingsSchema } from '../../../shared/detect/settings.ts';
import { commonTicks } from '../../../shared/detect/ticks.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import { type PartName, type SettingValue, settingOf, THRESHOLD_GROUPS } from './threshold-table.ts';

/** Trying other thresholds, as far as it is only numbers. */

/** The settings with one value changed; one sentence where it cannot be that. */
export function withValue(
  settings: DetectSettings,
  part: PartName,
  key: string,
  value: SettingValue,
): DetectSettings | string {
  const checked = detectSettingsSchema.safeParse({ ...settings, [part]: { ...settings[part], [key]: value } });
  if (checked.success) return checked.data;
  return sentenceAbout(checked.error.issues[0]);
}

function sentenceAbout(issue: { code?: string; minimum?: unknown; maximum?: unknown } | undefined): string {
  if (issue?.code === 'too_small') return `At least ${String(issue.minimum)}.`;
  if (issue?.code === 'too_big') return `At most ${String(issue.maximum)}.`;
  return 'A number is needed here.';
}

export function isSame(a: DetectSettings, b: DetectSettings): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What of the settings that can be moved differs from the defaults, as "part.key". */
export function movedFromDefault(settings: DetectSettings): string[] {
  return THRESHOLD_GROUPS.flatMap(({ part, rows }) =>
    ['enabled', ...rows.map(({ key }) => key)]
      .filter((key) => settingOf(settings, part, key) !== settingOf(DEFAULT_DETECT_SETTINGS, part, key))
      .map((key) => `${part}.${key}`),
  );
}

/** All that can be moved as it is by default; the rest as it is. */
export function withDefaults(settings: DetectSettings): DetectSettings {
  let reset = settings;
  for (const { part, rows } of THRESHOLD_GROUPS) {
    const defaults = ['enabled', ...rows.map(({ key }) => key)].map((key) => [
      key,
      settingOf(DEFAULT_DETECT_SETTINGS, part, key),
    ]);
    reset = { ...reset, [part]: { ...reset[part], ...Object.fromEntries(defaults) } };
  }
  return reset;
}

/** For a dataset's `detect`: only what differs from the defaults, and null for each part or choice that does not. */
export function datasetPatch(settings: DetectSettings): Record<string, unknown> {
  const { version: _version, ...parts } = settings;
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parts)) {
    const usual = DEFAULT_DETECT_SETTINGS[name as keyof typeof parts];
    if (typeof value !== 'object') {
      patch[name] = value === usual ? null : value;
      continue;
    }
    const differing = Object.entries(value).filter(([key, each]) => each !== (usual as Record<string, unknown>)[key]);
    patch[name] = differing.length > 0 ? Object.fromEntries(differing) : null;
  }
  return patch;
}

/** "12 findings, 3 fewer than stored". */
export function countSentence(now: number, stored: number): string {
  const findings = `${now} finding${now === 1 ? '' : 's'}`;
  if (now === stored) return `${findings}, as many as stored`;
  return `${findings}, ${Math.abs(now - stored)} ${now < stored ? 'fewer' : 'more'} than stored`;
}

/** "2", or "2 (1 fewer)" of what some detectors found. */
export function countOf(detectors: readonly string[], now: readonly Finding[], stored: readonly Finding[]): string {
  const count = (of: readonly Finding[]) => of.filter(({ detector }) => detectors.includes(detector)).length;
  const [found, before] = [count(now), count(stored)];
  if (found === before) return String(found);
  return `${found} (${Math.abs(found - before)} ${found < before ? 'fewer' : 'more'})`;
}

/** The event in hand after its detector judged anew: the same one, else the one it has most ticks in common with. */
export function followed(id: string, findings: readonly Finding[]): string | undefined {
  const was = readFindingId(id);
  if (!was || findings.some((finding) => finding.id === id)) return id;
  let best: Finding | undefined;
  for (const finding of findings) {
    const is = readFindingId(finding.id);
    const common = commonTicks(finding.ticks, was.ticks);
    if (is?.detector !== was.detector || is.of !== was.of || common === 0) continue;
    if (!best || common > commonTicks(best.ticks, was.ticks)) best = finding;
  }
  return best?.id;
}
