/** Codes of the contract (shared/api/contract.ts): every service speaks them, the api layer passes them on. */
export type FaultCode = 'NOT_FOUND' | 'REFUSED' | 'UNUSABLE';

/** A fault with one sentence for the person: what is wrong, where, what to do. */
export class Fault extends Error {
  constructor(
    readonly code: FaultCode,
    message: string,
    /** What the operating system refused with, where it did: "ENOSPC". */
    readonly systemCode = '',
  ) {
    super(message);
    this.name = 'Fault';
  }
}

/** The operating system's code of a failed call ("ENOENT" …), "" for anything else. */
export function systemCodeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : '';
}

/** Whether there was no room to write: no fault of what was being written, and the next thing will meet it as well. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Fault ? error.systemCode : systemCodeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

const SYSTEM_SENTENCES: Record<string, string> = {
  ENOENT: 'it is not there any more',
  EACCES: 'this account may not use it: change its permissions',
  EPERM: 'this account may not use it: change its permissions',
  EROFS: 'the disk is read-only',
  EEXIST: 'a file of that name is in the way',
  ENOTDIR: 'a part of its path is a file and no folder',
  ENAMETOOLONG: 'a name in its path is too long',
  ELOOP: 'it is a link that leads back to itself',
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the disk quota is used up: free some space',
  EMFILE: 'too many files are open: close other programs',
  EIO: 'the disk reports a read or write error: check the disk',
  ESTALE: 'the network share was lost: mount it again',
};

/** What the operating system refused, as the part of a sentence; undefined for what has no words of ours. */
export function reasonOf(error: unknown): string | undefined {
  return SYSTEM_SENTENCES[systemCodeOf(error)];
}

/** A failed file operation as one sentence about `what` (a path; by default the error's own); other errors keep their message. */
export function sentenceOf(error: unknown, what = (error as { path?: string } | null)?.path ?? 'A file'): string {
  const code = systemCodeOf(error);
  const known = reasonOf(error);
  if (known) return `${what} cannot be used: ${known}.`;
  const message = error instanceof Error ? error.message : String(error);
  return code ? `${what} cannot be used (${code}).` : message;
}
