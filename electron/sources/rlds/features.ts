import path from 'node:path';
import { isRecord, type Json, parseJson, readJson } from '../common/json-file.ts';
import { type FileReader, SourceFault } from '../source.ts';
import { FEATURES } from './names.ts';

/** What holds a value a step, in every dataset of episodes. */
export const STEPS_KEY = 'steps';
const LARGEST_BYTES = 16 * 2 ** 20;
const MAX_DEPTH = 16;
const MAX_LEAVES = 4000;
const MAX_AXES = 8;
/** Why a feature is not read that has a list of its own length a step. */
export const RAGGED_REASON = 'lists of different lengths a step';

/** One value of a step or an episode, as `features.json` declares it. */
export interface Leaf {
  /** Key in the records: "steps/observation/image". */
  key: string;
  /** The same below the steps: "observation/image"; of the episode the whole key. */
  name: string;
  isOfStep: boolean;
  kind: 'picture' | 'text' | 'numbers' | 'other';
  /** NumPy-like; "" where none is declared. */
  dtype: string;
  /** Axes of one value, −1 where the length is not fixed. */
  shape: number[];
  /** How numbers are stored: a number each, or the bytes of the whole array, plain or packed. */
  encoding: 'none' | 'bytes' | 'zlib';
  /** For people: why a feature of kind "other" is not read, else "". */
  reason: string;
}

/**
 * Everything that `features.json` declares, in its order. Rejects with SourceFault where the file is missing or unreadable,
 * or declares no steps.
 */
export async function readFeatures(files: FileReader, folder: string): Promise<Leaf[]> {
  let tree: Json;
  try {
    tree = await readJson(files, path.join(folder, FEATURES), LARGEST_BYTES);
  } catch (error) {
    if (!(error instanceof SourceFault) || error.code !== 'missing-file') throw error;
    const message = `${FEATURES} is missing beside dataset_info.json, so nothing says what the records hold: copy it from where the dataset is from.`;
    throw new SourceFault('missing-file', message);
  }
  const leaves: Leaf[] = [];
  visit(plainNode(tree), [], false, leaves);
  if (leaves.some(({ isOfStep }) => isOfStep)) return leaves;
  const message = `${FEATURES} declares no ${STEPS_KEY}, so the dataset holds no episodes: it is of another kind than RLDS.`;
  throw new SourceFault('no-steps', message);
}

/** A feature in either way that TFDS has written it: as Protobuf's JSON, or (until 2022) as type and content. */
interface Node {
  className: string;
  children: [string, Json][] | null;
  /** What repeats, of a sequence. */
  item: Json;
  length: number;
  /** "tensor", "image", "text" …; "" where none is known. */
  kind: string;
  about: Record<string, Json>;
}

function visit(node: Node, keys: string[], isOfStep: boolean, leaves: Leaf[], repeats: number[] = []): void {
  if (keys.length > MAX_DEPTH || leaves.length >= MAX_LEAVES) return;
  if (node.children) {
    for (const [key, child] of node.children) visit(plainNode(child), [...keys, key], isOfStep, leaves, repeats);
    return;
  }
  if (node.item !== null) {
    const isSteps = keys.length === 1 && keys[0] === STEPS_KEY;
    if (isSteps) visit(plainNode(node.item), keys, true, leaves);
    else visit(plainNode(node.item), keys, isOfStep, leaves, [...repeats, node.length]);
    return;
  }
  leaves.push(leafOf(node, keys, isOfStep, repeats));
}

function leafOf(node: Node, keys: readonly string[], isOfStep: boolean, repeats: readonly number[]): Leaf {
  const { about, className } = node;
  const own = shapeOf(about.shape);
  const leaf: Leaf = {
    key: keys.join('/'),
    name: keys.slice(isOfStep ? 1 : 0).join('/'),
    isOfStep,
    kind: 'other',
    dtype: typeof about.dtype === 'string' ? about.dtype.replace(/^<dtype: '(.*)'>$/, '$1') : '',
    shape: [...repeats, ...own],
    encoding: about.encoding === 'zlib' || about.encoding === 'bytes' ? about.encoding : 'none',
    reason: '',
  };
  const other = (reason: string): Leaf => ({ ...leaf, reason });
  if (leaf.shape.length > MAX_AXES) return other(`${leaf.shape.length} axes`);
  if (repeats.some((length) => length < 0)) return other(RAGGED_REASON);
  switch (node.kind) {
    case 'tensor':
    case 'boundingBox': {
      const isText = /^(string|object|str|bytes)/.test(leaf.dtype);
      if (isText) return leaf.shape.length > 0 ? other('several texts') : { ...leaf, kind: 'text' };
      return { ...leaf, kind: 'numbers' };
    }
    case 'classLabel':
      return { ...leaf, kind: 'numbers', dtype: 'int64' };
    case 'text':
      return repeats.length > 0 ? other('several texts') : { ...leaf, kind: 'text', shape: [] };
    case 'image':
      if (repeats.length > 0) return other('several pictures a step');
      return { ...leaf, kind: 'picture', dtype: leaf.dtype || 'uint8' };
    default:
      return other(`a feature of the kind ${className.split('.').at(-1) || 'that is not named'}`);
  }
}

const KINDS = ['tensor', 'image', 'text', 'classLabel', 'boundingBox'];

function plainNode(json: Json): Node {
  const node: Node = { className: '', children: null, item: null, length: -1, kind: '', about: {} };
  if (!isRecord(json)) return node;
  if (typeof json.type === 'string') return olderNode(json.type, json.content ?? null, node);
  node.className = typeof json.pythonClassName === 'string' ? json.pythonClassName : '';
  if (isRecord(json.featuresDict)) {
    const { features } = json.featuresDict;
    return { ...node, children: isRecord(features) ? Object.entries(features) : [] };
  }
  if (isRecord(json.sequence)) {
    return { ...node, item: json.sequence.feature ?? null, length: lengthOf(json.sequence.length) };
  }
  const kind = KINDS.find((each) => isRecord(json[each])) ?? '';
  const about = json[kind];
  return { ...node, kind, about: isRecord(about) ? about : {} };
}

function olderNode(className: string, stored: Json, node: Node): Node {
  const content = typeof stored === 'string' ? parseJson(stored, `${FEATURES}: ${className}`) : stored;
  const about = isRecord(content) ? content : {};
  const own = className.split('.').at(-1) ?? '';
  if (own === 'FeaturesDict') {
    // The children, or one level above them; a child may be called "features" too.
    const { features } = about;
    const isAbove = isRecord(features) && !('type' in features || 'pythonClassName' in features);
    const children = isAbove ? features : about;
    return { ...node, className, children: Object.entries(children) };
  }
  if (own === 'Dataset' || own === 'Sequence') {
    return { ...node, className, item: about.feature ?? null, length: lengthOf(about.length) };
  }
  const kinds = { Tensor: 'tensor', Scalar: 'tensor', Image: 'image', Text: 'text', ClassLabel: 'classLabel' };
  return { ...node, className, kind: kinds[own as keyof typeof kinds] ?? '', about };
}

/** Axes as Protobuf's JSON has them (texts in `dimensions`) or as a plain list; none, or null, is −1. */
function shapeOf(shape: Json | undefined): number[] {
  const axes = isRecord(shape) ? shape.dimensions : shape;
  return Array.isArray(axes) ? axes.map(lengthOf) : [];
}

function lengthOf(length: Json | undefined): number {
  const number = typeof length === 'string' || typeof length === 'number' ? Number(length) : -1;
  return Number.isSafeInteger(number) && number >= 0 ? number : -1;
}
