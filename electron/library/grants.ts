import { randomBytes } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Fault, reasonOf, sentenceOf, systemCodeOf } from '../fault.ts';
import { writeAtomically } from '../settings/atomic-write.ts';
import type { Source } from '../sources/source.ts';
import { fileFactsOf, sourceFor } from './file-facts.ts';

const fileSchema = z.object({
  version: z.literal(1),
  grants: z.array(z.object({ id: z.string(), path: z.string() })),
});

type Grant = z.infer<typeof fileSchema>['grants'][number];

const LIMIT = 200;
const NEVER_THERE = new Set(['ENOENT', 'ENOTDIR']);

/**
 * Which paths a person chose. A grant is a random word for one real path; only a door makes one (dialog, drop, command
 * line), and the renderer can only hand it back. Grants outlive a restart, so that recent datasets open again; those
 * of a terminal command (`lasting` false) end with it, need no user folder and push nothing out of the recent list.
 */
export class Grants {
  private readonly file: string;
  private turn: Promise<unknown> = Promise.resolve();
  private passing: Grant[] = [];

  constructor(
    userDataDir: string,
    private readonly sources: readonly Source[],
    private readonly onNotice: (sentence: string) => void,
    private readonly lasting = true,
  ) {
    this.file = path.join(userDataDir, 'grants.json');
  }

  /** Rejects with Fault when there is nothing, or nothing Regrasp can open. The same path keeps its grant. */
  async grant(chosen: string): Promise<string> {
    const { real } = await this.check(path.resolve(chosen));
    const result = this.turn.then(() => this.keep(real));
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** The granted real path, checked anew: it must still be itself and not have become a link to elsewhere. */
  async resolve(id: string): Promise<{ real: string; isFolder: boolean }> {
    const grant = (await this.read()).find((candidate) => candidate.id === id);
    if (!grant) throw new Fault('REFUSED', 'That dataset was not opened by a person here: open it from the File menu.');
    const found = await this.check(grant.path);
    if (found.real !== grant.path) {
      throw new Fault('REFUSED', `${grant.path} has become a link to ${found.real}: open that folder itself.`);
    }
    return found;
  }

  private async keep(real: string): Promise<string> {
    const grants = await this.read();
    const known = grants.find((grant) => grant.path === real) ?? {
      id: randomBytes(18).toString('base64url'),
      path: real,
    };
    const next = [known, ...grants.filter((grant) => grant !== known)].slice(0, LIMIT);
    if (!this.lasting) {
      this.passing = next;
      return known.id;
    }
    try {
      await writeAtomically(this.file, `${JSON.stringify({ version: 1, grants: next }, null, 2)}\n`);
    } catch (error) {
      const reason = reasonOf(error) ?? sentenceOf(error, this.file).replace(/\.$/, '');
      throw new Fault(
        'UNUSABLE',
        `Your user folder ${path.dirname(this.file)} cannot be written (${reason}): set REGRASP_USER_DATA to a folder that can.`,
      );
    }
    return known.id;
  }

  private async check(chosen: string): Promise<{ real: string; isFolder: boolean }> {
    if (chosen.includes('\0')) throw new Fault('REFUSED', 'A path cannot hold a NUL character.');
    let real: string;
    try {
      real = await realpath(chosen);
    } catch (error) {
      if (NEVER_THERE.has(systemCodeOf(error))) {
        throw new Fault('NOT_FOUND', `There is nothing at ${chosen}: check the path.`);
      }
      throw new Fault('NOT_FOUND', `There is nothing to open: ${sentenceOf(error, chosen)}`);
    }
    const stats = await stat(real);
    if (stats.isDirectory()) return { real, isFolder: true };
    const facts = await fileFactsOf(real);
    if (facts && sourceFor(this.sources, facts)) return { real, isFolder: false };
    const known = this.sources.map((source) => source.name).join(', ');
    throw new Fault('REFUSED', `${chosen} is neither a folder nor a recording Regrasp knows (${known}).`);
  }

  private async read(): Promise<Grant[]> {
    if (!this.lasting) return this.passing;
    const text = await readFile(this.file, 'utf8').catch(() => undefined);
    if (text === undefined) return [];
    try {
      return fileSchema.parse(JSON.parse(text)).grants;
    } catch {
      this.onNotice(`${this.file} is damaged, so recent datasets have to be opened again.`);
      return [];
    }
  }
}
