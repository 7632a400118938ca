import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SampleTools } from '../sample-tools.ts';

/** Writes files of a sample below its folder, as long as it is wanted. */
export function sampleWriter(folder: string, { signal }: SampleTools) {
  return async (below: string, content: string | Uint8Array): Promise<void> => {
    signal?.throwIfAborted();
    const place = path.join(folder, below);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
  };
}

/** As LeRobot writes its JSON. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}
