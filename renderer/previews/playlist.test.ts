import { describe, expect, it } from 'vitest';
import type { Output, RecordingOutputs } from '../../shared/api/outputs.ts';
import { addFlag, flagActiveSide, isThere, removeFlag } from './flag-gestures.ts';
import { neighbour, nextPlayable, scopeChoices, scopeWords, wanting } from './playlist.ts';

const output = (state: Output['state']): Output => ({
  ...{ state, reason: null, sizeBytes: null },
  tag: state === 'missing' ? null : 't',
});
const recording = (episode: string, preview: Output['state'], fault: string | null = null) =>
  ({ episode, fault, preview: output(preview), gallery: output('missing') }) as RecordingOutputs;

describe('a playlist', () => {
  const all = [recording('a', 'fresh'), recording('b', 'missing'), recording('c', 'stale'), recording('d', 'foreign')];

  it('plays on with what can be played, and stops at its ends', () => {
    expect(nextPlayable(all, 'a', 1)?.episode).toBe('c');
    expect(nextPlayable(all, 'c', -1)?.episode).toBe('a');
    expect(nextPlayable(all, 'd', 1)).toBeUndefined();
    expect(nextPlayable(all, 'a', -1)).toBeUndefined();
    expect(nextPlayable(all, null, 1)?.episode).toBe('a');
  });

  it('steps to what is missing too, so that it can be made', () => {
    expect(neighbour(all, 'a', 1)?.episode).toBe('b');
    expect(neighbour(all, 'gone', -1)?.episode).toBe('a');
  });

  it('wants what is missing or stale of what can be opened', () => {
    const broken = recording('e', 'missing', 'It is truncated.');
    expect(wanting([...all, broken], 'preview').map(({ episode }) => episode)).toEqual(['b', 'c']);
  });
});

it('offers every date, newest first, and whole tasks where they have several', () => {
  const entry = (task: string, date: string, root = 'r') => ({ root, task, date, listsOthers: false });
  const choices = scopeChoices('r', [
    ...[entry('push', '2026-05-10'), entry('push', '2026-05-11'), entry('push', '2026-05-11')],
    ...[entry('fold', '2026-05-11'), entry('fold', '2026-05-12', 'other'), { ...entry('x', ''), listsOthers: true }],
  ]);
  expect(choices.map(({ task, date, recordings }) => [task, date, recordings])).toEqual([
    ['fold', '2026-05-11', 1],
    ['push', '2026-05-11', 2],
    ['push', '2026-05-10', 1],
    ['push', null, 3],
  ]);
  expect(scopeWords({ task: 'push', date: null })).toBe('push · all dates');
  expect(scopeWords({ task: '', date: '' })).toBe('All recordings');
});

describe('flags as gestures', () => {
  it('have a name for undo, and can be taken away', () => {
    const flag = { kind: 'ot_dropout' as const, ticks: [3, 3] as [number, number] };
    expect(addFlag('f', flag)).toEqual({
      name: 'Flag OT dropout',
      patch: [{ map: 'flags', id: 'f', value: flag }],
    });
    expect(removeFlag('f', 'other')).toMatchObject({ name: 'Remove the flag something else' });
  });

  it('are not set twice in one place', () => {
    const own = { f: { kind: 'occlusion' as const, ticks: [3, 9] as [number, number] } };
    expect(isThere({ kind: 'occlusion', ticks: [3, 9] }, own)).toBe(true);
    expect(isThere({ kind: 'occlusion', ticks: [3, 3] }, own)).toBe(false);
    expect(isThere({ kind: 'exposure', ticks: [3, 9] }, own)).toBe(false);
  });

  it('hold one active side a person', () => {
    const flag = { kind: 'active_side' as const, ticks: [3, 3] as [number, number], side: 'both' as const };
    const own = { old: { ...flag, side: 'left' as const }, other: { ...flag, kind: 'occlusion' as const } };
    expect(flagActiveSide('new', flag, own)).toEqual({
      name: 'Flag active side: both',
      patch: [
        { map: 'flags', id: 'old', value: null },
        { map: 'flags', id: 'new', value: flag },
      ],
    });
  });
});
