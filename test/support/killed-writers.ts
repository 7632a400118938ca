import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { readLine } from '../../shared/review/journal.ts';
import type { GestureLine } from '../../shared/review/review.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface KilledWriters {
  kills: number;
  /** Steps whose writer was told that they are on disk. */
  answered: number;
  /** Steps that stand in the journals. Those in hand at a kill may be there, or not. */
  found: number;
  /** Lines that were cut off or damaged, in words. */
  problems: string[];
  /** Ids that stand there twice. */
  repeated: number;
  /** Whether a byte of a journal was altered that had been there before. */
  isAltered: boolean;
  lines: GestureLine[];
}

export interface KillOptions {
  /** Folder for everything; empty. */
  folder: string;
  kills: number;
  /** Writers at once in every life: of one person on one install, so that all of them write the same journal. */
  writers: number;
  /** Longest life of a writer after the first step it kept. */
  longestMs: number;
  random: () => number;
}

/** Has processes say things of one recording and ends each by SIGKILL at a random moment; then reads what is there. */
export async function killWriters({ folder, kills, writers, longestMs, random }: KillOptions): Promise<KilledWriters> {
  const script = await buildWriter(path.join(folder, 'out'));
  const storage = path.join(folder, 'root', '.regrasp');
  let answered = 0;
  let before = new Map<string, Buffer>();
  let isAltered = false;
  for (let life = 0; life < kills; life += 1) {
    const lives = Array.from({ length: writers }, async (_, writer) => {
      const args = [script, storage, path.join(folder, 'user'), `${life * writers + writer}`, '100000'];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const text = await saidUntilKilled(child, random() * longestMs);
      return text.split('\n').filter((line) => line.startsWith('kept ')).length;
    });
    for (const count of await Promise.all(lives)) answered += count;
    const now = journalsIn(storage);
    for (const [name, bytes] of before) {
      const same = now.get(name);
      isAltered ||= same === undefined || !same.subarray(0, bytes.length).equals(bytes);
    }
    before = now;
  }
  const read = [...before].flatMap(([name, bytes]) =>
    bytes
      .toString('utf8')
      .split('\n')
      .map((line, index) => readLine(line, `${name}, line ${index + 1}`)),
  );
  const lines = read.filter((line) => typeof line === 'object');
  const distinct = new Set(lines.map(({ id }) => id)).size;
  return {
    ...{ kills: kills * writers, answered, found: distinct, repeated: lines.length - distinct, isAltered, lines },
    problems: read.filter((line) => typeof line === 'string'),
  };
}

/** The writer as one file that Node runs. */
export async function buildWriter(outDir: string): Promise<string> {
  await build({
    ...{ root, configFile: false, logLevel: 'error' },
    build: {
      ...{ ssr: true, target: 'node20.19', outDir, emptyOutDir: true, minify: false },
      rolldownOptions: {
        input: { 'review-writer': path.join(root, 'test/support/review-writer.ts') },
        external: [...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
    ssr: { noExternal: true },
  });
  return path.join(outDir, 'review-writer.mjs');
}

/** Everything it said, once it is gone. A pipe holds what was written to it, whoever wrote it is dead or not. */
function saidUntilKilled(child: ChildProcess, afterMs: number): Promise<string> {
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (more) => {
      text += more;
      if (text.includes('kept ')) timer ??= setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(text);
      else reject(new Error(`The writer ended by itself with ${code ?? signal}: ${text.slice(-500)}`));
    });
  });
}

function journalsIn(storage: string): Map<string, Buffer> {
  const names = readdirSync(storage, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.jsonl'));
  return new Map(names.map((name) => [name, readFileSync(path.join(storage, name))]));
}
