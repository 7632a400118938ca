import type { ParquetReadOptions } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { SourceFault } from '../source.ts';
import { MAX_PAGE_BYTES } from './parquet-pages.ts';
import { zstdBytes } from './zstd-size.ts';

/** Every codec of the field. What a page unpacks to is bounded before anything is allocated. */
export const boundedCompressors: NonNullable<ParquetReadOptions['compressors']> = Object.fromEntries(
  Object.entries(compressors as Record<string, (input: Uint8Array, length: number) => Uint8Array>).map(
    ([codec, unpack]) => [
      codec,
      (input: Uint8Array, length: number) => {
        const claimed = codec === 'ZSTD' ? Math.max(length, zstdBytes(input)) : length;
        if (!(claimed >= 0 && claimed <= MAX_PAGE_BYTES)) {
          throw new SourceFault('too-large', `a page claims to unpack to ${claimed} bytes`);
        }
        return unpack(input, length);
      },
    ],
  ),
);
