import { describe, expect, it } from 'vitest';
import { describeH264, h264LengthBytes } from './h264-packet.ts';

const PARAMETERS = [0x67, 1, 2];
const REFRESH = [0x65, 9, 9, 9];
const REFERENCE = [0x41, 9];
const DISPOSABLE = [0x01, 9, 9];

const withLengths = (...units: number[][]) => Uint8Array.from(units.flatMap((unit) => [0, 0, 0, unit.length, ...unit]));
const withStartCodes = (...units: number[][]) => Uint8Array.from(units.flatMap((unit) => [0, 0, 0, 1, ...unit]));

describe.each([
  ['with lengths', withLengths, 4],
  ['with start codes', withStartCodes, 0],
] as const)('a packet of H.264 %s', (_name, packetOf, lengthBytes) => {
  it('tells a refresh, what others lean on, and what nothing leans on', () => {
    expect(describeH264(packetOf(PARAMETERS, REFRESH), lengthBytes)).toEqual({ isRefresh: true, isReference: true });
    expect(describeH264(packetOf(REFERENCE), lengthBytes)).toEqual({ isRefresh: false, isReference: true });
    expect(describeH264(packetOf(DISPOSABLE, DISPOSABLE), lengthBytes)).toEqual({
      isRefresh: false,
      isReference: false,
    });
  });

  it('keeps what holds no picture', () => {
    expect(describeH264(packetOf(PARAMETERS), lengthBytes)).toEqual({ isRefresh: false, isReference: true });
  });
});

it('ends on lengths that lead out of the packet', () => {
  expect(describeH264(Uint8Array.of(255, 255, 255, 255, 0x65), 4).isRefresh).toBe(true);
  expect(describeH264(Uint8Array.of(0, 0), 4)).toEqual({ isRefresh: false, isReference: true });
});

it('takes the size of lengths from the record', () => {
  expect(h264LengthBytes(undefined)).toBe(0);
  expect(h264LengthBytes(Uint8Array.of(1, 100, 0, 30, 0xff))).toBe(4);
  expect(h264LengthBytes(Uint8Array.of(1, 100, 0, 30, 0xfd))).toBe(2);
});
