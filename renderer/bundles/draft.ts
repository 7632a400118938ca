import { nameFault } from '../../shared/api/bundles.ts';
import { RECIPE_SCHEMA, type Recipe, recipeSchema } from '../../shared/bundles/recipe.ts';

/**
 * A recipe as it is being written: of its shape, though a field may hold what does not fit yet (a number that is none is NaN).
 * Pure.
 */
export type Draft = Recipe;

/** What most people want first: whole rollouts to train on, and nothing undecided in them. */
export function newDraft(name: string, taxonomyVersion: number, paths?: readonly string[]): Draft {
  return recipeSchema.parse({
    ...{ schema: RECIPE_SCHEMA, name, taxonomyVersion, targets: ['lerobot-v3.0'] },
    ...(paths ? { episodes: { paths: [...paths] } } : {}),
  });
}

const WORDS: readonly (readonly [at: RegExp, sentence: string])[] = [
  [/^units\.kinds$/, 'Choose at least one kind of unit.'],
  [/^units\.segmentAtLeastSeconds$/, 'Seconds, 0 or more.'],
  [/^targets$/, 'Choose at least one target.'],
  [/^rate/, 'Frames a second: a number above 0, or two whole numbers as in 30000/1001.'],
  [/^streams\.widthAtMostPx$/, 'Pixels, 16 to 8192, or nothing for as stored.'],
  [/^episodes\.seenShareAtLeast$/, 'Percent, 0 to 100.'],
  [/^episodes\.properties/, 'Names with their values, as in: lighting: dim, bright; site: north'],
  [/^episodes\.date/, 'A date as in 2026-07-31.'],
  [/^video\.crf$/, 'A whole number from 0 (exact) to 51.'],
  [/^video\.keyframeEvery$/, 'Frames, 1 to 30.'],
  [/^split\.shares/, 'Names of small letters with shares that add up to one, as in: train 0.9, test 0.1'],
];

/** What is wrong with a draft, by where: "units.kinds". Empty where it can be planned. */
export function faultsOf(draft: Draft): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const ofName = nameFault(draft.name, 'A recipe');
  if (ofName !== null) faults.set('name', ofName);
  const read = recipeSchema.safeParse(draft);
  for (const { path, message } of read.error?.issues ?? []) {
    const at = path.join('.');
    const known = WORDS.find(([pattern]) => pattern.test(at));
    const field = fieldOf(at);
    if (!faults.has(field)) faults.set(field, known?.[1] ?? `${message}.`);
  }
  return faults;
}

/** Problems within a field are said at the field: "rate.numerator" at "rate". */
function fieldOf(at: string): string {
  if (at.startsWith('rate')) return 'rate';
  for (const field of ['split.shares', 'episodes.properties']) if (at.startsWith(field)) return field;
  return at;
}

/** "15", "29.97", "30000/1001"; NaN parts where it is none. */
export function rateOfText(text: string): Exclude<Draft['rate'], 'native'> {
  const [numerator = '', denominator, ...more] = text.split('/').map((part) => part.trim());
  if (more.length > 0) return { numerator: Number.NaN, denominator: Number.NaN };
  if (denominator !== undefined) return { numerator: numberOf(numerator), denominator: numberOf(denominator) };
  const decimals = /^\d+\.(\d{1,3})$/.exec(numerator)?.[1]?.length ?? 0;
  const scale = 10 ** decimals;
  return { numerator: Math.round(numberOf(numerator) * scale * 1e6) / 1e6, denominator: scale };
}

export function textOfRate({ numerator, denominator }: Exclude<Draft['rate'], 'native'>): string {
  if (Number.isNaN(numerator)) return '';
  if (/^10*$/.test(String(denominator))) return String(numerator / denominator);
  return `${numerator}/${denominator}`;
}

/** "train 0.9, test 0.1"; a part without a number is NaN. */
export function sharesOfText(text: string): Draft['split']['shares'] {
  const shares: Record<string, number> = {};
  for (const part of listOfText(text)) {
    const [name = '', share = ''] = part.split(/[\s:=]+/);
    shares[name] = numberOf(share);
  }
  return shares;
}

export function textOfShares(shares: Draft['split']['shares']): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${share}`)
    .join(', ');
}

type Properties = NonNullable<Draft['episodes']['properties']>;

/** "lighting: dim, bright; payload: 2": numbers and true or false are such, unless quoted. Undefined for nothing; a name without a value has none. */
export function propertiesOfText(text: string): Properties | undefined {
  const parts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  return Object.fromEntries(
    parts.map((part) => {
      const [key = '', ...values] = part.split(':');
      return [key.trim(), listOfText(values.join(':')).map(valueOfText)];
    }),
  );
}

export function textOfProperties(properties: Properties | undefined): string {
  const text = (value: string | number | boolean) =>
    typeof value === 'string' && (valueOfText(value) !== value || /["]/.test(value))
      ? JSON.stringify(value)
      : `${value}`;
  return Object.entries(properties ?? {})
    .map(([key, values]) => `${key}: ${values.map(text).join(', ')}`)
    .join('; ');
}

function valueOfText(text: string): string | number | boolean {
  const isPlain = /^(true|false|-?\d+(\.\d+)?([eE][+-]?\d+)?|".*")$/.test(text);
  try {
    return isPlain ? (JSON.parse(text) as string | number | boolean) : text;
  } catch {
    // "007" is no number, and stays what was written.
    return text;
  }
}

/** Names between commas. */
export function listOfText(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** NaN for what is no number, and for nothing. */
export function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** A folder's name out of what a recipe is called and the dataset's: "lab-grasp slips". */
export function folderFor(rootName: string, recipeName: string): string {
  const plain = `${rootName}-${recipeName}`
    .replaceAll(/[^\p{L}\p{M}\p{N} _.,()+-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}_]+/u, '');
  return plain.slice(0, 100).replace(/[. ]+$/, '') || 'bundle';
}
