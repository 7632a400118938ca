import { describe, expect, it } from 'vitest';
import { decodeVideoRequest, videoAddress } from './video.ts';

const request = { episode: 'r1/a b/ö.h5::demo_1', stream: 'cam/left?', revision: '12-3', form: 'recorded' } as const;

describe('the address of a video', () => {
  it.each(['recorded', 'proxy'] as const)('is read back as it was written: %s', (form) => {
    const address = videoAddress({ ...request, form });
    expect(address).toMatch(/^\/api\/video\?/);
    expect(decodeVideoRequest(address.slice(address.indexOf('?')))).toEqual({ ...request, form });
  });

  it.each([
    '?episode=a&stream=b',
    '?episode=a&revision=1',
    '?episode=a&stream=b&revision=1&form=other',
    '?episode=%zz',
  ])('is refused with a part missing or wrong: %s', (query) => expect(decodeVideoRequest(query)).toBeUndefined());
});
