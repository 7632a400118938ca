import path from 'node:path';
import { z } from 'zod';

/** What a person asked to see when starting the app. */
export const openRequestSchema = z.object({
  /** Absolute path of a folder or recording; null: none was named. */
  path: z.string().max(32_768).nullable(),
  /** Address of a moment (shared/episode/address.ts). */
  at: z.string().max(8192).nullable(),
});
export type OpenRequest = z.infer<typeof openRequestSchema>;

/**
 * Reads `[path] [--at address]` out of a command line that may also hold switches of Chromium. `words` starts after the
 * executable (and, in a checkout, after the app's own folder). A relative path is meant from `workingFolder`.
 */
export function readOpenRequest(words: readonly string[], workingFolder: string): OpenRequest {
  const request: OpenRequest = { path: null, at: null };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    if (word === '--at') {
      request.at = words[index + 1] ?? null;
      index += 1;
    } else if (word.startsWith('--at=')) request.at = word.slice('--at='.length);
    else if (!word.startsWith('-') && word !== '' && request.path === null) {
      request.path = path.resolve(workingFolder, word);
    }
  }
  return request;
}
