import { useEffect, useState } from 'react';
import type { Player } from '../playback/player.ts';

/** Pictures that take longer hold nothing up. */
const LONGEST_WAIT_MS = 700;

/**
 * False until the pictures of a player's first moment are on screen. What takes long to make and shows no picture (plots,
 * the 3D scene, lanes) waits for it, so that nobody waits for a plot to see whether it is the right recording.
 */
export function useFirstPicture(player: Player): boolean {
  const [shownOf, setShownOf] = useState<Player | null>(() => (player.shown() ? player : null));
  useEffect(() => {
    const timers = [setTimeout(() => setShownOf(player), LONGEST_WAIT_MS)];
    const onPictures = () => {
      stop();
      // A frame's callbacks run before it is painted, tasks after.
      requestAnimationFrame(() => timers.push(setTimeout(() => setShownOf(player), 0)));
    };
    let stop = () => {};
    stop = player.onShown(onPictures);
    if (player.shown()) onPictures();
    return () => {
      for (const timer of timers) clearTimeout(timer);
      stop();
    };
  }, [player]);
  return shownOf === player;
}
