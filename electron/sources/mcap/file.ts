import { McapIndexedReader, McapRecordBuilder, McapStreamReader, type McapTypes } from '@mcap/core';
import { decompressZstd } from 'hyparquet-compressors';
import type { Problem } from '../../../shared/episode/episode.ts';
import { unpackLz4Frame } from '../common/lz4-frame.ts';
import { zstdFrames } from '../common/zstd-size.ts';
import { type FileReader, type OpenFile, SourceFault } from '../source.ts';
import { type Walk, walkRecords } from './walk.ts';

type Channel = McapTypes.TypedMcapRecords['Channel'];
type Schema = McapTypes.TypedMcapRecords['Schema'];
export type Message = McapTypes.TypedMcapRecords['Message'];

/** What is taken into memory at once: a chunk as stored, a chunk unpacked, the summary. */
const MAX_PART_BYTES = 256 * 2 ** 20;
const KEPT_CHUNK_BYTES = 64 * 2 ** 20;

/** Part of the file with whole records: a chunk, or a run of records that stand in none. */
interface Chunk {
  offset: number;
  length: number;
}

/** Where a message lies: chunk and place in it. */
export interface MessagePlace {
  chunk: number;
  at: number;
}

/** A file whose chunks are known, and read one at a time; runs of records outside of chunks count as such. */
export interface McapFile {
  readonly chunkCount: number;
  /** As far as known: those of a file without an index come while its chunks are read. */
  readonly channels: ReadonlyMap<number, Channel>;
  readonly schemas: ReadonlyMap<number, Schema>;
  readonly facts: { profile: string; library: string; attachments: string[] };
  readonly problems: Problem[];
  /** How many messages the summary speaks of; null where there is none. */
  readonly statedMessages: number | null;
  /** Messages of a chunk in stored order. Rejects with SourceFault "corrupt-chunk" or "too-large". */
  messages(chunk: number): Promise<Message[]>;
}

/** Rejects with SourceFault where nothing of the file can be read. */
export async function openMcap(file: OpenFile, files: FileReader): Promise<McapFile> {
  const readable = {
    size: async () => BigInt(file.sizeBytes),
    read: (offset: bigint, size: bigint) => part(files, file, Number(offset), Number(size)),
  };
  const channels = new Map<number, Channel>();
  const schemas = new Map<number, Schema>();
  const facts = { profile: '', library: '', attachments: [] as string[] };
  const problems: Problem[] = [];
  let chunks: Chunk[];
  let statedMessages: number | null = null;
  const summary = await McapIndexedReader.Initialize({ readable }).catch((error: unknown) => endingOf(error));
  if (typeof summary === 'string') {
    const walked = await walkRecords(file, files);
    chunks = walked.chunks;
    problems.push(unindexed(file, walked, summary));
  } else {
    for (const [id, channel] of summary.channelsById) channels.set(id, channel);
    for (const [id, schema] of summary.schemasById) schemas.set(id, schema);
    Object.assign(facts, { profile: summary.header.profile, library: summary.header.library });
    facts.attachments = summary.attachmentIndexes.map(({ name }) => name);
    chunks = summary.chunkIndexes.map((index) => ({
      offset: Number(index.chunkStartOffset),
      length: Number(index.chunkLength),
    }));
    chunks.sort((a, b) => a.offset - b.offset);
    if (summary.statistics) statedMessages = Number(summary.statistics.messageCount);
    // A recorder may write messages without chunks; then nothing says where they are.
    if (chunks.length === 0) chunks = (await walkRecords(file, files)).chunks;
  }

  const kept = new Map<number, Message[]>();
  const sizes = new Map<number, number>();

  async function load(number: number): Promise<Message[]> {
    const chunk = chunks[number];
    if (!chunk) throw new SourceFault('corrupt-chunk', `${file.name} has no chunk ${number}.`);
    const bytes = await part(files, file, chunk.offset, chunk.length);
    try {
      const reader = new McapStreamReader({ noMagicPrefix: true, decompressHandlers: unpack });
      reader.append(prelude(schemas, channels));
      reader.append(bytes);
      const messages: Message[] = [];
      for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
        if (record.type === 'Schema') schemas.set(record.id, record);
        else if (record.type === 'Channel') channels.set(record.id, record);
        else if (record.type === 'Message') messages.push(record);
      }
      return messages;
    } catch (error) {
      if (error instanceof SourceFault) throw new SourceFault(error.code, `${file.name}: ${error.message}`);
      const message = `${file.name}: the chunk at byte ${chunk.offset} cannot be read (${reasonOf(error)}): copy the file again, or keep the rest with \`mcap recover\`.`;
      throw new SourceFault('corrupt-chunk', message);
    }
  }

  return {
    chunkCount: chunks.length,
    ...{ channels, schemas, facts, problems, statedMessages },
    messages: async (number) => {
      const before = kept.get(number);
      if (before) {
        kept.delete(number);
        kept.set(number, before);
        return before;
      }
      const messages = await load(number);
      kept.set(number, messages);
      sizes.set(
        number,
        messages.reduce((sum, { data }) => sum + data.length, 0),
      );
      let total = [...kept.keys()].reduce((sum, key) => sum + (sizes.get(key) ?? 0), 0);
      for (const key of [...kept.keys()]) {
        if (total <= KEPT_CHUNK_BYTES || key === number) break;
        total -= sizes.get(key) ?? 0;
        kept.delete(key);
      }
      return messages;
    },
  };
}

