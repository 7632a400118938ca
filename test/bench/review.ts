import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtPaths } from '../../electron/paths.ts';
import { doing, steppingBack } from '../../electron/review/steps.ts';
import { recordFormatSample } from '../../electron/sample/format-sample.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import { emptyHistory, foldNext, type LayerHistory, layerOf } from '../../shared/review/fold.ts';
import { formatLine } from '../../shared/review/journal.ts';
import { type GestureLine, JOURNAL_VERSION } from '../../shared/review/review.ts';
import { afterStep } from '../../shared/review/step.ts';
import { gestureFor, MOST, type Move } from '../../shared/review/testing.ts';
import { type Client, clientOf } from '../contract/doors.ts';
import { killWriters } from '../support/killed-writers.ts';
import { against, type FigureTable } from './report.ts';
import { percentile, seededRandom } from './statistics.ts';

const GESTURES = 10_000;
const MEASURED = 300;
const OPENINGS = 5;
/** Kills are lives times writers. */
const LIVES = 50;
const WRITERS = 4;

/** How soon a step is on disk, how soon a long review is open, and what a kill costs. */
export async function measureReview(mainDir: string): Promise<FigureTable[]> {
  const base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-review-')));
  try {
    const rows = [
      await measured('a new review', base, mainDir, null),
      await measured(`${GESTURES} steps of marking`, base, mainDir, scripted),
      await measured(`${GESTURES} steps, each about a note of its own`, base, mainDir, notes),
    ];
    return [
      {
        title: 'A step of a review, from the call to the answer that it is on disk',
        note: `${MEASURED} steps each (mark, move, name, undo, redo; fsync included), sent as a window sends them; a window that listens is told of each, and takes the answer on to the whole review. Opening: the median and the worst of ${OPENINGS} fresh workstations, from asking for the review to having it, and the processor's time for it on all threads: what it takes where nobody else works.`,
        columns: ['journal', 'step, median', 'step, p95', 'opening, median', 'opening, worst', 'opening, CPU'],
        rows,
      },
      await killed(base),
    ];
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

type Next = (history: LayerHistory, index: number, random: () => number) => GestureLine | null;

async function measured(what: string, base: string, mainDir: string, next: Next | null): Promise<string[]> {
  const { workerDir, pluginDir } = builtPaths(mainDir);
  const directory = mkdtempSync(path.join(base, 'sample-'));
  await recordFormatSample({ format: 'aloha', directory, seconds: 2, workerDir, pluginDir });
  const userDataDir = path.join(base, 'user');
  const open = async () => {
    const workstation = await openWorkstation({ door: 'browser', version: 'bench', userDataDir, workerDir, pluginDir });
    const client = clientOf(
      (below, init) => workstation.fetch(new Request(`http://localhost${below}`, init)),
      'http://localhost',
    );
    const root = await workstation.openRoot(await workstation.grant(directory));
    const { entries } = await workstation.settled(root.id);
    const episode = entries.find(({ ticks }) => ticks !== null)?.id as string;
    const { fingerprint } = await client.episodes.open({ episode });
    return {
      workstation,
      client,
      episode,
      fingerprint: fingerprint as string,
      storage: path.join(root.path, '.regrasp'),
    };
  };
  const random = seededRandom(5);
  if (next) {
    const { workstation, storage, fingerprint } = await open();
    await workstation.close();
    writeJournal(path.join(storage, 'reviews', fingerprint), next, random);
  }
  const openingsMs: number[] = [];
  const openingsCpuMs: number[] = [];
  for (let n = 0; n < OPENINGS; n += 1) {
    const { workstation, client, episode } = await open();
    const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()];
    await client.review.get({ episode });
    openingsMs.push(performance.now() - startedMs);
    const { user, system } = process.cpuUsage(startedCpu);
    openingsCpuMs.push((user + system) / 1000);
    await workstation.close();
  }
  const { workstation, client, episode } = await open();
  const listening = listen(client);
  const stepsMs: number[] = [];
  let review = await client.review.get({ episode });
  for (let n = 0; stepsMs.length < MEASURED; n += 1) {
    const gesture = gestureFor(review.own, moveOf(random), `m${n}`);
    const choice = random();
    if (!gesture && choice >= 0.2) continue;
    const startedMs = performance.now();
    try {
      const said = { episode, name: gesture?.name ?? '', patch: gesture?.patch ?? [] };
      const step =
        choice < 0.12
          ? await client.review.undo({ episode })
          : choice < 0.2
            ? await client.review.redo({ episode })
            : await client.review.gesture(said);
      review = afterStep(review, step) ?? (await client.review.get({ episode }));
      stepsMs.push(performance.now() - startedMs);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'REFUSED') throw error;
    }
  }
  await workstation.close();
  await listening;
  return [
    what,
    `${percentile(stepsMs, 50).toFixed(1)} ms`,
    against(percentile(stepsMs, 95), 30, ' ms', 'atMost'),
    against(percentile(openingsMs, 50), 300, ' ms', 'atMost', 0),
    `${Math.max(...openingsMs).toFixed(0)} ms`,
    `${percentile(openingsCpuMs, 50).toFixed(0)} ms`,
  ];
}

