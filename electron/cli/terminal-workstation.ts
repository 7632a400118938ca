import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { userDataDir } from '../user-data.ts';
import type { Workstation, WorkstationOptions } from '../workstation-types.ts';
import type { CliContext } from './program.ts';

/** Opens the workstation with the built files found beside the command. */
export async function openForTerminal(context: CliContext, door: WorkstationOptions['door']): Promise<Workstation> {
  const { openWorkstation } = await import('../workstation.ts');
  return openWorkstation({
    door,
    version: versionOf(context.builtDir),
    userDataDir: userDataDir(),
    rendererDir: door === 'none' ? undefined : path.join(context.builtDir, '..', 'renderer'),
    workerDir: context.builtDir,
    pluginDir: pluginDirFrom(context.builtDir),
    onNotice: (sentence) => context.output.err(`${sentence}\n`),
  });
}

function versionOf(builtDir: string): string {
  const manifest = JSON.parse(readFileSync(path.join(builtDir, '..', '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

function pluginDirFrom(builtDir: string): string {
  const entry = createRequire(path.join(builtDir, 'cli.js')).resolve('h5wasm-plugins');
  return path.join(path.dirname(entry), 'plugins').replace('app.asar/', 'app.asar.unpacked/');
}
