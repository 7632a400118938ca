import { readFileSync } from 'node:fs';
import path from 'node:path';
import { builtPaths } from '../paths.ts';
import { userDataDir } from '../user-data.ts';
import type { Workstation, WorkstationOptions } from '../workstation-types.ts';
import type { CliContext } from './context.ts';

/** Opens the workstation with the built files found beside the command. The caller closes it. */
export async function openForTerminal(
  context: CliContext,
  door: WorkstationOptions['door'],
  more: Pick<WorkstationOptions, 'bundlesDir'> = {},
): Promise<Workstation> {
  const { openWorkstation } = await import('../workstation.ts');
  const { rendererDir, workerDir, pluginDir } = builtPaths(context.builtDir);
  return openWorkstation({
    ...more,
    door,
    version: versionOf(context.builtDir),
    userDataDir: userDataDir(),
    rendererDir: door === 'none' ? undefined : rendererDir,
    workerDir,
    pluginDir,
    onNotice: (sentence: string) => context.output.err(`${sentence}\n`),
  });
}

export function versionOf(builtDir: string): string {
  const file = path.join(builtPaths(builtDir).appFolder, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
