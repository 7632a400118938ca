import path from 'node:path';
import type { Library, LibraryEntry } from '../../shared/api/library.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import type { Workstation } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { withWorkstation } from './episode-command.ts';
import { EXIT, formatBytes, formatTable, printJson } from './output.ts';
import { progressLine } from './progress-line.ts';

/** Decoding samples of a large dataset takes long: its list comes without, and says so. */
const TRY_AT_MOST = 100;
const TRY_MS = 10_000;

/**
 * Every recording below a folder, looked into. Exit code 1 when one has an error. JSON: `root` and its `episodes`; a
 * folder above several datasets answers `datasets`, a list of such pairs.
 */
export async function list(context: CliContext, folder: string, options: { json?: boolean }): Promise<number> {
  return withWorkstation(context, async (workstation) => {
    const opened = await workstation.openRoots(await workstation.grant(path.resolve(folder)));
    const libraries: Library[] = [];
    for (const { id } of opened) libraries.push(await settledWithProgress(context, workstation, id));
    if (options.json) {
      const described = libraries.map(({ root, entries }) => ({ root: describeRoot(root), episodes: entries }));
      await printJson(context.output, described.length === 1 ? described[0] : { datasets: described });
    } else {
      for (const { root, entries } of libraries) {
        const heading = libraries.length > 1 ? `${root.path}\n` : '';
        await context.output.out(`${heading}${describeEntries(entries)}`);
      }
    }
    const all = libraries.flatMap(({ entries }) => entries);
    if (all.length === 0)
      context.output.err(`No recordings were found in ${path.resolve(folder)}: name the folder they lie in.\n`);
    return all.some(({ status }) => status === 'error') ? EXIT.problems : EXIT.fine;
  });
}

/** Waits until every recording was looked into, and says how far that is. */
async function settledWithProgress(context: CliContext, workstation: Workstation, root: string): Promise<Library> {
  const line = progressLine(context.output);
  let left = 0;
  const stopListening = workstation.events((event) => {
    if (event.type !== 'entries' || event.root !== root) return;
    void workstation.library(root).then(({ entries }) => {
      const looked = entries.filter(({ status }) => status !== 'pending').length;
      line.show(`Looked into ${looked} of ${entries.length} recordings.`);
    });
  });
  try {
    await workstation.settled(root);
    const { untried } = await workstation.tried(root, 0);
    const tried = await workstation.tried(root, untried > TRY_AT_MOST ? 0 : TRY_MS);
    left = tried.untried;
    return tried.library;
  } finally {
    stopListening();
    line.end();
    if (left > 0) {
      context.output.err(
        `Frames of ${left} recordings were not decoded to see whether they are whole: "regrasp inspect" does so for one.\n`,
      );
    }
  }
}

function describeRoot({
  id,
  path: where,
  format,
  storage,
  storageReason,
}: {
  id: string;
  path: string;
  format: string;
  storage: string;
  storageReason: string | null;
}) {
  return { id, path: where, format, storage, storageReason };
}

function describeEntries(entries: readonly LibraryEntry[]): string {
  if (entries.length === 0) return 'No recordings that Regrasp knows.\n';
  const table = formatTable(
    ['status', 'episode', 'format', 'outcome', 'duration', 'ticks', 'streams', 'size'],
    entries.map(({ status, path: below, format, outcome, durationNs, ticks, streams, sizeBytes }) => [
      status,
      below,
      format,
      outcome ?? '–',
      durationNs === null ? '–' : formatTime(durationNs),
      ticks === null ? '–' : String(ticks),
      streams === null ? '–' : String(streams),
      formatBytes(sizeBytes),
    ]),
    [4, 5, 6, 7],
  );
  const problems = entries.flatMap(({ path: below, problems }) =>
    problems.map(
      ({ severity, message }) =>
        `${severity}: ${message.includes(path.posix.basename(below)) ? '' : `${below}: `}${message}\n`,
    ),
  );
  return problems.length === 0 ? table : `${table}\n${problems.join('')}`;
}
