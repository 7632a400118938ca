import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNpyHeader, readNpyNumbers } from './npy.ts';

/** An NPY file with this dictionary and data. */
function npy(dictionary: string, data: number[] = [], version = 1): Uint8Array {
  const text = new TextEncoder().encode(dictionary);
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...length, ...text, ...data);
}
const floats = (dictionary: string) => () => parseNpyHeader(npy(dictionary), 'a.npz: x');

describe('NPY headers', () => {
  it('are read in all three versions, keys in any order, with long integers of Python 2', () => {
    for (const version of [1, 2, 3]) {
      const bytes = npy("{'shape': (2L, 3), 'descr': '>i2', 'fortran_order': False, }  \n", [], version);
      expect(parseNpyHeader(bytes, 'x')).toMatchObject({ dtype: 'int16', shape: [2, 3], isBigEndian: true, values: 6 });
    }
    expect(floats("{'descr': '|b1', 'fortran_order': True, 'shape': ()}")()).toMatchObject({ shape: [], values: 1 });
  });

  it('are refused with a reason where they are anything else', () => {
    const refusals: [string, RegExp][] = [
      ["{'descr': '<f8', 'fortran_order': False}", /shape is missing/],
      ["{'descr': '<f8', 'fortran_order': False, 'shape': (3)}", /no tuple/],
      ["{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}", /something else than a size/],
      ["{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'shape': (4,)}", /stands twice/],
      ["{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}; import os", /follows the dictionary/],
      ["{'descr': '<f8', 'fortran_order': __import__('os'), 'shape': (3,)}", /True or False/],
      ["{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999999, 999999999999999)}", /impossible/],
      [`{'descr': '<f8', 'fortran_order': False, 'shape': (${'1, '.repeat(40)})}`, /more than 32 axes/],
      ["{'descr': '|O', 'fortran_order': False, 'shape': (3,)}", /pickled Python objects/],
      ["{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,)}", /records of several fields/],
      ["{'descr': '<c16', 'fortran_order': False, 'shape': (3,)}", /type "<c16"/],
      ["{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (3,)}", /type "<M8\[ns\]"/],
      ["{'descr': '<f8\\'', 'fortran_order': False, 'shape': (3,)}", /does not end/],
    ];
    for (const [dictionary, reason] of refusals) expect(floats(dictionary), dictionary).toThrow(reason);
    expect(() => parseNpyHeader(new TextEncoder().encode('no array at all'), 'a: x')).toThrow(/does not start as one/);
    expect(() => parseNpyHeader(npy('{}', [], 9), 'a: x')).toThrow(/version 9/);
    expect(() => parseNpyHeader(npy("{'descr': '<f8',").subarray(0, 12), 'a: x')).toThrow(/cut short/);
  });

  it('never end the reader otherwise than with a sentence', () => {
    const piece = fc.constantFrom(
      "'descr'",
      ':',
      "'<f8'",
      '(',
      ')',
      '3',
      ',',
      '{',
      '}',
      'True',
      "'shape'",
      '[',
      ' ',
      "'",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseNpyHeader(npy(pieces.join('')), 'a: x');
        } catch (error) {
          expect((error as Error).message).toMatch(/^a: x .*\.$/);
        }
      }),
    );
  });
});

it('tells how much of an array is missing', () => {
  const bytes = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}", [0, 0, 0, 0]);
  const header = parseNpyHeader(bytes, 'a.npz: x');
  expect(() => readNpyNumbers(bytes, header, 'a.npz: x')).toThrow(
    'a.npz: x is cut short: 4 of 24 bytes are there; restore the file from a copy.',
  );
});
