import type { Episode } from '../../../shared/episode/episode.ts';
import type { Elements, ExampleReader, Feature } from './example.ts';
import { type Leaf, STEPS_KEY } from './features.ts';

const METADATA = 'episode_metadata/';
const LONGEST_TEXT = 2000;
/** Texts of a step that say what is to be done, the likeliest first. */
const INSTRUCTIONS = [/(^|\/)language_instruction$/, /(^|\/)natural_language_instruction$/, /instruction|task_?desc/i];
const FLAG = new RegExp(`^${STEPS_KEY}/is_(first|last|terminal)$`);

export type Features = ReadonlyMap<string, Feature>;

export interface EpisodeFacts {
  properties: Episode['properties'];
  outcome: string | null;
  instruction: string | null;
}

/** What one episode says of itself as a whole: little is read, so that lists can be made of it. */
export async function readFacts(
  reader: ExampleReader,
  features: Features,
  leaves: readonly Leaf[],
  split: string,
): Promise<EpisodeFacts> {
  const properties: Episode['properties'] = {};
  const ofEpisode = leaves.filter(({ isOfStep, shape }) => !isOfStep && shape.length === 0);
  for (const leaf of ofEpisode) {
    const value = await readFact(reader, features.get(leaf.key), leaf);
    if (value !== null) properties[leaf.key.startsWith(METADATA) ? leaf.key.slice(METADATA.length) : leaf.key] = value;
  }
  properties.split = split;
  const spoken = instructionLeaf(leaves);
  const instruction = spoken ? await readFact(reader, features.get(spoken.key), spoken) : null;
  return {
    properties,
    outcome: outcomeOf(properties),
    instruction: typeof instruction === 'string' ? instruction : null,
  };
}

/** The text of the steps, or else of the episode, that says what is to be done. */
export function instructionLeaf(leaves: readonly Leaf[]): Leaf | undefined {
  const texts = leaves.filter(({ kind }) => kind === 'text');
  const ordered = [...texts.filter(({ isOfStep }) => isOfStep), ...texts.filter(({ isOfStep }) => !isOfStep)];
  return INSTRUCTIONS.flatMap((rule) => ordered.filter(({ key }) => rule.test(key)))[0];
}

/** Steps of an episode by the first list that tells: flags, else numbers of one column, else pictures. Null: none does. */
export async function countSteps(
  reader: ExampleReader,
  features: Features,
  leaves: readonly Leaf[],
): Promise<number | null> {
  const ofStep = leaves.filter(({ isOfStep, encoding }) => isOfStep && encoding === 'none');
  const scalar = ({ kind, shape }: Leaf) => kind === 'numbers' && shape.length === 0;
  const numbers = [...ofStep.filter(({ key }) => isFlag(key)), ...ofStep.filter(scalar)];
  for (const { key } of numbers) {
    const feature = features.get(key);
    if (feature?.kind) return (await reader.numbers(feature)).length;
  }
  const picture = features.get(ofStep.find(({ kind }) => kind === 'picture')?.key ?? '');
  return picture ? (await reader.elements(picture)).count : null;
}

export function isFlag(key: string): boolean {
  return FLAG.test(key);
}

/** A text of a list of bytes; broken UTF-8 is shown as such. */
export async function textAt(reader: ExampleReader, elements: Elements, index: number): Promise<string> {
  return new TextDecoder().decode(await reader.element(elements, index, LONGEST_TEXT)).replace(/\0+$/, '');
}

async function readFact(
  reader: ExampleReader,
  feature: Feature | undefined,
  { kind, dtype }: Leaf,
): Promise<string | number | boolean | null> {
  if (kind === 'text' && feature?.kind === 'bytes') {
    const elements = await reader.elements(feature);
    const text = elements.count > 0 ? await textAt(reader, elements, 0) : '';
    return text === '' ? null : text;
  }
  if (kind !== 'numbers' || !feature) return null;
  const [value] = await reader.numbers(feature);
  if (value === undefined || !Number.isFinite(value)) return null;
  return dtype === 'bool' ? value !== 0 : value;
}

/** A success that is stated, or the folder that an episode of DROID was recorded into. */
function outcomeOf(properties: Episode['properties']): string | null {
  for (const name of ['success', 'is_success', 'episode_success']) {
    const value = properties[name];
    if (typeof value === 'boolean' || value === 0 || value === 1) return value ? 'success' : 'failure';
  }
  for (const value of [properties.outcome, properties.file_path, properties.recording_folderpath]) {
    const word = typeof value === 'string' ? /(?:^|\/)(success|failure)(?:\/|$)/.exec(value)?.[1] : undefined;
    if (word) return word;
  }
  return null;
}
