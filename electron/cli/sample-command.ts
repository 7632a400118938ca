import path from 'node:path';
import { builtPaths } from '../paths.ts';
import type { SampleFilter } from '../sample/index.ts';
import type { CliContext } from './context.ts';
import { CliFault, EXIT, formatBytes } from './output.ts';
import { progressLine } from './progress-line.ts';

export interface SampleOptions {
  seed?: number;
  seconds?: number;
  filter?: SampleFilter;
  /** Id of a format; default: the rig's own, "react". */
  format?: string;
  /** Of a format: a fault of each kind is planted. The rig's own sample has some anyway. */
  faults?: boolean;
}

/** Records the synthetic rig into a folder and prints the folder. A folder that holds this very sample is left as it is. */
export async function sample(context: CliContext, folder: string, options: SampleOptions): Promise<number> {
  const directory = path.resolve(folder);
  if (options.format !== undefined && options.format !== 'react') return sampleOfFormat(context, directory, options);
  const summary = await recordWithProgress(context, directory, options);
  const said = summary.recorded ? 'recorded' : 'was there already';
  const { episodes, broken, ticks, bytes } = summary;
  context.output.err(
    `The sample ${said}: ${episodes.length} episodes, ${ticks} ticks, ${formatBytes(bytes)}; ${broken.length} broken files.\n`,
  );
  await context.output.out(`${directory}\n`);
  return EXIT.fine;
}

export async function recordWithProgress(context: CliContext, directory: string, options: SampleOptions = {}) {
  const { recordSample } = await import('../sample/index.ts');
  const { workerDir, pluginDir } = builtPaths(context.builtDir);
  const line = progressLine(context.output);
  try {
    return await recordSample({
      ...options,
      ...{ directory, workerDir, pluginDir, signal: context.signal },
      onProgress: (done, total, message) =>
        line.show(`${message}: ${Math.floor((100 * done) / Math.max(1, total))} %, tick ${done} of ${total}`),
    });
  } finally {
    line.end();
  }
}

/** A sample that its format's own writer makes. Rejects with a sentence for a format that has none. */
async function sampleOfFormat(context: CliContext, directory: string, options: SampleOptions): Promise<number> {
  if (options.filter) throw new CliFault("Only the rig's own sample is compressed with --filter: leave it out.");
  const { recordFormatSample } = await import('../sample/format-sample.ts');
  const { workerDir, pluginDir } = builtPaths(context.builtDir);
  const { format = '', seed, seconds, faults } = options;
  const line = progressLine(context.output);
  try {
    const { source, files } = await recordFormatSample({
      ...{ format, directory, workerDir, pluginDir, seed, seconds, faults, signal: context.signal },
      onProgress: (share, message) => line.show(`${message}: ${Math.floor(100 * share)} %`),
    });
    line.end();
    context.output.err(`A sample of ${source.name} was written: ${files} files.\n`);
  } finally {
    line.end();
  }
  await context.output.out(`${directory}\n`);
  return EXIT.fine;
}
