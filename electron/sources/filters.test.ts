import { describe, expect, it } from 'vitest';
import { describeFilters, lacksCodec } from './filters.ts';

const blosc = (shuffle: number, codec: number) => [
  { id: 32001, name: 'blosc', parameters: [2, 2, 1, 921600, 5, shuffle, codec] },
];

describe('filters in words', () => {
  it.each([
    [[], 'none'],
    [[{ id: 1, name: 'deflate', parameters: [4] }], 'gzip 4'],
    [
      [
        { id: 2, name: 'shuffle', parameters: [1] },
        { id: 1, name: 'deflate', parameters: [4] },
      ],
      'shuffle + gzip 4',
    ],
    [[{ id: 32000, name: 'lzf', parameters: [4, 261, 921600] }], 'lzf'],
    [blosc(1, 1), 'blosc lz4 5 byte-shuffle'],
    [blosc(2, 1), 'blosc lz4 5 bitshuffle'],
    [blosc(0, 5), 'blosc zstd 5'],
    [[{ id: 40000, name: 'homemade', parameters: [] }], 'homemade (40000)'],
    [[{ id: 40000, name: '', parameters: [] }], 'filter 40000'],
  ])('%j reads %s', (filters, words) => expect(describeFilters(filters)).toBe(words));
});

it.each([
  [1, false],
  [3, true],
  [4, true],
  [5, false],
])('knows whether BLOSC can unpack codec %i here', (codec, lacks) =>
  expect(blosc(1, codec).map(lacksCodec)).toEqual([lacks]),
);
