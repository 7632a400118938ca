import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { type InHand, phaseAt, useInHand } from '../panes/in-hand.ts';
import type { Player } from '../playback/player.ts';
import { useReviewState } from '../review/review-actions.ts';
import { eventInHand } from './current-queue.ts';
import { useFindings } from './findings-state.ts';
import { classWord, type QueueEvent, withLeadIn } from './queue.ts';

const NOTHING = { inHand: null, phase: null };

/** Tells the panes what is in hand and whether the tick on screen is part of it. Answers the way to stop. */
export function followRing(): () => void {
  let event: QueueEvent | undefined;
  let player: Player | undefined;
  let stopShown: (() => void) | undefined;
  const onTick = () => {
    const { inHand, phase } = useInHand.getState();
    const tick = player?.shown()?.header.tick;
    const now = inHand && tick !== undefined ? phaseAt(inHand, tick) : null;
    if (now !== phase) useInHand.setState({ phase: now });
  };
  const follow = () => {
    const { open } = useSession.getState();
    const found = open ? eventInHand() : undefined;
    if (found === event && open?.player === player) return;
    event = found;
    player = open?.player;
    stopShown?.();
    stopShown = found ? player?.onShown(onTick) : undefined;
    useInHand.setState(found && open ? { ...NOTHING, inHand: inHandOf(found, open) } : NOTHING);
    onTick();
  };
  follow();
  const stops = [useSession, useFindings, useReviewState, useView].map((store) => store.subscribe(follow));
  return () => {
    for (const stop of stops) stop();
    stopShown?.();
    useInHand.setState(NOTHING);
  };
}

type Open = NonNullable<ReturnType<typeof useSession.getState>['open']>;

function inHandOf({ finding, hand, side, ticks, class: of }: QueueEvent, { episode, player }: Open): InHand {
  const ofSide = side === null ? [] : episode.tracks.filter((track) => track.side === side).map(({ id }) => id);
  // A person's event knows its side and its streams, not its bodies.
  const tracks = finding?.tracks ?? ofSide;
  const sides = episode.tracks.filter(({ id }) => tracks.includes(id)).flatMap((track) => track.side ?? []);
  const word = classWord(of);
  return {
    word: side === null ? word : `${side === 'left' ? 'L' : 'R'} ${word}`,
    ...{ streams: finding?.streams ?? hand?.streams ?? [], tracks, series: finding?.series ?? [], sides },
    ...{ ticks: [ticks[0], ticks[1]], around: withLeadIn(ticks, player.times) },
  };
}
