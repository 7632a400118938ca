import type { Problem } from '../../../shared/episode/episode.ts';
import { BrokenExample, type Elements, type ExampleReader, type Feature } from './example.ts';
import { type Features, instructionLeaf, isFlag, textAt } from './facts.ts';
import { type Leaf, RAGGED_REASON } from './features.ts';
import type { Flags } from './marks.ts';
import { type Numbers, NumbersReader, notPlotted, rowsOf } from './numbers.ts';
import { isPixels } from './pictures.ts';

/** What the steps of one record hold. */
export interface StepLists {
  /** The count that most lists agree on. */
  steps: number;
  pictures: { leaf: Leaf; elements: Elements }[];
  numbers: Numbers[];
  flags: Flags;
  /** What is to be done, by step; empty where no feature says. */
  instructions: string[];
  /** Every text of the steps, the first where it changes. */
  texts: Record<string, string>;
  /** Name → why it is not shown. */
  notShown: Map<string, string>;
  problems: Problem[];
}

const FLAGS = { 'steps/is_first': 'isFirst', 'steps/is_last': 'isLast', 'steps/is_terminal': 'isTerminal' } as const;
const RAGGED = '/ragged_flat_values';

/** Every list of the steps that `features.json` declares. Throws BrokenExample where the record is broken. */
export async function readStepLists(
  reader: ExampleReader,
  features: Features,
  leaves: readonly Leaf[],
  where: string,
): Promise<StepLists> {
  const found: StepLists = {
    ...{ steps: 0, pictures: [], numbers: [], flags: {}, instructions: [], texts: {} },
    ...{ notShown: new Map(), problems: [] },
  };
  const numbersReader = new NumbersReader(reader);
  const spoken = instructionLeaf(leaves);
  const votes = new Votes();
  const texts: { leaf: Leaf; elements: Elements }[] = [];
  const tell = (code: string, leaf: Leaf, what: string) =>
    found.problems.push({ severity: 'error', code, message: `${where} ${what}`, stream: leaf.name });
  for (const leaf of leaves) {
    const feature = listOf(leaf);
    if (!feature || !leaf.isOfStep) continue;
    if (isFlag(leaf.key)) {
      const flags = await reader.numbers(feature);
      found.flags[FLAGS[leaf.key as keyof typeof FLAGS]] = flags;
      votes.add(flags.length);
    } else if (leaf.kind === 'picture' || isPixels(leaf)) {
      const elements = await reader.elements(feature);
      found.pictures.push({ leaf, elements });
      votes.add(elements.count);
    } else if (leaf.kind === 'text') {
      const elements = await reader.elements(feature);
      texts.push({ leaf, elements });
      votes.add(elements.count);
    } else await readNumbers(leaf, feature);
  }
  found.steps = votes.winner;
  for (const { leaf, elements } of texts) await readTexts(leaf, elements);
  for (const [key, flags] of Object.entries(FLAGS)) flagProblem(key, found.flags[flags]);
  return found;

  /** The list of a declared feature; tells where there is none, or one of another kind. */
  function listOf(leaf: Leaf): Feature | undefined {
    if (leaf.kind === 'other') {
      if (leaf.isOfStep && leaf.reason === RAGGED_REASON) tellRagged(leaf);
      else if (leaf.isOfStep) found.notShown.set(leaf.name, leaf.reason);
      return undefined;
    }
    const feature = features.get(leaf.key);
    if (!feature) {
      if (features.has(`${leaf.key}${RAGGED}`)) tellRagged(leaf);
      else tell('missing-feature', leaf, `holds no ${leaf.key}, which features.json declares: write the dataset anew.`);
      return undefined;
    }
    const wanted = leaf.kind === 'numbers' && leaf.encoding === 'none' ? numberKind(leaf) : 'bytes';
    const isOther = feature.kind !== null && feature.kind !== wanted;
    if (!isOther) return feature;
    tell(
      'wrong-kind',
      leaf,
      `holds ${leaf.key} as ${feature.kind} where features.json asks for ${wanted}: correct one of them.`,
    );
    return wanted === 'bytes' || feature.kind === 'bytes' ? undefined : feature;
  }

  function tellRagged(leaf: Leaf): void {
    found.notShown.set(leaf.name, RAGGED_REASON);
    const message = `${where} has a list of its own length at every step for ${leaf.key}, which is not shown: write it with one length for all, filled up, to see it.`;
    found.problems.push({ severity: 'warning', code: 'ragged', message, stream: leaf.name });
  }

  async function readNumbers(leaf: Leaf, feature: Feature): Promise<void> {
    const reason = notPlotted(leaf);
    if (reason !== null) {
      found.notShown.set(leaf.name, reason);
      return;
    }
    try {
      const numbers = await numbersReader.read(leaf, feature);
      found.numbers.push(numbers);
      if (numbers.columns !== null) votes.add(rowsOf(numbers, 0));
    } catch (error) {
      if (!(error instanceof BrokenExample)) throw error;
      tell('bad-feature', leaf, `holds ${leaf.key} in a way that cannot be read (${error.message}): write it anew.`);
    }
  }

  async function readTexts(leaf: Leaf, elements: Elements): Promise<void> {
    if (elements.count !== found.steps) {
      tell(
        'count-mismatch',
        leaf,
        `has ${elements.count} texts of ${leaf.key} for ${found.steps} steps: write it anew.`,
      );
    }
    const isSpoken = leaf === spoken;
    const said: string[] = [];
    for (let step = 0; step < Math.min(elements.count, isSpoken ? found.steps : 1); step++) {
      said.push(await textAt(reader, elements, step));
    }
    if (isSpoken) found.instructions = said;
    else if (said[0]) found.texts[leaf.name] = said[0];
  }

  function flagProblem(key: string, flags: Float64Array | undefined): void {
    if (!flags || flags.length === found.steps) return;
    const message = `${where} has ${flags.length} values of ${key} for ${found.steps} steps: write the episode anew.`;
    found.problems.push({ severity: 'error', code: 'count-mismatch', message, stream: key.slice('steps/'.length) });
  }
}

function numberKind({ dtype }: Leaf): 'floats' | 'ints' {
  return /float/.test(dtype) ? 'floats' : 'ints';
}

/** Of equally common counts the one that came first. */
class Votes {
  readonly #counts = new Map<number, number>();

  add(count: number): void {
    if (Number.isSafeInteger(count)) this.#counts.set(count, (this.#counts.get(count) ?? 0) + 1);
  }

  get winner(): number {
    return [...this.#counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
  }
}