/** A part of the file, whole. What it claims is checked against the file before anything is taken. */
async function part(files: FileReader, file: OpenFile, offset: number, length: number): Promise<Uint8Array> {
  if (!(offset >= 0 && length >= 0 && offset + length <= file.sizeBytes)) {
    throw new Error(`a part of ${length} bytes at byte ${offset} would lie beyond the file's ${file.sizeBytes}`);
  }
  if (length > MAX_PART_BYTES) throw tooLarge(`a part of ${length} bytes`);
  const bytes = await files.readRange(file.path, offset, length);
  if (bytes.length < length) throw new Error(`the file ends at byte ${offset + bytes.length}`);
  return bytes;
}

/** What a file without an index at its end is told as. Throws SourceFault where it holds nothing to be read. */
function unindexed({ name }: OpenFile, { chunks, isFinished, endsAt }: Walk, reason: string): Problem {
  if (chunks.length === 0) {
    const message = `${name} has no readable index and no whole message (${reason}): write it anew with \`mcap recover\`, or copy it again.`;
    throw new SourceFault('truncated', message);
  }
  if (isFinished) {
    const message = `${name} has no index at its end, as some recorders leave it out; all of it is read: \`mcap recover\` writes a file that opens faster.`;
    return { severity: 'warning', code: 'no-index', message };
  }
  const message = `${name} has no readable index at its end (${reason}), as when a recording was cut off. What is whole, up to byte ${endsAt}, is read all the same: \`mcap recover\` writes a whole file.`;
  return { severity: 'error', code: 'truncated', message };
}

/** Channels are told once in a file and meant for every chunk after: a chunk read alone is told them first. */
function prelude(schemas: ReadonlyMap<number, Schema>, channels: ReadonlyMap<number, Channel>): Uint8Array {
  const builder = new McapRecordBuilder();
  for (const schema of schemas.values()) builder.writeSchema(schema);
  for (const channel of channels.values()) builder.writeChannel(channel);
  return builder.buffer.slice();
}

const unpack: McapTypes.DecompressHandlers = {
  zstd: (buffer, size) => unpackZstd(buffer, bounded(Number(size))),
  lz4: (buffer, size) => unpackLz4Frame(buffer, bounded(Number(size))),
};

/** Into as many bytes as are claimed and never more; whether they are the right ones tells the chunk's checksum. */
function unpackZstd(packed: Uint8Array, length: number): Uint8Array {
  const frames = zstdFrames(packed);
  const unpacked = new Uint8Array(length);
  let at = 0;
  for (const [number, { bytes, content, atMost }] of frames.entries()) {
    const isLast = number === frames.length - 1;
    const told = content ?? (isLast ? length - at : null);
    if (told === null) {
      // Only unpacking tells where the next one begins.
      bounded(atMost);
      const part = decompressZstd(bytes);
      if (at + part.length > length) throw new Error(`frames of more than the ${length} bytes that are claimed`);
      unpacked.set(part, at);
      at += part.length;
    } else {
      if (told > length - at) throw new Error(`a frame of ${told} bytes where ${length - at} are claimed`);
      decompressZstd(bytes, unpacked.subarray(at, at + told));
      at += told;
    }
  }
  if (at !== length) throw new Error(`${at} bytes where ${length} are claimed`);
  return unpacked;
}

function bounded(length: number): number {
  if (length <= MAX_PART_BYTES) return length;
  throw tooLarge(`a chunk that claims to unpack to ${length} bytes`);
}

function tooLarge(what: string): SourceFault {
  const message = `it holds ${what}, where at most ${MAX_PART_BYTES} are read at once: write it anew with smaller chunks (\`mcap compress --chunk-size\`).`;
  return new SourceFault('too-large', message);
}

/** Why there is no index, in words that need no knowledge of the format's bytes. */
function endingOf(error: unknown): string {
  const reason = reasonOf(error);
  return /magic|would lie beyond/.test(reason) ? 'its end is missing' : reason;
}

export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\[(library=.*|no header)\]$/, '').slice(0, 160);
}
