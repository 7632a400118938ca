import type { Episode, RecordedAnnotation } from '../../../shared/episode/episode.ts';
import type { Hdf5Tree, OpenFile } from '../source.ts';

export const USUAL_HZ = 50;
const RATE_NAMES = ['fps', 'control_freq', 'control_frequency', 'frequency', 'hz', 'rate'];
const MAX_HZ = 100_000;
const ANNOTATIONS = 'episode_annotations';

export interface Rate {
  hz: number;
  /** For people: where it is from. */
  where: string;
  isAssumed: boolean;
}

/** What a person stated, else an attribute of the file, else the 50 Hz that the format's own recorder runs at. */
export function rateOf(file: OpenFile, tree: Hdf5Tree): Rate {
  if (file.stated.rateHz !== undefined)
    return { hz: file.stated.rateHz, where: 'stated for this folder', isAssumed: false };
  for (const name of RATE_NAMES) {
    const hz = Number(tree.groups['']?.attributes[name] ?? Number.NaN);
    if (hz > 0 && hz <= MAX_HZ) return { hz, where: `${name} in ${file.name}`, isAssumed: false };
  }
  return { hz: USUAL_HZ, where: 'assumed: the file does not say', isAssumed: true };
}

type Facts = Pick<Episode, 'instruction' | 'outcome' | 'properties' | 'annotations'>;

/** Attributes of the root, and those of `episode_annotations` where an autonomous run was judged. */
export function factsOf(tree: Hdf5Tree): Facts {
  const root = tree.groups['']?.attributes ?? {};
  const judged = tree.groups[ANNOTATIONS]?.attributes;
  const properties: Episode['properties'] = {};
  const simulated = booleanOf(root.sim);
  if (simulated !== null) properties.simulated = simulated;
  if (isText(root.policy_class)) properties.policy = root.policy_class;
  if (isText(judged?.episode_id)) properties.episode_id = judged.episode_id;
  const annotation = judged ? annotationOf(judged) : null;
  const success = annotation?.success ?? numberOf(root.success);
  return {
    instruction: isText(root.language_instruction) ? root.language_instruction : null,
    outcome: success === null ? null : success >= 0.5 ? 'success' : 'failure',
    properties,
    annotations: annotation ? [annotation] : [],
  };
}

function annotationOf(judged: Record<string, unknown>): RecordedAnnotation {
  const success = numberOf(judged.success);
  const retry = booleanOf(judged.would_retry);
  const text = (value: unknown) => (isText(value) ? value : '');
  return {
    annotator: text(judged.annotator) || text(judged.operator_name) || 'recorder',
    source: text(judged.source) || 'human',
    at: isText(judged.timestamp) ? judged.timestamp : null,
    success,
    outcome: success === null ? null : success >= 0.5 ? 'success' : 'failure',
    categories: categoriesOf(judged.failure_category),
    severity: isText(judged.severity) ? judged.severity : null,
    description: text(judged.failure_description),
    notes: retry === null ? '' : `Would retry: ${retry ? 'yes' : 'no'}.`,
    taxonomy: 'AR-ALOHA',
    unknown: [],
  };
}

/** One text, a list, or a list written as JSON; absent is not annotated, empty is annotated and left empty. */
function categoriesOf(value: unknown): string[] | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(String).filter((word) => word !== '');
  const text = String(value).trim();
  if (text.startsWith('[')) {
    try {
      return categoriesOf(JSON.parse(text));
    } catch {
      // A text that merely begins so.
    }
  }
  return text === '' || /^none$/i.test(text) ? [] : [text];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** 0…1 of a number, a boolean or a word; null where it says neither. */
function numberOf(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value >= 0 && value <= 1 ? value : null;
  const word = String(value ?? '').toLowerCase();
  if (['true', 'yes', 'success', '1', '1.0'].includes(word)) return 1;
  return ['false', 'no', 'failure', 'fail', '0', '0.0'].includes(word) ? 0 : null;
}

function booleanOf(value: unknown): boolean | null {
  const number = numberOf(value);
  return number === null ? null : number >= 0.5;
}
