import type { Problem, Stream } from '../../shared/episode/episode.ts';
import { Superseded } from '../frames/decode-pool.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import { loadSample, type SampleDecoder } from '../frames/samples.ts';
import { type OpenedEpisode, SourceFault } from '../sources/source.ts';

/** A recording this short is tried whole. */
const TRIED_WHOLE = 64;
const TRIED_OF_LONGER = 16;
/** Behind every picture, every recording that is looked into, and every fingerprint. */
const PRIORITY = -150;
/** One a worker; more would only wait there. */
const AT_ONCE = 2;

/** Which samples of a stream are decoded to see whether it is whole: all of a short one, else spread, with first and last. */
export function triedIndices(count: number): number[] {
  if (count <= TRIED_WHOLE) return Array.from({ length: Math.max(0, count) }, (_, index) => index);
  return Array.from({ length: TRIED_OF_LONGER }, (_, place) =>
    Math.round((place * (count - 1)) / (TRIED_OF_LONGER - 1)),
  );
}

/**
 * Decodes samples of every stream and answers a problem for each stream in which some are damaged. Undefined when it
 * could not be finished: nobody wants it any more, or the reason lies in the moment and not in the recording. `pause`
 * comes before each sample.
 */
export async function trySamples(
  opened: OpenedEpisode,
  decode: SampleDecoder & Pick<DecodePool, 'recycle'>,
  isWanted: () => boolean,
  pause: () => Promise<void> = async () => undefined,
): Promise<Problem[] | undefined> {
  const { streams } = opened.episode;
  // A video is decoded in the window; whether it is whole is what its probe says.
  const waiting = streams.filter(({ fault, encoding }) => !fault && encoding !== 'video');
  const found = new Map<string, Problem>();
  let given = false;
  async function work(): Promise<void> {
    for (let stream = waiting.shift(); stream && !given; stream = waiting.shift()) {
      const damaged = await damagedSamples(opened, stream, decode, () => isWanted() && !given, pause);
      if (!damaged) given = true;
      else if (damaged.size > 0) found.set(stream.id, problemOf(opened, stream, damaged));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return given ? undefined : streams.flatMap(({ id }) => found.get(id) ?? []);
}

/** Reasons by index; undefined when it was given up. */
async function damagedSamples(
  opened: OpenedEpisode,
  stream: Stream,
  decode: SampleDecoder & Pick<DecodePool, 'recycle'>,
  isWanted: () => boolean,
  pause: () => Promise<void>,
): Promise<Map<number, string> | undefined> {
  const damaged = new Map<number, string>();
  for (const index of triedIndices(stream.count)) {
    await pause();
    if (!isWanted()) return undefined;
    try {
      const frame = await loadSample(decode, opened, stream, index, { priority: PRIORITY, isWanted });
      decode.recycle?.(frame.bytes);
    } catch (error) {
      if (error instanceof Superseded || !(error instanceof SourceFault)) return undefined;
      if (error.code !== 'corrupt-chunk') return undefined;
      damaged.set(index, error.message);
    }
  }
  return damaged;
}

function problemOf({ episode }: OpenedEpisode, stream: Stream, damaged: ReadonlyMap<number, string>): Problem {
  const name = episode.path.slice(episode.path.lastIndexOf('/') + 1);
  const tried = triedIndices(stream.count).length;
  const of = tried === stream.count ? `${tried} frames` : `${tried} sampled frames`;
  const [first] = damaged.keys();
  const more = damaged.size > 1 ? `, the first of them frame ${first}` : `: frame ${first}`;
  return {
    severity: 'error',
    code: 'corrupt-chunk',
    message: `${name}: ${damaged.size} of ${of} of ${stream.name} (${stream.id}) cannot be decoded${more}; the others can be seen. Restore the file from a copy.`,
    stream: stream.id,
  };
}
