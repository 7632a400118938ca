import { blankEpisode, type Episode, type Problem, type Stream } from '../../../shared/episode/episode.ts';
import { type BuiltClock, nominalClock } from '../common/clocks.ts';
import { identityOf, unreadableEpisode } from '../common/identity.ts';
import {
  type OpenedEpisode,
  type OpenFile,
  type SampleLocation,
  type SampleReader,
  SourceFault,
  type SourcePorts,
} from '../source.ts';
import { clockOf, stampsOf } from './clocks.ts';
import { type Collected, collect, type Pictures } from './collect.ts';
import { type McapFile, openMcap, reasonOf } from './file.ts';
import { pictureBytes } from './pictures.ts';
import { placeOf } from './place.ts';
import { seriesOf, trackOf } from './series.ts';

/** Stamps below this are no Unix time, but seconds since a machine or simulation started. */
const EARLIEST_UNIX_SECONDS = 1e9;

/** Opens a recording. Never throws for a broken file: see `problems`. */
export async function openMcapEpisode(file: OpenFile, { files }: SourcePorts): Promise<OpenedEpisode> {
  const place = placeOf(file.pathBelowRoot);
  let mcap: McapFile;
  try {
    mcap = await openMcap(file, files);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unreadableEpisode(file, 'mcap', place, [{ severity: 'error', code: error.code, message: error.message }]);
  }
  const found = await collect(mcap, file.name);
  const { clocks, startSeconds } = layClocks(found, file.name);
  const streams = [...found.pictures.values()].map(streamOf);
  const tables = [...found.tables.values()].flatMap(seriesOf);
  const tracks = [...found.poses].map(([id, poses]) => trackOf(id, poses));
  const master = masterOf(streams, found, clocks);
  const problems: Problem[] = [...mcap.problems, ...found.problems, ...clocks.flatMap((clock) => clock.problems)];
  for (const { id, fault } of streams) {
    if (fault !== null) problems.push({ severity: 'error', code: 'unknown-encoding', message: fault, stream: id });
  }
  if (!master) {
    const message = `${file.name} holds no pictures, joint states, poses or numbers that are read here: see its topics in the facts.`;
    problems.push({ severity: 'error', code: 'empty', message });
  }
  const shown = master ? clocks : [nominalClock('none', 'No clock', 0, 1)];
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, 'mcap', place),
    startUnixSeconds: startSeconds >= EARLIEST_UNIX_SECONDS ? startSeconds : null,
    createdAt: startSeconds >= EARLIEST_UNIX_SECONDS ? new Date(startSeconds * 1000).toISOString() : null,
    masterClock: master ?? 'none',
    clocks: shown.map(({ clock }) => clock),
    streams,
    series: tables.map(({ series }) => series),
    tracks: tracks.map(({ track }) => track),
    metadata: {
      ...(mcap.facts.profile === '' ? {} : { profile: mcap.facts.profile }),
      library: mcap.facts.library,
      topics: found.topics,
      ...(found.notRead.size > 0 ? { topics_not_read: Object.fromEntries(found.notRead) } : {}),
      ...(mcap.facts.attachments.length > 0 ? { attachments_not_read: mcap.facts.attachments } : {}),
    },
    problems,
  };
  const locations = new Map<string, SampleLocation>();
  const readers = new Map<string, SampleReader>();
  for (const pictures of found.pictures.values()) {
    if (!pictures.shape) continue;
    locations.set(pictures.topic, { kind: 'reader' });
    readers.set(pictures.topic, readerOf(mcap, file.name, pictures));
  }
  return {
    episode,
    clocks: new Map(shown.map(({ clock, times }) => [clock.id, times])),
    poses: new Map(tracks.map(({ track, values }) => [track.id, values])),
    values: new Map(tables.map(({ series, values }) => [series.id, values])),
    locations,
    readers,
  };
}

function streamOf({ kind, topic, shape, fault, places }: Pictures): Stream {
  const count = places.length;
  const { encoding, width, height, channels, dtype, order } = shape ?? {
    ...{ encoding: 'jpeg' as const, width: 0, height: 0, channels: 3 as const, dtype: 'uint8', order: 'rgb' as const },
  };
  const isDepth = dtype === 'uint16' && channels === 1;
  const packing = { jpeg: 'JPEG a message', png: 'PNG a message', pixels: 'raw pixels' }[encoding];
  return {
    id: topic,
    name: topic,
    kind: isDepth ? 'depth' : 'color',
    position: null,
    shape: channels === 1 ? [count, height, width] : [count, height, width, channels],
    ...{ width, height, channels, dtype, encoding, order, count },
    video: null,
    clock: topic,
    rule: 'latest',
    chunk: null,
    filter: shape?.made ? `raw pixels, ${shape.made}` : kind === 'raw-image' ? 'raw pixels' : packing,
    filters: [],
    serial: null,
    fault: shape
      ? null
      : `${topic}: ${fault ?? 'it holds no picture'}: record it as JPEG, PNG, rgb8, bgr8, mono8, mono16 or 32FC1.`,
  };
}

function readerOf(mcap: McapFile, name: string, { kind, topic, places, decode, shape }: Pictures): SampleReader {
  return {
    read: async (index) => {
      const place = places[index];
      if (!place || !shape) throw new SourceFault('corrupt-chunk', `${name}: ${topic} has no message ${index}.`);
      try {
        const message = (await mcap.messages(place.chunk))[place.at];
        if (!message) throw new Error('the file has changed since it was opened');
        return pictureBytes(kind, decode(message.data), shape);
      } catch (error) {
        if (error instanceof SourceFault) throw new SourceFault('corrupt-chunk', error.message);
        const message = `${name}: picture ${index} of ${topic} cannot be shown (${reasonOf(error)}): look at what recorded it.`;
        throw new SourceFault('corrupt-chunk', message);
      }
    },
  };
}

/** A clock a topic (a frame, of transforms), all from the earliest stamp that can be trusted. */
function layClocks(found: Collected, name: string): { clocks: BuiltClock[]; startSeconds: number } {
  const stamped = [...found.pictures, ...found.tables, ...found.poses].map(
    ([id, { header, log }]) => [id, stampsOf(header, log)] as const,
  );
  // A frame that never moves is told once, often long before: it does not decide when the recording starts.
  const moving = stamped.filter(([, { seconds }]) => seconds.length > 1);
  const firsts = (moving.length > 0 ? moving : stamped).flatMap(([, { kept }]) => (kept ? [kept.firstSeconds] : []));
  const startSeconds = firsts.length > 0 ? Math.min(...firsts) : 0;
  return { clocks: stamped.map(([id, stamps]) => clockOf(id, stamps, name, startSeconds)), startSeconds };
}

/** The first camera that can be shown, else the topic with the most messages. */
function masterOf(streams: readonly Stream[], found: Collected, clocks: readonly BuiltClock[]): string | undefined {
  const camera = streams.find(({ fault }) => fault === null);
  if (camera) return camera.clock;
  const densest = [...clocks].sort((a, b) => b.clock.count - a.clock.count);
  return (densest.find(({ clock }) => found.tables.has(clock.id)) ?? densest[0])?.clock.id;
}
