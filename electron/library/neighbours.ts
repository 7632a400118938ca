import path from 'node:path';
import type { FileFacts, Source, SourcePorts } from '../sources/source.ts';

/** Files on either side, by name, whose content is asked for. */
const ON_A_SIDE = 3;
/** What a folder holds is not asked for again so soon: a folder may hold thousands of damaged files. */
const KEPT_MS = 5000;
const KEPT_FOLDERS = 64;

/** Of which format the files beside a file are that tells nothing itself. */
export class Neighbours {
  private readonly known = new Map<string, { at: number; source: Promise<Source | undefined> }>();

  /** `possible`: formats that the file could be of, by its name. Undefined where its neighbours tell nothing, either. */
  formatOf(file: FileFacts, possible: readonly Source[], ports: SourcePorts): Promise<Source | undefined> {
    const key = `${path.dirname(file.path)}\n${possible.map(({ id }) => id)}`;
    const known = this.known.get(key);
    if (known && performance.now() - known.at < KEPT_MS) return known.source;
    const source = ask(file, possible, ports).catch(() => undefined);
    this.known.delete(key);
    this.known.set(key, { at: performance.now(), source });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= KEPT_FOLDERS) break;
      this.known.delete(oldest);
    }
    return source;
  }
}

async function ask(file: FileFacts, possible: readonly Source[], ports: SourcePorts): Promise<Source | undefined> {
  const folder = path.dirname(file.path);
  const names = (await ports.files.list(folder)).filter((name) =>
    possible.some(({ mightBe }) => mightBe({ ...file, name })),
  );
  const at = names.indexOf(file.name);
  const near = [...names.slice(Math.max(0, at - ON_A_SIDE), at), ...names.slice(at + 1, at + 1 + ON_A_SIDE)];
  for (const name of near) {
    const facts = await ports.files.facts(path.join(folder, name));
    for (const source of possible) {
      if (facts && source.mightBe(facts) && (await source.recognizes(facts, ports))) return source;
    }
  }
  return undefined;
}
