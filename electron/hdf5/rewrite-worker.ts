// Worker entry: one piece of work on one recording (see rewrite-protocol.ts), then it ends.
import { closeSync, fsyncSync, openSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { systemCodeOf } from '../fault.ts';
import { FileBytes } from '../frames/file-bytes.ts';
import { installFileGate } from '../frames/file-gate.ts';
import { RecordingFiles } from '../frames/hdf5-files.ts';
import { loadHdf5Library } from '../frames/hdf5-library.ts';
import { Unpacker } from '../frames/unpacker.ts';
import { CannotCarry } from './bytes.ts';
import { checkEdit } from './check-edit.ts';
import { isPacked, type ReadRegion } from './chunks.ts';
import { compareStructure } from './compare-structure.ts';
import { compareByLibrary, read } from './compare-values.ts';
import { copyPlanned } from './copy.ts';
import { besidesEdit, editPlan } from './edit-plan.ts';
import { type PlannedObject, planFile } from './plan.ts';
import type { RewriteResult, RewriteWork, RewriteWorkerData, RewriteWorkerMessage } from './rewrite-protocol.ts';

const send = (message: RewriteWorkerMessage) => parentPort?.postMessage(message);
/** A copy may come out a little larger than its original, and a disk should keep some room. */
const SPARE_BYTES = 64 * 2 ** 20;
const PROGRESS_EVERY_BYTES = 4 * 2 ** 20;

const { pluginDir, work } = workerData as RewriteWorkerData;

async function run(): Promise<RewriteResult> {
  // Opened before the gate stands: afterwards the library opens these two files and no other.
  const file = new FileBytes(openSync(work.file, 'r'));
  const isCopy = work.kind === 'copy';
  let objects: PlannedObject[];
  try {
    objects = planFile(file);
  } catch (error) {
    return refusal(error);
  }
  if (isCopy) {
    const isNothingToPack = objects.every(({ dataset }) => !dataset || isPacked(dataset));
    if (work.level !== null && work.edit === null && isNothingToPack) return { state: 'packed-already' };
    const { bavail, bsize } = statfsSync(path.dirname(work.temporary));
    const needed = statSync(work.file).size + SPARE_BYTES;
    if (bavail * bsize < needed) {
      const free = `${megabytes(bavail * bsize)} free, ${megabytes(needed)} needed`;
      return refused(`the disk has no room for its copy (${free}): free some space`);
    }
  }
  const library = await loadHdf5Library(pluginDir);
  const descriptor = isCopy ? openSync(work.temporary, 'wx', 0o600) : openSync(work.temporary, 'r');
  const gate = installFileGate(pluginDir);
  const files = new RecordingFiles(library, gate, pluginDir);
  const unpacker = new Unpacker();
  const regionsOf =
    (name: string): ReadRegion =>
    (at, offset, count) => {
      const recording = files.open(name);
      const facts = recording.facts(at);
      if (facts.fault) throw new CannotCarry(facts.fault.replace(/\.$/, ''));
      const bytes = count.reduce((product, size) => product * size, facts.metadata.size);
      const pointer = library.module._malloc(bytes);
      if (!pointer) throw new CannotCarry(`${at} has chunks that do not fit into memory`);
      try {
        read(library.module, recording, at, offset, count, pointer);
        return library.module.HEAPU8.slice(pointer, pointer + bytes);
      } finally {
        library.module._free(pointer);
      }
    };
  const tools = { file, unpacker, readRegion: regionsOf(work.file) };
  try {
    if (isCopy) {
      const plan = work.edit ? editPlan(objects, work.edit) : objects;
      const { bytes } = await copyPlanned(plan, descriptor, {
        ...tools,
        level: work.level,
        onBytes: progress(),
      });
      fsyncSync(descriptor);
      return { state: 'copied', bytes };
    }
    return compare(work, objects, tools, {
      file: new FileBytes(descriptor),
      unpacker,
      readRegion: regionsOf(work.temporary),
    });
  } catch (error) {
    return refusal(error);
  } finally {
    closeSync(descriptor);
  }

  function compare(
    { part, parts, temporary, level, edit }: Extract<RewriteWork, { kind: 'compare' }>,
    before: PlannedObject[],
    oldTools: typeof tools,
    newTools: typeof tools,
  ): RewriteResult {
    const after = planFile(newTools.file);
    const [pathsBefore, pathsAfter] = [before, after].map((side) => new Set(side.map(({ path: at }) => at)));
    const [old, copy] = edit
      ? [besidesEdit(before, edit, pathsAfter as Set<string>), besidesEdit(after, edit, pathsBefore as Set<string>)]
      : [before, after];
    if (part === 0) {
      const structure =
        compareStructure({ objects: old, tools: oldTools }, { objects: copy, tools: newTools }) ??
        (edit && checkEdit(library, files.open(temporary), edit));
      if (structure) return { state: 'different', what: structure };
    }
    const share = old.filter((_, at) => at % parts === part);
    const values = compareByLibrary(library, files.open(work.file), files.open(temporary), share, {
      ...{ level, edit },
      onBytes: progress(),
    });
    return values ? { state: 'different', what: values } : { state: 'equal' };
  }
}

function refusal(error: unknown): RewriteResult {
  if (error instanceof CannotCarry) return refused(error.message);
  throw error;
}

function refused(reason: string): RewriteResult {
  return { state: 'refused', reason };
}

function progress(): (bytes: number) => void {
  let held = 0;
  return (bytes) => {
    held += bytes;
    if (held < PROGRESS_EVERY_BYTES) return;
    send({ kind: 'progress', bytes: held });
    held = 0;
  };
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1e6)} MB`;
}

run().then(
  (result) => send({ kind: 'done', result }),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    send({ kind: 'failed', message, code: systemCodeOf(error) || undefined });
  },
);
