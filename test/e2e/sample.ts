import { createHash, randomUUID } from 'node:crypto';
import { constants, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runRegrasp } from '../support/terminal.ts';
import { writtenOnce } from '../support/written-once.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cache = path.join(root, '.cache');
const PREFIX = 'e2e-sample-';

export const EPISODES = {
  faulty: 'data/board_insertion/2026-07-02/episode_000.h5',
  clean: 'data/board_insertion/2026-07-02/episode_001.h5',
} as const;

/** A sample of four seconds, recorded once for all journeys and again only when the rig's code changes. Read-only. */
export async function sampleDataset(): Promise<string> {
  await writtenOnce('sample-of-journeys', async () => {
    await recordOnce();
  });
  return sampleFolder();
}

/**
 * A dataset of one journey's own, whose files and `.regrasp` it may change.
 * `broken` takes the folder of broken recordings along.
 */
export async function copyOfSample(folder: string, { broken = false } = {}): Promise<string> {
  const from = await sampleDataset();
  const to = path.join(folder, 'lab');
  cpSync(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => broken || path.relative(from, source) !== path.join('data', 'broken'),
  });
  return to;
}

const sampleFolder = () => path.join(cache, `${PREFIX}${codeKey()}`);

async function recordOnce(): Promise<void> {
  const folder = sampleFolder();
  if (existsSync(folder)) return;
  mkdirSync(cache, { recursive: true });
  const isOld = (name: string) => name.startsWith(PREFIX) && name !== path.basename(folder);
  for (const old of readdirSync(cache).filter(isOld)) {
    rmSync(path.join(cache, old), { recursive: true, force: true });
  }
  const growing = path.join(cache, `growing-${randomUUID()}`);
  const run = await runRegrasp(`${growing}-user`, 'sample', growing, '--seconds', '4');
  rmSync(`${growing}-user`, { recursive: true, force: true });
  if (run.exitCode !== 0) throw new Error(`The sample could not be recorded: ${run.stderr}`);
  renameSync(growing, folder);
}

/** Changes whenever the code of the rig does. */
function codeKey(): string {
  const rig = path.join(root, 'electron', 'sample');
  const hash = createHash('sha256');
  for (const name of readdirSync(rig).sort()) {
    if (name.endsWith('.test.ts')) continue;
    hash.update(`${name}\0`).update(readFileSync(path.join(rig, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
