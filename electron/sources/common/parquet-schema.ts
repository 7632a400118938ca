import type { SchemaElement, SchemaTree } from 'hyparquet';

export interface ParquetColumn {
  name: string;
  /** Of a list: what its innermost elements are. */
  kind: 'number' | 'text' | 'bytes' | 'struct' | 'other';
  /** 0 for one value a row, 1 for a list a row, 2 for lists of lists … */
  listDepth: number;
  /** NumPy-like, for people and for comparison: "float32", "int64", "bool", "string", "bytes", "timestamp", "struct". */
  dtype: string;
  /** Of a struct. */
  fields: string[];
}

/** A column and all below it, as a schema lists them. */
export function elementsOf(tree: SchemaTree): SchemaElement[] {
  return [tree.element, ...tree.children.flatMap(elementsOf)];
}

export function describeColumn(tree: SchemaTree): ParquetColumn {
  let node = tree;
  let listDepth = 0;
  while (isList(node)) {
    const repeated = node.children[0] as SchemaTree;
    node = repeated.children.length === 1 ? (repeated.children[0] as SchemaTree) : repeated;
    listDepth++;
  }
  const fields = node.children.map(({ element }) => element.name);
  const name = tree.element.name;
  if (fields.length > 0) return { name, kind: 'struct', listDepth, dtype: 'struct', fields };
  const dtype = dtypeOf(node.element);
  const kind = dtype === 'string' ? 'text' : dtype === 'bytes' ? 'bytes' : dtype === 'other' ? 'other' : 'number';
  return { name, kind, listDepth, dtype, fields };
}

function isList({ element, children }: SchemaTree): boolean {
  return (
    (element.converted_type === 'LIST' || element.logical_type?.type === 'LIST') &&
    children.length === 1 &&
    children[0]?.element.repetition_type === 'REPEATED'
  );
}

function dtypeOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): string {
  if (converted === 'UTF8' || logical?.type === 'STRING' || converted === 'ENUM' || converted === 'JSON')
    return 'string';
  if (logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP') || type === 'INT96') return 'timestamp';
  if (logical?.type === 'FLOAT16') return 'float16';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return 'float64';
  if (converted === 'DATE' || converted?.startsWith('TIME_') || logical?.type === 'TIME') return 'other';
  if (converted?.startsWith('UINT_') || converted?.startsWith('INT_')) return converted.replace('_', '').toLowerCase();
  if (logical?.type === 'INTEGER') return `${logical.isSigned ? 'int' : 'uint'}${logical.bitWidth}`;
  switch (type) {
    case 'BOOLEAN':
      return 'bool';
    case 'INT32':
      return 'int32';
    case 'INT64':
      return 'int64';
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    case 'BYTE_ARRAY':
      return 'bytes';
    default:
      return 'other';
  }
}

/** From a column down to its only leaf; only the first child of each where there are several. */
export function leafPath(tree: SchemaTree): SchemaTree[] {
  const [child] = tree.children;
  return child ? [tree, ...leafPath(child)] : [tree];
}
