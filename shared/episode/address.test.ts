import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, formatAddress, parseAddress, parseMoment } from './address.ts';

const ticks = fc.nat({ max: 1e9 });
const addresses: fc.Arbitrary<Address> = fc.record({
  episode: fc.string({ minLength: 1, unit: 'grapheme' }),
  at: fc.oneof(
    fc.constant(null),
    ticks.map((tick) => ({ tick })),
    fc.tuple(ticks, ticks).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
  ),
  layout: fc.option(fc.string({ minLength: 1 }), { nil: null }),
});

describe('addresses', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
        expect(parseAddress(`#${formatAddress(address)}`)).toEqual(address);
      }),
    );
  });

  it('are refused when they name no episode or no tick', () => {
    expect(parseAddress('t=3')).toBeUndefined();
    expect(parseAddress('episode=a&t=-1')).toBeUndefined();
    expect(parseAddress('episode=a&t=1.5')).toBeUndefined();
    expect(parseAddress('episode=%zz')).toBeUndefined();
  });

  it('put a backward range right', () => {
    expect(parseAddress('episode=a&t=9..3')).toMatchObject({ at: { from: 3, to: 9 } });
  });
});

describe('parseMoment', () => {
  it('takes ticks, ranges and seconds', () => {
    expect(parseMoment('372')).toEqual({ tick: 372 });
    expect(parseMoment('300..400')).toEqual({ from: 300, to: 400 });
    expect(parseMoment('400..300')).toEqual({ from: 300, to: 400 });
    expect(parseMoment('12.4s')).toEqual({ seconds: 12.4 });
    expect(parseMoment('12 s')).toEqual({ seconds: 12 });
    for (const text of ['', '-1', '1.5', 's', '1..', '1..2..3', 'episode=a']) expect(parseMoment(text)).toBeUndefined();
  });
});
