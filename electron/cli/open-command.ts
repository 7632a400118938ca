import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Root } from '../../shared/api/library.ts';
import { type Address, formatAddress, parseAddress, parseMoment } from '../../shared/episode/address.ts';
import { masterClockOf } from '../../shared/episode/episode.ts';
import { secondsToNs } from '../../shared/time/nanoseconds.ts';
import { nearest } from '../../shared/time/sampling.ts';
import { builtPaths } from '../paths.ts';
import type { Workstation } from '../workstation-types.ts';
import { withWorkstation } from './episode-command.ts';
import { CliFault, EXIT } from './output.ts';
import type { CliContext } from './program.ts';
import { serveUntilInterrupted } from './serve-command.ts';
import { openForTerminal } from './terminal-workstation.ts';

/** Opens the desktop window where there is one, else serves and prints the address of the moment. */
export async function open(
  context: CliContext,
  given: string,
  options: { at?: string; browser?: boolean },
): Promise<number> {
  const place = path.resolve(given);
  const electron = options.browser ? undefined : electronBinary(builtPaths(context.builtDir).appFolder);
  if (electron) {
    const address = await withWorkstation(context, async (workstation) => {
      const root = await workstation.openRoot(await workstation.grant(place));
      return options.at === undefined ? '' : resolveMoment(workstation, root, options.at);
    });
    return openDesktop(context, electron, place, address);
  }
  const workstation = await openForTerminal(context, 'browser');
  try {
    const root = await workstation.openRoot(await workstation.grant(place));
    const address = options.at === undefined ? '' : await resolveMoment(workstation, root, options.at);
    if (!options.browser) context.output.err('The desktop window is not installed here, so this opens in a browser:\n');
    context.output.err('Open this address. Ctrl+C stops.\n');
    return await serveUntilInterrupted(context, workstation, {}, address);
  } finally {
    await workstation.close();
  }
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
  const { entries } = await workstation.library(root.id);
  const only = entries[0];
  if (only && entries.length === 1) return only.id;
  throw new CliFault(
    `${root.path} holds more than one recording: name the recording itself, or give a whole address to --at.`,
  );
}

function openDesktop(context: CliContext, electron: string, place: string, address: string): Promise<number> {
  const { appFolder } = builtPaths(context.builtDir);
  const words = [appFolder, place, ...(address === '' ? [] : ['--at', address])];
  return new Promise((resolve, reject) => {
    const child = spawn(electron, words, { stdio: 'ignore', detached: true });
    child.once('error', (error) =>
      reject(new CliFault(`The desktop window could not be started (${error.message}): add --browser.`)),
    );
    child.once('spawn', () => {
      child.unref();
      resolve(EXIT.fine);
    });
  });
}

/** The Electron binary when it is installed whole. Never asks the package itself, which would try to download it. */
function electronBinary(appFolder: string): string | undefined {
  if (process.versions.electron) return process.execPath;
  const folder = path.join(appFolder, 'node_modules', 'electron');
  try {
    const name = readFileSync(path.join(folder, 'path.txt'), 'utf8').trim();
    const binary = path.join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, 'dist'), name);
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
