import { open } from 'node:fs/promises';

/** A zip's directory ends in at most this many bytes: 22 and a comment. */
const ZIP_END_BYTES = 22 + 65_535;

/**
 * What a .pt or GIF that nobody here answers for lacks to be one: words that follow its name; null where it begins and
 * ends as its kind does. A copy that broke off would else be published.
 */
export async function partFault(file: string, kind: '.pt' | '.gif'): Promise<string | null> {
  const [head, tail] = await endsOf(file, kind === '.gif' ? 1 : ZIP_END_BYTES);
  if (kind === '.gif') {
    if (!/^GIF8[79]a/.test(head)) return 'is no GIF';
    return tail === ';' ? null : 'is cut short';
  }
  // What older versions of torch wrote is a stream of its own, which ends in no way that is known here.
  if (!head.startsWith('PK')) return head.startsWith('\x80') ? null : 'is nothing that torch wrote';
  return tail.includes('PK\x05\x06') ? null : 'is cut short';
}

async function endsOf(file: string, tailBytes: number): Promise<[head: string, tail: string]> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const read = async (from: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
      return buffer.toString('latin1', 0, bytesRead);
    };
    const from = Math.max(0, size - tailBytes);
    return [await read(0, 6), await read(from, size - from)];
  } finally {
    await handle.close();
  }
}
