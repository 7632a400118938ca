import { Portions } from '../common/portions.ts';
import type { FileReader } from '../source.ts';
import { crc32c, masked } from './crc32c.ts';

const LENGTH_BYTES = 8;
const SUM_BYTES = 4;
const HEAD_BYTES = LENGTH_BYTES + SUM_BYTES;
const MAX_RECORDS = 1_000_000;
const SUMMED_AT_ONCE = 2 ** 20;

/** Where the data of a record lie in its shard. */
export interface RecordPlace {
  offset: number;
  length: number;
}

export interface ShardIndex {
  records: RecordPlace[];
  /** Why there is no telling where the next record would be; `code` as of a problem, `reason` a clause. */
  fault: { code: 'truncated' | 'bad-length' | 'compressed' | 'too-large'; reason: string } | null;
}

/**
 * Where the records of a shard lie, from the lengths before each alone: a length counts only where its checksum fits and
 * the file is long enough for it. Stops before record `limit`.
 */
export async function indexShard(
  files: FileReader,
  path: string,
  sizeBytes: number,
  limit = Number.POSITIVE_INFINITY,
): Promise<ShardIndex> {
  const portions = new Portions(files, path, sizeBytes);
  const records: RecordPlace[] = [];
  const stop = (code: NonNullable<ShardIndex['fault']>['code'], reason: string): ShardIndex => ({
    records,
    fault: { code, reason },
  });
  for (let offset = 0; offset < sizeBytes && records.length < limit; ) {
    if (records.length === MAX_RECORDS) return stop('too-large', `it holds more than ${MAX_RECORDS} records`);
    const number = records.length;
    const head = await portions.at(offset, HEAD_BYTES);
    if (number === 0 && isPacked(head)) return stop('compressed', 'it is compressed as a whole');
    if (head.length < HEAD_BYTES) return stop('truncated', `it ends within the head of record ${number}`);
    const view = new DataView(head.buffer, head.byteOffset, HEAD_BYTES);
    if (masked(crc32c(head.subarray(0, LENGTH_BYTES))) !== view.getUint32(LENGTH_BYTES, true)) {
      return stop('bad-length', `the length of record ${number} does not fit its checksum`);
    }
    const length = Number(view.getBigUint64(0, true));
    const end = offset + HEAD_BYTES + length + SUM_BYTES;
    if (end > sizeBytes) return stop('truncated', `it ends within record ${number}`);
    records.push({ offset: offset + HEAD_BYTES, length });
    offset = end;
  }
  return { records, fault: null };
}

/** Whether the data of a record fit the checksum behind them; read a part at a time, whatever their length. */
export async function recordFits(files: FileReader, path: string, { offset, length }: RecordPlace): Promise<boolean> {
  let sum = 0;
  for (let done = 0; done < length; ) {
    const bytes = await files.readRange(path, offset + done, Math.min(SUMMED_AT_ONCE, length - done));
    if (bytes.length === 0) return false;
    sum = crc32c(bytes, sum);
    done += bytes.length;
  }
  const stored = await files.readRange(path, offset + length, SUM_BYTES);
  if (stored.length < SUM_BYTES) return false;
  return new DataView(stored.buffer, stored.byteOffset, SUM_BYTES).getUint32(0, true) === masked(sum);
}

/** GZIP or ZLIB over the whole file, as TFRecord writers may be told to. */
function isPacked(head: Uint8Array): boolean {
  const isGzip = head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
  const isZlib = head[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(head[1] as number);
  return (isGzip || isZlib) && !isRecordHead(head);
}

function isRecordHead(head: Uint8Array): boolean {
  if (head.length < HEAD_BYTES) return false;
  const stored = new DataView(head.buffer, head.byteOffset, HEAD_BYTES).getUint32(LENGTH_BYTES, true);
  return masked(crc32c(head.subarray(0, LENGTH_BYTES))) === stored;
}
