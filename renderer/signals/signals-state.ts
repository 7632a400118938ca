import { useEffect } from 'react';
import { create } from 'zustand';
import { SIGNALS_ROUTE, type StoredFindings } from '../../shared/api/findings.ts';
import { formatQuery } from '../../shared/api/query.ts';
import { unpackSignals } from '../../shared/detect/pack-signals.ts';
import type { EpisodeSignals } from '../../shared/detect/signals.ts';
import { sentenceOf } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { useFindings } from '../findings/findings-state.ts';

/** What was seen in the pictures of the open episode, a number a tick. Poses are among `open.arrays`. */
export type PictureSignals = Omit<EpisodeSignals, 'tracks'>;

export interface SignalsState {
  /** "none" before they are wanted, and where nothing was looked for yet; "missing": they have to be made anew. */
  state: 'none' | 'loading' | 'ready' | 'missing' | { fault: string };
  signals: PictureSignals | null;
}

const NOTHING: SignalsState = { state: 'none', signals: null };

export const useSignalsState = create<SignalsState>(() => NOTHING);

let wanted = 0;
/** What the state is of; "" for nothing. */
let key = '';
let isFollowing = false;
let connection = useSession.getState().connection;

/** The stored signals, which are fetched once somebody on screen wants them, and dropped with the episode. */
export function useSignals(isWanted = true): SignalsState {
  useEffect(() => (isWanted ? want() : undefined), [isWanted]);
  return useSignalsState();
}

function want(): () => void {
  wanted++;
  if (!isFollowing) {
    isFollowing = true;
    useFindings.subscribe(update);
    useSession.subscribe(update);
  }
  update();
  return () => {
    wanted--;
  };
}

function update(): void {
  const { open, datasetSettings, connection: now } = useSession.getState();
  // What could not be fetched while the workstation was away is asked for again.
  const isBack = now === 'live' && connection !== 'live';
  connection = now;
  if (isBack && typeof useSignalsState.getState().state === 'object') key = '';
  const { of, detected } = useFindings.getState();
  // Nothing is asked for where nothing was looked for: the answer would only be that there is nothing.
  const isThere = open && detected && of === `${open.episode.id} ${open.revision}`;
  const offset = open ? (datasetSettings?.tactileOffsets[open.episode.path] ?? 0) : 0;
  const about = isThere ? `${of} ${detected.at} ${offset}` : '';
  if (about === key) return;
  key = wanted > 0 ? about : '';
  useSignalsState.setState(NOTHING);
  if (isThere && wanted > 0) void load(open.episode.id, detected, about);
}

async function load(episode: string, detected: StoredFindings, of: string): Promise<void> {
  useSignalsState.setState({ state: 'loading', signals: null });
  const next = await fetchSignals(episode, detected.settings.reference, 'none').then(
    (bytes): SignalsState => {
      if (!bytes) return { state: 'missing', signals: null };
      const decoder = new TextDecoder();
      return { state: 'ready', signals: unpackSignals(bytes, (part) => decoder.decode(part)) };
    },
    (error: unknown): SignalsState => ({ state: { fault: sentenceOf(error) }, signals: null }),
  );
  if (key === of) useSignalsState.setState(next);
}

/** The stored signals as they come; null where none are stored. Rejects with a sentence. */
export async function fetchSignals(
  episode: string,
  reference: string,
  tracks: 'all' | 'none',
): Promise<Uint8Array<ArrayBuffer> | null> {
  const query = formatQuery([
    ['episode', episode],
    ['reference', reference],
    ['tracks', tracks],
  ]);
  // A picture that somebody waits for goes first.
  const response = await fetch(`${SIGNALS_ROUTE}?${query}`, { cache: 'no-store', priority: 'low' });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error((await response.text()).trim());
  return new Uint8Array(await response.arrayBuffer());
}
