import type { Flag } from '../../shared/review/finding.ts';
import { FLAG_WORDS, type FlagKind } from '../../shared/review/flags.ts';
import type { Gesture } from '../review/gestures.ts';

/** What a person sees in one place of a recording. */
export function addFlag(id: string, flag: Flag): Gesture {
  const side = flag.side === undefined ? '' : `: ${flag.side}`;
  return { name: `Flag ${flagName(flag.kind)}${side}`, patch: [{ map: 'flags', id, value: flag }] };
}

/** Whether it stands there already: pressing the key once more says nothing new, and notes would count it twice. */
export function isThere({ kind, ticks }: Flag, own: Readonly<Record<string, Flag>>): boolean {
  return Object.values(own).some(
    (flag) => flag.kind === kind && flag.ticks[0] === ticks[0] && flag.ticks[1] === ticks[1],
  );
}

/** The side says which gels were in use over the whole recording: a later answer takes the place of an earlier one. */
export function flagActiveSide(id: string, flag: Flag, own: Readonly<Record<string, Flag>>): Gesture {
  const before = Object.entries(own)
    .filter(([, { kind }]) => kind === 'active_side')
    .map(([earlier]) => ({ map: 'flags' as const, id: earlier, value: null }));
  const { name, patch } = addFlag(id, flag);
  return { name, patch: [...before, ...patch] };
}

export function removeFlag(id: string, kind: FlagKind): Gesture {
  return { name: `Remove the flag ${flagName(kind)}`, patch: [{ map: 'flags', id, value: null }] };
}

/** "Occlusion", "OT dropout". */
export function flagTitle(kind: FlagKind): string {
  const word = kind === 'other' ? 'something else' : FLAG_WORDS[kind];
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function flagName(kind: FlagKind): string {
  return kind === 'other' ? 'something else' : FLAG_WORDS[kind];
}
