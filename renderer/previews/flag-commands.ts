import { create } from 'zustand';
import type { OpenedOutputs } from '../../shared/api/outputs.ts';
import type { Flag } from '../../shared/review/finding.ts';
import type { Layer } from '../../shared/review/review.ts';
import { api } from '../app/api.ts';
import { useSession } from '../app/session.ts';
import { registerCommands } from '../commands/registry.ts';
import type { Gesture } from '../review/gestures.ts';
import { newId } from '../review/new-id.ts';
import { canReview, perform } from '../review/review-actions.ts';
import { useTimeline } from '../timeline/selection.ts';
import { addFlag, flagActiveSide, isThere } from './flag-gestures.ts';

type Side = NonNullable<Flag['side']>;
export type SideGuess = OpenedOutputs['guess'];

/** Where a flag goes: a moment (or a range) of a recording, and who keeps it. */
export interface FlagPlace {
  canFlag(): boolean;
  ticks(): [number, number];
  own(): Layer | undefined;
  keep(gesture: Gesture): unknown;
  /** Which gels touched something; undefined while nobody knows. */
  guess(): Promise<SideGuess>;
  /** Play pauses while a question is asked. */
  pause(): void;
}

/** The question after the active side, while it stands. */
export interface AskedSide {
  guess: SideGuess | 'loading';
  answer(side: Side): void;
}

export const useAskedSide = create<{ asked: AskedSide | null }>(() => ({ asked: null }));

/** The keys of flags for a place. Answers the way to take them back. */
export function registerFlagCommands(place: FlagPlace): () => void {
  const flag = (kind: Exclude<Flag['kind'], 'active_side'>) => ({
    run: () => {
      const flag: Flag = { kind, ticks: place.ticks() };
      if (!isThere(flag, place.own()?.flags ?? {})) void place.keep(addFlag(newId(), flag));
    },
    isEnabled: () => place.canFlag(),
  });
  const stop = registerCommands({
    'flag.occlusion': flag('occlusion'),
    'flag.dropout': flag('ot_dropout'),
    'flag.exposure': flag('exposure'),
    'flag.other': flag('other'),
    'flag.activeSide': { run: () => askSide(place), isEnabled: () => place.canFlag() },
  });
  return () => {
    stop();
    useAskedSide.setState({ asked: null });
  };
}

function askSide(place: FlagPlace): void {
  place.pause();
  const ticks = place.ticks();
  const asked: AskedSide = {
    guess: 'loading',
    answer(side) {
      useAskedSide.setState({ asked: null });
      const flag: Flag = { kind: 'active_side', ticks, side };
      void place.keep(flagActiveSide(newId(), flag, place.own()?.flags ?? {}));
    },
  };
  useAskedSide.setState({ asked });
  void place
    .guess()
    .catch(() => null)
    .then((guess) => {
      if (useAskedSide.getState().asked === asked) useAskedSide.setState({ asked: { ...asked, guess } });
    });
}

/** Flags of the open episode, at its playhead or over the selection that lies there. */
export function registerEpisodeFlags(): () => void {
  return registerFlagCommands({
    canFlag: () => canReview() && useSession.getState().open !== null,
    ticks: () => {
      const { open } = useSession.getState();
      const tick = open?.player.shown()?.header.tick ?? open?.player.commandedTick() ?? 0;
      const { episode, selection } = useTimeline.getState();
      const isWithin = selection !== null && selection[0] <= tick && tick <= selection[1];
      return isWithin && episode === open?.episode.id ? [selection[0], selection[1]] : [tick, tick];
    },
    own: () => useSession.getState().review?.own,
    keep: (gesture) => perform(gesture),
    guess: async () => {
      const { open } = useSession.getState();
      return open ? (await api.outputs.get({ episode: open.episode.id })).guess : null;
    },
    pause: () => useSession.getState().open?.player.pause(),
  });
}
