/**
 * The part of a split that a recording belongs to: decided by what it is, never by which others are there, so that a
 * dataset that grows moves nothing from one part to another.
 *
 * @param key what stays together: a recording's fingerprint, or the value it shares with others
 * @param shares by name, adding up to one; taken in alphabetical order, however the recipe lists them
 */
export function partOf(key: string, seed: string, shares: Readonly<Record<string, number>>): string {
  const at = fraction(`${seed}\n${key}`);
  const names = Object.keys(shares).sort();
  let reached = 0;
  for (const name of names) {
    reached += shares[name] as number;
    if (at < reached) return name;
  }
  return names[names.length - 1] as string;
}

/** From 0 up to 1, evenly: FNV-1a over UTF-16 units, stirred by MurmurHash3's last step so that near names lie apart. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
