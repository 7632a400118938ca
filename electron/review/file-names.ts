import { createHash } from 'node:crypto';

const RESERVED_ON_WINDOWS = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A name as a part of a file name that every file system takes: ASCII letters, digits, "-" and "_", at most 49
 * characters. Names that had to be altered carry a digest of the exact name, so that two names never share a file.
 */
export function fileSafe(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 40);
  if (slug === name && !RESERVED_ON_WINDOWS.test(slug)) return slug;
  return `${slug}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

/** Name of the file one person on one install writes to. */
export function ownFileName(annotator: string, install: string, extension: 'json' | 'jsonl'): string {
  return `${fileSafe(annotator)}.${install}.${extension}`;
}
