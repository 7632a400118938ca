import type { Episode } from '../../../shared/episode/episode.ts';
import type { Leaf } from '../common/json-file.ts';
import type { JsonFile } from './companions.ts';

/** What a rollout's files say of themselves beside the arrays. */
export interface StatedByFiles {
  /** Steps a second, and where that stands; null where no file says. */
  rate: { hz: number; where: string } | null;
  outcome: string | null;
  instruction: string | null;
  properties: Episode['properties'];
}

const LIMITS_HZ = [0.01, 10_000] as const;
const RATES: [RegExp, (value: number) => number][] = [
  [/^(fps|video_fps|control_hz|control_rate(_hz)?|control_freq(uency)?(_hz)?|rate_hz|hz)$/i, (value) => value],
  [/^(control|target|loop|step)_(period|dt)_ms$|^period_ms$/i, (value) => 1000 / value],
  [/^control_(dt|period)(_s)?$|^period_s$/i, (value) => 1 / value],
];
const TEXTS: [property: string, key: RegExp][] = [
  ['checkpoint', /^(checkpoint|ckpt)(_path|_name)?$/i],
  ['policy', /^policy(_name)?$/i],
  ['robot', /^robot(_name)?$/i],
  ['environment', /^env(ironment)?(_name)?$/i],
  ['seed', /^seed$/i],
];

export function statedByFiles(
  scalars: ReadonlyMap<string, number | string>,
  jsons: readonly JsonFile[],
  fileName: string,
): StatedByFiles {
  const own: { name: string; leaves: Leaf[] } = {
    name: fileName,
    leaves: [...scalars].map(([key, value]) => ({ keys: [key], value })),
  };
  // The shortest way to a value is the recording's own; deeper ones are of parts of it.
  const leaves = [own, ...jsons].flatMap(({ name, leaves }) => leaves.map((leaf) => ({ ...leaf, name })));
  leaves.sort((a, b) => a.keys.length - b.keys.length);
  const leafOf = (key: RegExp, isWanted: (value: Leaf['value']) => boolean) =>
    leaves.find((leaf) => key.test(leaf.keys.at(-1) ?? '') && isWanted(leaf.value));
  const properties: Episode['properties'] = {};
  for (const [property, key] of TEXTS) {
    const value = leafOf(key, (each) => typeof each === 'string' || typeof each === 'number')?.value;
    if (value !== undefined && value !== null && value !== '') properties[property] = shortened(value);
  }
  const words = leafOf(/^(language_)?instruction$|^prompt$|^task_description$/i, (each) => typeof each === 'string');
  return { rate: rateOf(), outcome: outcomeOf(), instruction: words ? String(words.value) : null, properties };

  function rateOf(): StatedByFiles['rate'] {
    for (const [key, toHz] of RATES) {
      const leaf = leafOf(key, (value) => {
        const hz = typeof value === 'number' ? toHz(value) : Number.NaN;
        return hz >= LIMITS_HZ[0] && hz <= LIMITS_HZ[1];
      });
      if (leaf) return { hz: toHz(leaf.value as number), where: `${leaf.keys.join('.')} in ${leaf.name}` };
    }
    return null;
  }

  function outcomeOf(): string | null {
    const key = /^(is_)?success$|^succeeded$|^task_success$/i;
    const isPlain = (value: Leaf['value']) => typeof value === 'boolean' || value === 0 || value === 1;
    const told = leaves.filter((leaf) => key.test(leaf.keys.at(-1) ?? '') && isPlain(leaf.value));
    const nearest = told.filter(({ keys }) => keys.length === told[0]?.keys.length);
    const values = new Set(nearest.map(({ value }) => Boolean(value)));
    if (values.size !== 1) return null;
    return values.has(true) ? 'success' : 'failure';
  }
}

/** The end of a long path is what tells one checkpoint from another. */
function shortened(value: string | number | boolean): string | number | boolean {
  if (typeof value !== 'string') return value;
  return value.split(/[\\/]/).slice(-2).join('/').slice(-120);
}
