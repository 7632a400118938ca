import type { Problem } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { SourceFault } from '../source.ts';
import { type Decoded, type Decoder, decoderOf, stampOf } from './decode.ts';
import { type McapFile, type Message, type MessagePlace, reasonOf } from './file.ts';
import { jointsIn, type Kind, kindOf, type Numbers, numbersIn, posesIn } from './kinds.ts';
import { type PictureShape, pictureShape } from './pictures.ts';

/** Rows on one clock, in the order of their log times. */
interface Rows {
  /** Unix seconds by the message's own stamp (NaN: none) and by the log. */
  header: number[];
  log: number[];
}

export interface Pictures extends Rows {
  kind: 'compressed-image' | 'raw-image';
  topic: string;
  decode: Decoder;
  shape: PictureShape | null;
  /** Why no picture can be shown. */
  fault: string | null;
  places: MessagePlace[];
}

export interface Table extends Rows {
  kind: 'joints' | 'numbers';
  topic: string;
  rows: Numbers[];
}

export interface Poses extends Rows {
  topic: string;
  child: string;
  parent: string;
  rows: number[][];
}

export interface Collected {
  pictures: Map<string, Pictures>;
  tables: Map<string, Table>;
  poses: Map<string, Poses>;
  /** Topics that are not read, each with its schema and why. */
  notRead: Map<string, string>;
  topics: Record<string, string>;
  problems: Problem[];
}

/** What is kept of numbers in all: 128 MB as f64. */
const MAX_NUMBERS = 2 ** 24;
const MAX_COLUMNS = 512;
const MAX_MESSAGES = 5_000_000;
const VIDEO = 'video in messages is not shown';

interface Reading {
  topic: string;
  schemaName: string;
  kind: Kind;
  decode: Decoder | string;
  count: number;
  failed: number;
  reason: string;
}

