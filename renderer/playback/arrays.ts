import type { ArraysHeader, ArraysKind } from '../../shared/api/arrays.ts';
import { decodeEnvelopeHeader, envelopeHeadBytes } from '../../shared/api/envelope.ts';
import { formatQuery } from '../../shared/api/query.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import type { EpisodeArrays } from '../app/session.ts';

type Fetch = (address: string, init?: RequestInit) => Promise<Response>;

/**
 * Every clock, track and series of an episode by "<kind>:<id>", e.g. "clock:master", "track:sensor_left".
 * Rejects with one sentence when the workstation cannot give them.
 */
export async function loadEpisodeArrays(
  episode: Episode,
  fetchFromWorkstation: Fetch = (address, init) => fetch(address, init),
): Promise<ReadonlyMap<string, EpisodeArrays>> {
  const wanted: [ArraysKind, string][] = [
    ...episode.clocks.map((clock): [ArraysKind, string] => ['clock', clock.id]),
    ...episode.tracks.map((track): [ArraysKind, string] => ['track', track.id]),
    ...episode.series.map((series): [ArraysKind, string] => ['series', series.id]),
  ];
  const decoder = new TextDecoder();
  const entries = await Promise.all(
    wanted.map(async ([kind, id]): Promise<[string, EpisodeArrays]> => {
      const query = formatQuery([
        ['episode', episode.id],
        ['kind', kind],
        ['id', id],
      ]);
      const response = await fetchFromWorkstation(`/api/arrays?${query}`, { cache: 'no-store' });
      if (!response.ok) {
        throw new Error(`${episode.path}: its ${kind} "${id}" cannot be read (${response.status}); open it again.`);
      }
      return [`${kind}:${id}`, decodeArrays(await response.arrayBuffer(), (bytes) => decoder.decode(bytes))];
    }),
  );
  return new Map(entries);
}

function decodeArrays(answer: ArrayBuffer, decode: (bytes: Uint8Array) => string): EpisodeArrays {
  const bytes = new Uint8Array(answer);
  const header = decodeEnvelopeHeader<ArraysHeader>(bytes, decode);
  const start = envelopeHeadBytes(bytes);
  const arrays = header.arrays.map((array) => ({
    ...array,
    data: new Float64Array(answer, start + array.offset, array.bytes / 8),
  }));
  const times = arrays.find(({ name }) => name === 'times');
  const values = arrays.find(({ name }) => name !== 'times');
  return {
    times: times?.data ?? new Float64Array(0),
    values: values?.data ?? new Float64Array(0),
    width: values?.shape[1] ?? 0,
  };
}
