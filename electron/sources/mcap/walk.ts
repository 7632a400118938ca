import { Portions } from '../common/portions.ts';
import { type FileReader, type OpenFile, SourceFault } from '../source.ts';

const MAGIC_BYTES = 8;
const HEAD_BYTES = 9;
const OPCODE = { footer: 2, schema: 3, channel: 4, message: 5, chunk: 6, dataEnd: 15 };
/** Enough for the head of a chunk: times, sizes and the name of its compression. */
const CHUNK_HEAD_BYTES = 8 + 8 + 8 + 4 + 4 + 32 + 8;
const WALKED_AT_ONCE = 64 * 2 ** 10;
const MAX_RECORDS = 6_000_000;
/** Records outside of chunks are read together, about so many bytes at once. */
const RUN_BYTES = 4 * 2 ** 20;

/** What a walk over a file without an index found. */
export interface Walk {
  /** Chunks, and runs of whole records that stand in none, in their order. */
  chunks: { offset: number; length: number }[];
  /** Whether the end of the data was reached, as the recorder marks it. */
  isFinished: boolean;
  /** Where the whole records end. */
  endsAt: number;
}

/**
 * Whole records by the lengths before them, as far as they go. Of a chunk that is cut off its whole messages are taken
 * where it is not compressed. Rejects with SourceFault "too-large".
 */
export async function walkRecords(file: OpenFile, files: FileReader): Promise<Walk> {
  const walker = new Walker(file, files);
  await walker.run(MAGIC_BYTES);

  return walker.found;
}

class Walker {
  readonly found: Walk = { chunks: [], isFinished: false, endsAt: MAGIC_BYTES };
  readonly #portions: Portions;
  #run: { offset: number; length: number } | null = null;
  #walked = 0;

  constructor(
    private readonly file: OpenFile,
    files: FileReader,
  ) {
    this.#portions = new Portions(files, file.path, file.sizeBytes, WALKED_AT_ONCE);
  }

  /** `isCut`: the records are those of a chunk whose end is missing. */
  async run(from: number, isCut = false): Promise<void> {
    let offset = from;
    for (let head = await this.#head(offset); head; head = await this.#head(offset)) {
      const { opcode, length } = head;
      // What a file system fills a file with that was never written.
      if (opcode === 0) break;
      if (offset + length > this.file.sizeBytes) {
        if (opcode === OPCODE.chunk) await this.#cutChunk(offset);
        break;
      }
      if (opcode === OPCODE.footer || opcode === OPCODE.dataEnd) {
        this.found.isFinished = !isCut;
        break;
      }
      if (++this.#walked > MAX_RECORDS) throw this.#tooLarge();
      this.#take(opcode, offset, length);
      offset += length;
      this.found.endsAt = offset;
    }
    this.#endRun();
  }

  #take(opcode: number, offset: number, length: number): void {
    const isOfRun = opcode === OPCODE.schema || opcode === OPCODE.channel || opcode === OPCODE.message;
    if (opcode === OPCODE.chunk) {
      this.#endRun();
      this.found.chunks.push({ offset, length });
    } else if (isOfRun) {
      const run = this.#run;
      const goesOn = run && run.offset + run.length === offset && run.length + length <= RUN_BYTES;
      if (goesOn) run.length += length;
      else {
        this.#endRun();
        this.#run = { offset, length };
      }
    }
  }

  #endRun(): void {
    if (this.#run) this.found.chunks.push(this.#run);
    this.#run = null;
  }

  /** Messages of a chunk whose end is missing. */
  async #cutChunk(offset: number): Promise<void> {
    const bytes = await this.#portions.at(offset + HEAD_BYTES, CHUNK_HEAD_BYTES);
    if (bytes.length < 40) return;
    const nameBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(28, true);
    if (nameBytes === 0) await this.run(offset + HEAD_BYTES + 40, true);
  }

  async #head(offset: number): Promise<{ opcode: number; length: number } | null> {
    const bytes = await this.#portions.at(offset, HEAD_BYTES);
    if (bytes.length < HEAD_BYTES) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { opcode: view.getUint8(0), length: HEAD_BYTES + Number(view.getBigUint64(1, true)) };
  }

  #tooLarge(): SourceFault {
    const message = `${this.file.name} has no index and more than ${MAX_RECORDS} records, too many to look for: write it anew with \`mcap recover\`.`;
    return new SourceFault('too-large', message);
  }
}
