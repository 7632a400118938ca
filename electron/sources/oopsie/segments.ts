import type { Problem, RecordedMark } from '../../../shared/episode/episode.ts';
import { parseJson } from '../common/json-file.ts';
import type { Hdf5Tree } from '../source.ts';
import { ANNOTATIONS } from './annotations.ts';

const SEGMENT = new RegExp(`^${ANNOTATIONS}/(.+)/segments/([^/]+)$`);

/** Time ranges of failures that an annotator or a model named, as marks; ranges that do not fit the steps are clipped. */
export function readSegments(
  tree: Hdf5Tree,
  times: Float64Array,
  rateHz: number,
  fileName: string,
): { marks: RecordedMark[]; problems: Problem[] } {
  const marks: RecordedMark[] = [];
  const problems: Problem[] = [];
  const last = times.length - 1;
  for (const [group, { attributes }] of Object.entries(tree.groups)) {
    const [, by, number] = SEGMENT.exec(group) ?? [];
    if (by === undefined || number === undefined || last < 0) continue;
    const start = stepOf(attributes.start_timestep, attributes.start_seconds);
    const end = stepOf(attributes.end_timestep, attributes.end_seconds);
    if (start === null && end === null) {
      const message = `${fileName}: segment ${number} of ${by} names no steps, so it has no place on the timeline.`;
      problems.push({ severity: 'warning', code: 'segment', message, isJudgement: true });
      continue;
    }
    const range = [start ?? (end as number), end ?? (start as number)] as const;
    const [from, to] = [Math.min(...range), Math.max(...range)];
    if (from < 0 || to > last || range[0] > range[1]) {
      const message = `${fileName}: segment ${number} of ${by} runs from step ${range[0]} to ${range[1]} of 0 to ${last}: it is clipped to what there is.`;
      problems.push({ severity: 'warning', code: 'segment', message, isJudgement: true });
    }
    const clipped = (step: number) => times[Math.max(0, Math.min(last, step))] as number;
    const [startNs, endNs] = [clipped(from), clipped(to)];
    const about = { kind: 'failure' as const, name: nameOf(attributes), by, text: textOf(attributes) };
    marks.push({ id: `${by}/${number}`, ...about, startNs, endNs });
  }
  return { marks, problems };

  /** The step as stated, else by the rule that the pipeline uses for seconds. */
  function stepOf(step: unknown, seconds: unknown): number | null {
    if (typeof step === 'number' && Number.isFinite(step)) return Math.round(step);
    if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return null;
    const duration = times.length / rateHz;
    return Math.round((seconds / duration) * last);
  }
}

function nameOf(attributes: Record<string, unknown>): string {
  const words = categoriesOf(attributes.failure_categories);
  return words.length > 0 ? words.join(', ').replaceAll('_', ' ') : 'Failure';
}

/** Words of a segment, as they stand. */
export function categoriesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== 'string') return [];
  try {
    const list = parseJson(value, '');
    return Array.isArray(list) ? list.map(String).slice(0, 32) : [String(list)];
  } catch {
    return value === '' ? [] : [value.slice(0, 200)];
  }
}

function textOf({ what_happened, how_to_recover, severity, resetability }: Record<string, unknown>): string {
  const said = [
    typeof what_happened === 'string' ? what_happened : '',
    typeof how_to_recover === 'string' && how_to_recover ? `Recovery: ${how_to_recover}` : '',
    typeof severity === 'string' && severity ? `Severity: ${severity}` : '',
    typeof resetability === 'string' && resetability ? `Reset: ${resetability.replaceAll('_', ' ')}` : '',
  ];
  return said.filter(Boolean).join('\n').slice(0, 4000);
}
