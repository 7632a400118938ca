/** Query strings by the language alone (shared/ has no URL). Order and repeats are kept; malformed escapes are refused. */
export type QueryPairs = readonly (readonly [name: string, value: string])[];

export function formatQuery(pairs: QueryPairs): string {
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

/** Undefined when an escape is malformed. A leading "?" or "#" is allowed. */
export function parseQuery(text: string): QueryPairs | undefined {
  try {
    return text
      .replace(/^[?#]/, '')
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const [name = '', ...rest] = part.split('=');
        return [decode(name), decode(rest.join('='))] as const;
      });
  } catch {
    return undefined;
  }
}

export function firstOf(pairs: QueryPairs, name: string): string | undefined {
  return pairs.find(([candidate]) => candidate === name)?.[1];
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
