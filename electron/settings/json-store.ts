import { copyFile, lstat, readFile, rename } from 'node:fs/promises';
import type { z } from 'zod';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';
import { writeAtomically } from './atomic-write.ts';

type Raw = Record<string, unknown>;

/**
 * A small JSON file with a schema. Keys the schema does not know are kept, so that a newer version's settings survive
 * an older one. A file that cannot be read as settings is kept aside as `<name>.bad` and told to the person; one bad
 * value falls back to its default alone. The file is read again when another program changed it.
 */
export class JsonStore<Schema extends z.ZodObject> {
  private raw: Raw = {};
  private parsed: z.output<Schema>;
  private stamp: string | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly file: string,
    private readonly schema: Schema,
    private readonly onNotice: (sentence: string) => void,
  ) {
    this.parsed = schema.parse({}) as z.output<Schema>;
  }

  get(): Promise<z.output<Schema>> {
    return this.inTurn(async () => {
      await this.load();
      return this.parsed;
    });
  }

  /** As last read or written, the defaults before that: for callers that cannot wait. */
  last(): z.output<Schema> {
    return this.parsed;
  }

  /** Applies a change to the raw keys, checks the whole, writes it. Rejects with Fault and changes nothing when invalid. */
  update(change: (raw: Raw) => Raw): Promise<z.output<Schema>> {
    return this.inTurn(async () => {
      await this.load();
      const next = change({ ...this.raw });
      const checked = this.schema.safeParse(next);
      if (!checked.success) {
        const issue = checked.error.issues[0];
        const key = issue?.path.join('.') || 'a setting';
        throw new Fault('REFUSED', `The setting ${key} was not changed: ${issue?.message ?? 'the value is invalid'}.`);
      }
      try {
        await writeAtomically(this.file, `${JSON.stringify(next, null, 2)}\n`);
      } catch (error) {
        throw new Fault('UNUSABLE', `The settings were not saved. ${sentenceOf(error, this.file)}`);
      }
      this.raw = next;
      this.parsed = checked.data as z.output<Schema>;
      this.stamp = await this.stampOnDisk();
      return this.parsed;
    });
  }

  /** Resolves when everything asked of it so far is done. */
  async settled(): Promise<void> {
    await this.turn;
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.turn.then(task);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async load(): Promise<void> {
    const stamp = await this.stampOnDisk();
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    this.raw = {};
    if (stamp === 'link') this.onNotice(`${this.file} is a link and was not followed: default settings are used.`);
    else if (stamp !== 'absent') this.raw = await this.read();
    this.parsed = await this.parseLeniently();
  }

  private async read(): Promise<Raw> {
    try {
      const value: unknown = JSON.parse(await readFile(this.file, 'utf8'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw;
    } catch (error) {
      if (systemCodeOf(error) !== '') {
        this.onNotice(`The settings were not read. ${sentenceOf(error, this.file)}`);
        return {};
      }
    }
    await rename(this.file, `${this.file}.bad`).catch(() => undefined);
    this.stamp = 'absent';
    this.onNotice(`${this.file} is damaged: it was kept as ${this.file}.bad and default settings are used.`);
    return {};
  }

  private async parseLeniently(): Promise<z.output<Schema>> {
    const first = this.schema.safeParse(this.raw);
    if (first.success) return first.data as z.output<Schema>;
    const wrong = [...new Set(first.error.issues.map((issue) => String(issue.path[0])))];
    await copyFile(this.file, `${this.file}.bad`).catch(() => undefined);
    for (const key of wrong) delete this.raw[key];
    this.onNotice(
      `${this.file}: ${wrong.join(', ')} had an invalid value, so the default is used; a copy is in ${this.file}.bad.`,
    );
    return this.schema.parse(this.raw) as z.output<Schema>;
  }

  private async stampOnDisk(): Promise<string> {
    const stats = await lstat(this.file).catch(() => undefined);
    if (!stats) return 'absent';
    return stats.isSymbolicLink() ? 'link' : `${stats.ino}:${stats.size}:${stats.mtimeMs}`;
  }
}
