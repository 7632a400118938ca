import type { ArraysHeader, ArraysKind } from '../../shared/api/arrays.ts';
import { align8, encodeEnvelopeHead } from '../../shared/api/envelope.ts';
import { firstOf, parseQuery } from '../../shared/api/query.ts';
import { Fault } from '../fault.ts';
import type { OpenEpisode } from '../library/open-episodes.ts';
import { binaryResponse, textResponse } from './binary.ts';
import type { Services } from './services.ts';
import { padded } from './tick.ts';

interface NamedArray {
  name: string;
  shape: number[];
  data: Float64Array;
}

/** GET /api/arrays: see shared/api/arrays.ts. */
export async function answerArrays(services: Services, query: string): Promise<Response> {
  const pairs = parseQuery(query);
  const episodeId = pairs && firstOf(pairs, 'episode');
  const kind = pairs && firstOf(pairs, 'kind');
  const id = pairs && firstOf(pairs, 'id');
  if (!episodeId || !id || (kind !== 'clock' && kind !== 'track' && kind !== 'series')) {
    return textResponse(400, 'This is no request for numbers: episode, kind (clock, track, series) and id are needed.');
  }
  services.reader.noteWanted();
  const episode = await services.episodes.open(episodeId);
  const arrays = numbersOf(episode, kind, id);
  let offset = 0;
  const header: ArraysHeader = {
    episode: episodeId,
    kind,
    id,
    revision: episode.revision,
    arrays: arrays.map(({ name, shape, data }) => {
      const at = offset;
      offset += align8(data.byteLength);
      return { name, shape, offset: at, bytes: data.byteLength };
    }),
  };
  const bodies = arrays.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const encoder = new TextEncoder();
  return binaryResponse([encodeEnvelopeHead(header, (text) => encoder.encode(text)), ...padded(bodies)]);
}

function numbersOf({ opened, file }: OpenEpisode, kind: ArraysKind, id: string): NamedArray[] {
  const { episode, clocks, poses, values } = opened;
  const missing = (): Fault => new Fault('NOT_FOUND', `${file.pathBelowRoot} has no ${kind} "${id}".`);
  if (kind === 'clock') {
    const data = clocks.get(id);
    if (!data) throw missing();
    return [{ name: 'times', shape: [data.length], data }];
  }
  const owner = (kind === 'track' ? episode.tracks : episode.series).find((candidate) => candidate.id === id);
  const data = (kind === 'track' ? poses : values).get(id);
  const times = owner && clocks.get(owner.clock);
  if (!data || !times) throw missing();
  const count = times.length;
  const width = kind === 'track' ? 7 : count === 0 ? 0 : data.length / count;
  return [
    { name: 'times', shape: [count], data: times },
    { name: kind === 'track' ? 'poses' : 'values', shape: [count, width], data },
  ];
}
