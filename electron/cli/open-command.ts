import path from 'node:path';
import type { Root } from '../../shared/api/library.ts';
import { type Address, formatAddress, parseAddress, parseMoment } from '../../shared/episode/address.ts';
import { masterClockOf } from '../../shared/episode/episode.ts';
import { secondsToNs } from '../../shared/time/nanoseconds.ts';
import { nearest } from '../../shared/time/sampling.ts';
import { chooseDoor } from '../launch/choose-door.ts';
import { runDesktop } from '../launch/run-desktop.ts';
import { sampleDataset } from '../launch/sample-dataset.ts';
import { builtPaths } from '../paths.ts';
import { userDataDir } from '../user-data.ts';
import type { Workstation } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { faultOf, withWorkstation } from './episode-command.ts';
import { CliFault } from './output.ts';
import { progressLine } from './progress-line.ts';
import { recordWithProgress } from './sample-command.ts';
import { serveUntilInterrupted } from './serve-command.ts';
import { openForTerminal } from './terminal-workstation.ts';

/**
 * Opens a dataset in the window, or in a browser where this machine has no window to open, and says why. Without a root the
 * sample dataset is opened, recorded on the first start. Answers when the window is closed or serving is stopped.
 */
export async function open(
  context: CliContext,
  given: string | undefined,
  options: { at?: string; browser?: boolean },
): Promise<number> {
  const place = given === undefined ? await sample(context) : path.resolve(given);
  const { appFolder } = builtPaths(context.builtDir);
  const line = progressLine(context.output);
  const door = await chooseDoor({
    appFolder,
    browserWanted: options.browser ?? false,
    environment: process.env,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    progress: line.show,
    signal: context.signal,
  });
  line.end();
  context.signal.throwIfAborted();
  let reason = door.door === 'browser' ? door.reason : '';
  if (door.door === 'desktop') {
    // Looked up first and with a workstation of its own, so that a wrong moment is said here and not in a window.
    const at =
      options.at === undefined
        ? undefined
        : await withWorkstation(context, async (workstation) =>
            resolveMoment(workstation, await workstation.openRoot(await workstation.grant(place)), options.at!),
          );
    const run = { executable: door.executable, appFolder, root: place, at, signal: context.signal };
    const { exitCode, neverCameUp } = await runDesktop(run);
    if (!neverCameUp) return exitCode;
    reason = `the window could not start (${door.executable} ended with ${exitCode})`;
  }
  const workstation = await openForTerminal(context, 'browser');
  try {
    const root = await workstation.openRoot(await workstation.grant(place));
    const address = options.at === undefined ? '' : await resolveMoment(workstation, root, options.at);
    const heading = `Regrasp opens in a browser because ${reason}.\nOpen this address. Ctrl+C stops.`;
    return await serveUntilInterrupted(context, workstation, {}, { heading, address });
  } finally {
    await workstation.close();
  }
}

async function sample(context: CliContext): Promise<string> {
  return sampleDataset(userDataDir(), async (folder) => {
    await recordWithProgress(context, folder);
  });
}

/** `--at` as a whole address; a tick, a time or a range is of the recording that was named. Rejects with a sentence. */
export async function resolveMoment(workstation: Workstation, root: Root, at: string): Promise<string> {
  const moment = parseMoment(at);
  const address = moment ? undefined : parseAddress(at.slice(at.indexOf('#') + 1));
  if (!moment && !address) {
    throw new CliFault(
      `"${at}" is no moment: give a tick (372), a time (12.4s), a range (300..400) or a copied address.`,
    );
  }
  const id = address ? `${root.id}/${address.episode}` : await onlyEpisode(workstation, root);
  const { opened } = await workstation.openEpisode(id);
  const fault = faultOf(opened.episode);
  if (fault) throw new CliFault(fault);
  const times = opened.clocks.get(masterClockOf(opened.episode).id) ?? new Float64Array(0);
  const tickAt = (seconds: number) => Math.max(0, nearest(times, secondsToNs(seconds)));
  let where: Address['at'] = address?.at ?? null;
  if (moment && 'seconds' in moment) where = { tick: tickAt(moment.seconds) };
  else if (moment) where = moment;
  const last = where === null ? 0 : 'tick' in where ? where.tick : where.to;
  if (last >= times.length) {
    throw new CliFault(
      `${opened.episode.path} has ${times.length} ticks, counted from 0, so there is no tick ${last}.`,
    );
  }
  return formatAddress({ episode: opened.episode.path, at: where, layout: address?.layout ?? null });
}

async function onlyEpisode(workstation: Workstation, root: Root): Promise<string> {
  if (root.focus !== null) return root.focus;
  const { entries } = await workstation.settled(root.id);
  const only = entries[0];
  if (only && entries.length === 1) return only.id;
  throw new CliFault(
    `${root.path} holds more than one recording: name the recording itself, or give a whole address to --at.`,
  );
}
