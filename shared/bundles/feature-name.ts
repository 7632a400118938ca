/** A name that every loader takes for a key: letters, digits, "_" and "-". */
export function featureName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return plain === '' ? 'unnamed' : plain;
}