/** A window that hears of every step, until the workstation closes. */
async function listen(client: Client): Promise<void> {
  for await (const event of await client.events()) if (event.type === 'hello') continue;
}

/** A journal of somebody's who was at it for hours. */
function writeJournal(folder: string, next: Next, random: () => number): void {
  const lines: string[] = [];
  let history: LayerHistory = emptyHistory(os.userInfo().username);
  for (let index = 0; lines.length < GESTURES; index += 1) {
    const line = next(history, index, random);
    if (!line) continue;
    lines.push(formatLine(line));
    // Of notes nothing follows but the counter, and ten thousand layers of thousands of them would take minutes.
    history = next === notes ? { ...history, last: line } : (foldNext(history, line) as LayerHistory);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${history.annotator}.0123456789ab.jsonl`), lines.join(''));
}

function scripted(history: LayerHistory, index: number, random: () => number): GestureLine | null {
  const choice = random();
  const [last, taken] = [history.undoable.at(-1), history.redoable.at(-1)];
  if (choice < 0.12) return last ? lineOf(history, index, steppingBack(history, 'undo', last)) : null;
  if (choice < 0.2) return taken ? lineOf(history, index, steppingBack(history, 'redo', taken)) : null;
  const gesture = gestureFor(layerOf(history), moveOf(random), `${index}`);
  return gesture && stepOf(history, index, gesture.name, gesture.patch);
}

function notes(history: LayerHistory, index: number): GestureLine {
  const value = { text: `What was seen here, in a few words (${index}).`, ticks: [index, index] };
  const change = { map: 'notes' as const, id: `note-${index}`, value };
  const step = { kind: 'do' as const, name: 'Add a note', patch: [change], inverse: [{ ...change, value: null }] };
  return lineOf(history, index, step);
}

function stepOf(history: LayerHistory, index: number, name: string, patch: GestureLine['patch']): GestureLine | null {
  try {
    return lineOf(history, index, doing(name, patch, 1)(history));
  } catch {
    return null;
  }
}

function lineOf(history: LayerHistory, index: number, step: ReturnType<typeof steppingBack>): GestureLine {
  const at = new Date(1.75e12 + index * 360).toISOString();
  const clock = (history.last?.clock ?? 0) + 1;
  const { annotator } = history;
  return { v: JOURNAL_VERSION, id: crypto.randomUUID(), at, clock, annotator, install: '0123456789ab', ...step };
}

function moveOf(random: () => number): Move {
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  return { kind: upTo(MOST.kind), pick: upTo(MOST.pick), other: upTo(MOST.other), tick: upTo(MOST.tick) };
}

async function killed(base: string): Promise<FigureTable> {
  const folder = path.join(base, 'killed');
  const random = seededRandom(9);
  const told = await killWriters({ folder, kills: LIVES, writers: WRITERS, longestMs: 150, random });
  const lost = Math.max(0, told.answered - told.found);
  return {
    title: 'kill -9 while things are said',
    note: 'Processes of one person on one install, four at a time, write the same journal as fast as they can, and each is ended by SIGKILL at a random moment. Lost: a step whose writer was told that it is on disk, and that is not in the journal.',
    columns: [
      'kills',
      'steps answered',
      'lost',
      'found beyond those (in hand at a kill)',
      'lines cut off',
      'bytes altered',
    ],
    rows: [
      [
        `${told.kills}`,
        `${told.answered}`,
        against(lost, 0, '', 'atMost', 0),
        against(told.found - told.answered, told.kills, '', 'atMost', 0),
        `${told.problems.length}`,
        told.isAltered ? 'yes' : 'none',
      ],
    ],
  };
}