/** Every message once, chunk by chunk: a chunk that is broken is told and passed over. */
export async function collect(file: McapFile, name: string): Promise<Collected> {
  const found: Collected = {
    ...{ pictures: new Map(), tables: new Map(), poses: new Map(), notRead: new Map() },
    ...{ topics: {}, problems: [] },
  };
  const readings = new Map<number, Reading>();
  let messages = 0;
  let numbers = 0;
  const brokenChunks: string[] = [];
  for (let chunk = 0; chunk < file.chunkCount; chunk++) {
    let list: Message[];
    try {
      list = await file.messages(chunk);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      brokenChunks.push(error.message);
      continue;
    }
    for (const [at, message] of list.entries()) {
      if (++messages > MAX_MESSAGES || numbers > MAX_NUMBERS) {
        const sentence = `${name} holds more than can be shown at once (${MAX_MESSAGES} messages, ${MAX_NUMBERS} numbers), so its end is left out: split it with \`mcap filter\`.`;
        found.problems.push({ severity: 'error', code: 'too-large', message: sentence });
        chunk = file.chunkCount;
        break;
      }
      const reading = readingOf(message.channelId);
      reading.count++;
      if (typeof reading.decode === 'string') continue;
      try {
        numbers += take(reading, reading.decode, message, { chunk, at });
      } catch (error) {
        reading.failed++;
        reading.reason ||= reasonOf(error);
      }
    }
  }
  if (brokenChunks.length > 0) {
    const more = brokenChunks.length > 1 ? ` (and ${brokenChunks.length - 1} more chunks alike)` : '';
    const message = (brokenChunks[0] as string).replace(/\.$/, `${more}.`);
    found.problems.push({ severity: 'error', code: 'corrupt-chunk', message });
  }
  const isWhole = brokenChunks.length === 0 && messages <= MAX_MESSAGES && numbers <= MAX_NUMBERS;
  if (isWhole && file.statedMessages !== null && file.statedMessages !== messages) {
    const message = `${name} holds ${messages} messages in what its index names, and speaks of ${file.statedMessages}: \`mcap recover\` writes an index of all.`;
    found.problems.push({ severity: 'error', code: 'count-mismatch', message });
  }
  for (const id of file.channels.keys()) readingOf(id);
  for (const reading of readings.values()) summarize(reading);
  for (const group of [found.pictures, found.tables, found.poses]) for (const rows of group.values()) sortByLog(rows);
  return found;

  function readingOf(id: number): Reading {
    const before = readings.get(id);
    if (before) return before;
    const channel = file.channels.get(id);
    if (!channel) throw new Error(`channel ${id} is known where its messages are`);
    const schema = file.schemas.get(channel.schemaId);
    const schemaName = schema?.name ?? '';
    const kind = kindOf(schemaName);
    const decode = kind === 'compressed-video' ? VIDEO : decoderOf(channel, schema);
    const reading = { topic: channel.topic, schemaName, kind, decode };
    readings.set(id, { ...reading, count: 0, failed: 0, reason: '' });
    return readings.get(id) as Reading;
  }

  /** Answers how many numbers it kept. */
  function take({ topic, kind }: Reading, decode: Decoder, message: Message, place: MessagePlace): number {
    const decoded = decode(message.data);
    const log = Number(message.logTime) / NS_PER_SECOND;
    switch (kind) {
      case 'compressed-image':
      case 'raw-image': {
        const blank = { kind, topic, decode, shape: null, fault: null, places: [], header: [], log: [] };
        const pictures = entry<Pictures>(found.pictures, topic, blank);
        if (!pictures.shape) {
          try {
            pictures.shape = pictureShape(kind, decoded);
          } catch (error) {
            pictures.fault ??= reasonOf(error);
          }
        }
        pictures.places.push(place);
        stamp(pictures, decoded, log);
        return 2;
      }
      case 'compressed-video':
        return 0;
      case 'pose':
      case 'transforms': {
        let kept = 0;
        for (const pose of posesIn(kind, decoded)) {
          const id = pose.child === '' ? topic : `${topic}:${pose.child}`;
          const { child, parent } = pose;
          const poses = entry<Poses>(found.poses, id, { topic, child, parent, rows: [], header: [], log: [] });
          poses.rows.push(pose.values);
          stamp(poses, pose.message, log);
          kept += 9;
        }
        return kept;
      }
      default: {
        const row = kind === 'joints' ? jointsIn(decoded) : numbersIn(decoded);
        const columns = [...row.values()].reduce((sum, group) => sum + group.size, 0);
        if (columns > MAX_COLUMNS) throw new Error(`${columns} numbers a message are more than a plot holds`);
        if (columns === 0) return 0;
        const table = entry<Table>(found.tables, topic, { kind, topic, rows: [], header: [], log: [] });
        table.rows.push(row);
        stamp(table, decoded, log);
        return columns + 2;
      }
    }
  }

  function summarize({ topic, schemaName, decode, count, failed, reason }: Reading): void {
    found.topics[topic] = `${schemaName || 'no schema'}, ${count} message${count === 1 ? '' : 's'}`;
    const isRead =
      found.pictures.has(topic) ||
      found.tables.has(topic) ||
      [...found.poses.values()].some((each) => each.topic === topic);
    if (typeof decode === 'string') {
      found.notRead.set(topic, `${schemaName || 'no schema'}: ${decode}`);
      if (decode === VIDEO && count > 0) {
        const message = `${name}: ${topic} is not shown, because it is video in ${count} message${count === 1 ? '' : 's'} (${schemaName}): record it as foxglove.CompressedImage, or copy its packets into an MP4.`;
        found.problems.push({ severity: 'warning', code: 'unknown-encoding', message, stream: topic });
      }
      if (/schema (is missing|cannot be read)/.test(decode) && count > 0) {
        const message = `${name}: ${topic} is not read, because ${decode}: record it again with its schema, or write it anew with \`mcap recover\`.`;
        found.problems.push({ severity: 'error', code: 'bad-schema', message, stream: topic });
      }
    } else if (!isRead && failed === 0) {
      found.notRead.set(
        topic,
        `${schemaName || 'no schema'}: ${count === 0 ? 'no messages' : 'no picture, pose or numbers in it'}`,
      );
    }
    if (failed > 0) {
      const share = failed === count ? `none of its ${count} messages` : `${failed} of its ${count} messages`;
      const verb = failed === count ? 'can be read' : 'cannot be read';
      const message = `${name}: ${topic}: ${share} ${verb} (${reason}): look at what recorded ${failed === 1 ? 'it' : 'them'}.`;
      found.problems.push({ severity: 'error', code: 'bad-message', message, stream: topic });
    }
  }
}

function entry<T>(map: Map<string, T>, id: string, blank: T): T {
  const there = map.get(id);
  if (there) return there;
  map.set(id, blank);
  return blank;
}

function stamp(rows: Rows, decoded: Decoded, log: number): void {
  rows.header.push(stampOf(decoded));
  rows.log.push(log);
}

/** Chunks may lie in any order, and messages in a chunk too. */
function sortByLog(rows: Rows & { places?: MessagePlace[]; rows?: unknown[] }): void {
  const { log } = rows;
  if (log.every((time, i) => i === 0 || time >= (log[i - 1] as number))) return;
  const order = log.map((_, i) => i).sort((a, b) => (log[a] as number) - (log[b] as number) || a - b);
  const sorted = <T>(list: T[]) => order.map((i) => list[i] as T);
  rows.header = sorted(rows.header);
  rows.log = sorted(log);
  if (rows.places) rows.places = sorted(rows.places);
  if (rows.rows) rows.rows = sorted(rows.rows);
}
