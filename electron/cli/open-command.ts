import path from 'node:path';
import { parseAddress } from '../../shared/episode/address.ts';
import { chooseDoor } from '../launch/choose-door.ts';
import { runDesktop } from '../launch/run-desktop.ts';
import { sampleDataset } from '../launch/sample-dataset.ts';
import { builtPaths } from '../paths.ts';
import { userDataDir } from '../user-data.ts';
import { CliFault } from './output.ts';
import type { CliContext } from './program.ts';
import { progressLine } from './progress-line.ts';
import { serve } from './serve-command.ts';

export interface OpenOptions {
  at?: string;
  browser?: boolean;
  host: string;
  port: number;
}

/**
 * Opens a dataset in the window, or in a browser where this machine has no window to open, and says why. Without a root the
 * sample dataset is opened, recorded on the first start. Answers when the window is closed or serving is stopped.
 */
export async function open(context: CliContext, root: string | undefined, options: OpenOptions): Promise<number> {
  if (options.at !== undefined && !parseAddress(options.at)) {
    throw new CliFault(
      `"${options.at}" is no address of a moment: copy one from the window (Edit, Copy address of this moment).`,
    );
  }
  const place = root === undefined ? await sample(context) : path.resolve(root);
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
    const run = { executable: door.executable, appFolder, root: place, at: options.at, signal: context.signal };
    const { exitCode, neverCameUp } = await runDesktop(run);
    if (!neverCameUp) return exitCode;
    reason = `the window could not start (${door.executable} ended with ${exitCode})`;
  }
  context.output.err(`Regrasp opens in a browser because ${reason}.\n`);
  return serve(context, place, { host: options.host, port: options.port, at: options.at });
}

async function sample(context: CliContext): Promise<string> {
  const line = progressLine(context.output);
  const place = await sampleDataset(userDataDir(), async (folder) => {
    const { recordSample } = await import('../sample/index.ts');
    await recordSample(folder, {
      workerDir: context.builtDir,
      signal: context.signal,
      onProgress: (done, total, message) =>
        line.show(
          `Recording the sample dataset (only now): ${Math.floor((100 * done) / Math.max(total, 1))} % ${message}`,
        ),
    });
  });
  line.end();
  return place;
}
