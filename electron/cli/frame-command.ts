import { loadSample, type SampleDecoder } from '../frames/samples.ts';
import type { CliContext } from './context.ts';
import { faultOf, withEpisode } from './episode-command.ts';
import { CliFault, EXIT } from './output.ts';
import { writePicture } from './picture-file.ts';
import { encodePng } from './png.ts';

export interface FrameOptions {
  stream: string;
  index: number;
  out: string;
}

/** One stored sample as a PNG: red, green, blue by the stream's order in use, or 16-bit grey for depth. */
export async function frame(context: CliContext, file: string, options: FrameOptions): Promise<number> {
  return withEpisode(context, file, async ({ opened, orderOf, path: recording }, { decode, media }) => {
    const { episode } = opened;
    const named = (wanted: string) => episode.streams.find(({ id }) => id === wanted);
    // Topics begin with a slash; h5py names datasets from the root: "/realsense/cam0/color".
    const plain = options.stream.replace(/^\/+/, '');
    const stream = named(options.stream) ?? named(plain);
    if (!stream) {
      const fault = faultOf(episode, options.stream) ?? faultOf(episode, plain);
      if (fault) throw new CliFault(fault);
      const known = episode.streams.map(({ id }) => id).join(', ') || 'none';
      throw new CliFault(`${file} has no stream "${options.stream}": it has ${known}.`);
    }
    if (stream.fault) throw new CliFault(stream.fault);
    if (options.index >= stream.count) {
      throw new CliFault(
        `${stream.id} has ${stream.count} samples, counted from 0, so there is no sample ${options.index}.`,
      );
    }
    const decoder: SampleDecoder = {
      frame: (...sample) => decode.frame(...sample),
      picture: (...sample) => decode.picture(...sample),
      video: async (location, _stream, index) => {
        const { rgb, facts } = await media.frame(location.file, location.firstFrame + index, context.signal);
        return { bytes: rgb, format: 'u8', channels: 3, width: facts.width, height: facts.height, decodeMs: 0 };
      },
    };
    const decoded = await loadSample(decoder, opened, stream, options.index);
    await writePicture(options.out, encodePng(decoded, orderOf(stream)), recording);
    context.output.err(`${options.out}: ${stream.id}, sample ${options.index}, ${decoded.width}×${decoded.height}.\n`);
    return EXIT.fine;
  });
}
