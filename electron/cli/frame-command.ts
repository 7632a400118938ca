import { rename, rm, writeFile } from 'node:fs/promises';
import { sentenceOf as sentenceOfSystem } from '../fault.ts';
import type { CliContext } from './context.ts';
import { withEpisode } from './episode-command.ts';
import { CliFault, EXIT } from './output.ts';
import { encodePng } from './png.ts';

export interface FrameOptions {
  stream: string;
  index: number;
  out: string;
}

/** One stored sample as a PNG: red, green, blue by the stream's order in use, or 16-bit grey for depth. */
export async function frame(context: CliContext, file: string, options: FrameOptions): Promise<number> {
  return withEpisode(context, file, async ({ opened, orderOf }, { decode }) => {
    const { episode } = opened;
    const stream = episode.streams.find(({ id }) => id === options.stream);
    if (!stream) {
      const known = episode.streams.map(({ id }) => id).join(', ') || 'none';
      throw new CliFault(`${file} has no stream "${options.stream}": it has ${known}.`);
    }
    if (stream.fault) throw new CliFault(stream.fault);
    if (options.index >= stream.count) {
      throw new CliFault(
        `${stream.id} has ${stream.count} samples, counted from 0, so there is no sample ${options.index}.`,
      );
    }
    const decoded = await decode.frame(opened.location(stream), stream, options.index);
    try {
      await writeWhole(options.out, encodePng(decoded, orderOf(stream)));
    } catch (error) {
      throw new CliFault(sentenceOfSystem(error, options.out));
    }
    context.output.err(`${options.out}: ${stream.id}, sample ${options.index}, ${decoded.width}×${decoded.height}.\n`);
    return EXIT.fine;
  });
}

/** Under its name only once it is whole. The folder must be there: a typing mistake should not make one. */
async function writeWhole(file: string, content: Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.partial`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
