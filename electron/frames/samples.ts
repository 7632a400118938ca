import type { Stream } from '../../shared/episode/episode.ts';
import { locationOf, type OpenedEpisode, SourceFault } from '../sources/source.ts';
import type { DecodedFrame, DecodePool, FrameOptions } from './frame-source.ts';

/** What decodes the samples of each kind of location. */
export interface SampleDecoder extends Pick<DecodePool, 'frame'>, Partial<Pick<DecodePool, 'picture'>> {
  /** One presented frame of a video file, on the workstation's side; absent: only the window can decode it. */
  video?(
    location: { kind: 'video'; file: string; firstFrame: number },
    stream: Stream,
    index: number,
    options?: FrameOptions,
  ): Promise<DecodedFrame>;
}

/**
 * Sample `index` of a stream, wherever it lies: the one place that tells locations apart. Rejects with SourceFault, code
 * "corrupt-chunk" where the sample itself is damaged, and as DecodePool.frame does.
 */
export async function loadSample(
  decoder: SampleDecoder,
  opened: OpenedEpisode,
  stream: Stream,
  index: number,
  options: FrameOptions = {},
): Promise<DecodedFrame> {
  const location = locationOf(opened, stream);
  switch (location.kind) {
    case 'hdf5':
      return decoder.frame(location, stream, index, options);
    case 'video':
      if (decoder.video) return decoder.video(location, stream, index, options);
      throw new SourceFault('video', `${stream.name} is a video, which only a window can decode here.`);
    case 'reader': {
      const reader = opened.readers?.get(stream.id);
      if (!reader || !decoder.picture) throw new SourceFault('no-samples', `${stream.id} has no reader.`);
      const name = opened.episode.path.slice(opened.episode.path.lastIndexOf('/') + 1);
      const what = `${name}: sample ${index} of ${stream.id}`;
      return decoder.picture(await reader.read(index), stream, what, options);
    }
  }
}
