import { beforeEach, describe, expect, it } from 'vitest';
import { between, openInTimeline, select, setTimelineWindow, useTimeline, withEnd, withStart } from './selection.ts';

describe('in and out', () => {
  it('start at the tick and end where they ended, or at the last tick', () => {
    expect(withStart(null, 10, 99)).toEqual([10, 99]);
    expect(withStart([5, 20], 10, 99)).toEqual([10, 20]);
    expect(withStart([5, 20], 30, 99)).toEqual([30, 99]);
  });

  it('end at the tick and start where they started, or at the first', () => {
    expect(withEnd(null, 10)).toEqual([0, 10]);
    expect(withEnd([5, 20], 10)).toEqual([5, 10]);
    expect(withEnd([15, 20], 10)).toEqual([0, 10]);
  });

  it('may be dragged either way', () => {
    expect(between(9, 4)).toEqual([4, 9]);
  });
});

describe('the timeline of an episode', () => {
  beforeEach(() => useTimeline.setState({ episode: null }));

  it('keeps of window and selection what is still there when its file was read again', () => {
    openInTimeline('a', [0, 5e9, 10e9]);
    openInTimeline('a', [0, 5e9, 10e9, 15e9]);
    expect(useTimeline.getState().window).toEqual({ startNs: 0, endNs: 15e9 });
    select([1, 3]);
    setTimelineWindow({ startNs: 8e9, endNs: 12e9 });
    openInTimeline('a', [0, 5e9, 10e9]);
    expect(useTimeline.getState()).toMatchObject({
      bounds: { startNs: 0, endNs: 10e9 },
      window: { startNs: 6e9, endNs: 10e9 },
      selection: [1, 2],
    });
    openInTimeline('a', [0]);
    expect(useTimeline.getState().selection).toBeNull();
  });

  it('starts over with another episode and only then', () => {
    openInTimeline('a', [0, 5e9]);
    select([1, 2]);
    setTimelineWindow({ startNs: 1e9, endNs: 2e9 });
    openInTimeline('a', [0, 5e9]);
    expect(useTimeline.getState()).toMatchObject({ selection: [1, 2], window: { startNs: 1e9 } });
    openInTimeline('b', [0, 8e9]);
    expect(useTimeline.getState()).toMatchObject({ selection: null, window: { startNs: 0, endNs: 8e9 } });
  });
});
