import type { Player } from '../playback/player.ts';
import { useSession } from './session.ts';

/** What a key does that plays. */
export type Press = (player: Player) => void;

let presses: Press[] = [];

/**
 * For the keys that play, from when the first episode is asked for: what hears them otherwise stands on screen a moment
 * after the episode's name. Pressed before there is anything to play, they are kept for it.
 */
export function askPlay(press: Press): void {
  const { open } = useSession.getState();
  if (open) press(open.player);
  else presses.push(press);
}

/** Does what was asked for before the player was there. */
export function playAsAsked(player: Player): void {
  for (const press of presses.splice(0)) press(player);
}

/** What they were meant for did not come, or something else was asked for. */
export function forgetAskedPlay(): void {
  presses = [];
}
