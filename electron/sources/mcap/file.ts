import { McapIndexedReader, McapRecordBuilder, McapStreamReader, type McapTypes } from '@mcap/core';
import { decompressZstd } from 'hyparquet-compressors';
import type { Problem } from '../../../shared/episode/episode.ts';
import { unpackLz4Frame } from '../common/lz4-frame.ts';
import { zstdBytes } from '../common/zstd-size.ts';
import { type FileReader, type OpenFile, SourceFault } from '../source.ts';

type Channel = McapTypes.TypedMcapRecords['Channel'];
type Schema = McapTypes.TypedMcapRecords['Schema'];
export type Message = McapTypes.TypedMcapRecords['Message'];

/** What is taken into memory at once: a chunk as stored, a chunk unpacked, the summary. */
const MAX_PART_BYTES = 256 * 2 ** 20;
const KEPT_CHUNK_BYTES = 64 * 2 ** 20;
const MAX_RECORDS_WALKED = 1_000_000;
const MAGIC_BYTES = 8;
const RECORD_HEAD_BYTES = 9;
const OPCODE = { footer: 2, schema: 3, channel: 4, message: 5, chunk: 6, dataEnd: 15 };

interface Chunk {
  offset: number;
  length: number;
}

/** Where a message lies: chunk and place in it. */
export interface MessagePlace {
  chunk: number;
  at: number;
}

/** A file whose chunks are known, and read one at a time. */
export interface McapFile {
  readonly chunkCount: number;
  /** As far as known: those of a file without an index come while its chunks are read. */
  readonly channels: ReadonlyMap<number, Channel>;
  readonly schemas: ReadonlyMap<number, Schema>;
  readonly facts: { profile: string; library: string; attachments: string[] };
  readonly problems: Problem[];
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
  try {
    const summary = await McapIndexedReader.Initialize({ readable });
    for (const [id, channel] of summary.channelsById) channels.set(id, channel);
    for (const [id, schema] of summary.schemasById) schemas.set(id, schema);
    Object.assign(facts, { profile: summary.header.profile, library: summary.header.library });
    facts.attachments = summary.attachmentIndexes.map(({ name }) => name);
    chunks = summary.chunkIndexes.map((index) => ({
      offset: Number(index.chunkStartOffset),
      length: Number(index.chunkLength),
    }));
    chunks.sort((a, b) => a.offset - b.offset);
    if (chunks.length === 0 && (summary.statistics?.messageCount ?? 0n) > 0n) throw new Error('no chunk index');
  } catch (error) {
    const reason = reasonOf(error);
    chunks = await walkChunks(file, files);
    const amount = chunks.length === 1 ? 'The one whole chunk is' : `Its ${chunks.length} whole chunks are`;
    if (chunks.length === 0) {
      const message = `${file.name} has no readable index and no whole chunk of messages (${reason}): write it anew with \`mcap recover\`, or copy it again.`;
      throw new SourceFault('truncated', message);
    }
    const message = `${file.name} has no readable index at its end (${reason}), as when a recording was cut off. ${amount} read all the same: \`mcap recover\` writes a whole file.`;
    problems.push({ severity: 'error', code: 'truncated', message });
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
    ...{ channels, schemas, facts, problems },
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

/** Whole chunks of a file without an index, by the lengths of its records. */
async function walkChunks(file: OpenFile, files: FileReader): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  let offset = MAGIC_BYTES;
  for (let walked = 0; walked < MAX_RECORDS_WALKED; walked++) {
    const head = await files.readRange(file.path, offset, RECORD_HEAD_BYTES);
    if (head.length < RECORD_HEAD_BYTES) break;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const opcode = view.getUint8(0);
    const length = RECORD_HEAD_BYTES + Number(view.getBigUint64(1, true));
    if (offset + length > file.sizeBytes || opcode === OPCODE.dataEnd || opcode === OPCODE.footer) break;
    if (opcode === OPCODE.message) {
      const message = `${file.name} holds messages outside of chunks, which is not read: write it anew with \`mcap recover\`.`;
      throw new SourceFault('not-chunked', message);
    }
    if (opcode === OPCODE.chunk && length <= MAX_PART_BYTES) chunks.push({ offset, length });
    offset += length;
  }
  return chunks;
}

/** Channels are told once in a file and meant for every chunk after: a chunk read alone is told them first. */
function prelude(schemas: ReadonlyMap<number, Schema>, channels: ReadonlyMap<number, Channel>): Uint8Array {
  const builder = new McapRecordBuilder();
  for (const schema of schemas.values()) builder.writeSchema(schema);
  for (const channel of channels.values()) builder.writeChannel(channel);
  return builder.buffer.slice();
}

const unpack: McapTypes.DecompressHandlers = {
  zstd: (buffer, size) => {
    const length = bounded(Math.max(Number(size), zstdBytes(buffer)));
    const output = decompressZstd(buffer, new Uint8Array(length));
    if (output.length !== Number(size)) throw new Error(`${output.length} bytes unpacked where ${size} are claimed`);
    return output;
  },
  lz4: (buffer, size) => unpackLz4Frame(buffer, bounded(Number(size))),
};

function bounded(length: number): number {
  if (length <= MAX_PART_BYTES) return length;
  throw tooLarge(`a chunk that claims to unpack to ${length} bytes`);
}

function tooLarge(what: string): SourceFault {
  const message = `it holds ${what}, where at most ${MAX_PART_BYTES} are read at once: write it anew with smaller chunks (\`mcap compress --chunk-size\`).`;
  return new SourceFault('too-large', message);
}

export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\[library=.*\]$/, '').slice(0, 160);
}
