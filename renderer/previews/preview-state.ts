import { create } from 'zustand';
import type { OpenedOutputs, RecordingOutputs } from '../../shared/api/outputs.ts';
import { api } from '../app/api.ts';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import { chooseScope, putRecording, useOutputs } from './outputs-state.ts';
import { PreviewPlayer } from './preview-player.ts';

/** Where a person is in the playlist: kept while they look at stored pixels, so that they come back to the same moment. */
export interface WatchingState {
  /** Id of the recording in hand. */
  current: string | null;
  /** What only its opening tells; null until it is known. */
  opened: Pick<OpenedOutputs, 'episode' | 'guess' | 'fingerprint'> | null;
  /** It is to play as soon as it is there: the one before it did. */
  playsOn: boolean;
  /** Tags of previews that were played to their end. */
  played: ReadonlySet<string>;
}

export const useWatching = create<WatchingState>(() => ({
  current: null,
  opened: null,
  playsOn: false,
  played: readPlayed(),
}));

/** The one player of previews; it outlives the screen, as the place where one was does. */
export const player = new PreviewPlayer();

const ticks = new Map<string, number>();
player.onTick(() => {
  const { current } = useWatching.getState();
  if (current !== null && player.state().isReady) ticks.set(current, player.tick());
});

/** Tick where one was in a preview. */
export function placeIn(episode: string): number {
  return ticks.get(episode) ?? 0;
}

/** Takes a preview in hand; `at` sets where it begins, else it is where one was. */
export function watch(episode: string | null, at?: number, playsOn = false): void {
  if (episode !== null && at !== undefined) ticks.set(episode, at);
  const isSame = useWatching.getState().current === episode;
  if (isSame) {
    if (at !== undefined) player.seek(at);
    return;
  }
  useWatching.setState({ current: episode, opened: null, playsOn });
  commandsMayHaveChanged();
  const recording = currentRecording();
  if (episode !== null && recording?.fault === null) void look(episode);
}

/** Opens the recording in hand, quietly: its review, its exact state, and which gels touched something. */
export async function look(episode: string): Promise<void> {
  // What is wrong with it is said where it is played or flagged.
  const opened = await api.outputs.get({ episode }).catch(() => null);
  if (!opened) return;
  const { guess, fingerprint, ...recording } = opened;
  putRecording(recording);
  if (useWatching.getState().current === episode) useWatching.setState({ opened: { episode, guess, fingerprint } });
  commandsMayHaveChanged();
}

export function currentRecording(): RecordingOutputs | undefined {
  const { current } = useWatching.getState();
  return useOutputs.getState().recordings.find(({ episode }) => episode === current);
}

/** Shows the playlist: what one was watching, or the preview of the episode that was opened meanwhile. */
export function showPreviews(): void {
  const { open } = useSession.getState();
  const { current } = useWatching.getState();
  open?.player.pause();
  if (open && open.episode.id !== current) {
    const { root, task, date } = open.episode;
    const isListed = useOutputs.getState().recordings.some(({ episode }) => episode === open.episode.id);
    if (!isListed) chooseScope({ root, task, date });
    watch(open.episode.id, open.player.commandedTick());
  }
  useView.setState({ screen: 'previews' });
}

/** A preview that was chosen by itself, from its beginning or where one was. */
export function showPreviewOf(episode: string): void {
  watch(episode);
  useView.setState({ screen: 'previews' });
}

export function notePlayed(tag: string): void {
  const { played } = useWatching.getState();
  if (played.has(tag)) return;
  const next = new Set([...played, tag]);
  useWatching.setState({ played: next });
  try {
    localStorage.setItem(PLAYED, JSON.stringify([...next].slice(-MOST_PLAYED)));
  } catch {
    // Without storage it is known as long as the page lives.
  }
}

const PLAYED = 'regrasp.previews.played';
const MOST_PLAYED = 2000;

function readPlayed(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLAYED) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter((tag) => typeof tag === 'string') : []);
  } catch {
    return new Set();
  }
}
