import { describe, expect, it } from 'vitest';
import { formatTable, printable } from './output.ts';

describe('what is written to a terminal', () => {
  it('is not steered by the name of a file', () => {
    expect(printable('\rReading 3 of 5')).toBe('\rReading 3 of 5');
    expect(printable('a\u001b[2Jb: it is\tcut.\n')).toBe('a\\x1b[2Jb: it is\tcut.\n');
    expect(printable('good.h5\rbad.h5: fine.\r\n')).toBe('good.h5\\x0dbad.h5: fine.\r\n');
    expect(printable('épisode_平.h5\u0085')).toBe('épisode_平.h5\\x85');
  });

  it('keeps a row in one line', () => {
    expect(formatTable(['name', 'ticks'], [['two\nlines', '3']], [1])).toBe(
      'name          ticks\ntwo\\x0alines      3\n',
    );
  });
});
