import { type Address, formatAddress } from '../../shared/episode/address.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import type { TickRange } from '../../shared/time/ranges.ts';
import { announce } from '../design/live-region.ts';
import { graphics } from '../panes/painter/choose-painter.ts';
import { loadEpisodeArrays } from '../playback/arrays.ts';
import { createPlayer } from '../playback/engine.ts';
import type { Player } from '../playback/player.ts';
import { knowReview } from '../review/told-reviews.ts';
import { openInTimeline, select, useTimeline } from '../timeline/selection.ts';
import { api } from './api.ts';
import { onLeaving } from './leaving.ts';
import { sentenceOf } from './notices.ts';
import { createPlaceMemory } from './places.ts';
import { forgetAskedPlay, playAsAsked } from './play-ahead.ts';
import { isOfOpenRecording, type OpenEpisode, useSession } from './session.ts';
import { loadDatasetSettings } from './settings.ts';

/** Opening episodes and remembering where one was. The last request wins; until it is there the episode before stays. */

const places = createPlaceMemory({
  // A place that cannot be had or kept costs the person a jump to the start, and nothing else.
  ask: (episode) => api.memory.place({ episode }).then(({ tick }) => tick),
  keep: (episode, tick) => api.memory.place({ episode, tick }),
});
const REST_MS = 250;

let request = 0;
let stopFollowing = () => {};

/**
 * Opens an episode at an address, else where one was, else at its start. Answers whether it opened; when it did not, the
 * sentence is in `openFault`. An episode that is already open only moves, unless `again`.
 */
export async function openEpisode(id: string, at?: Address['at'], { again = false } = {}): Promise<boolean> {
  const { open } = useSession.getState();
  const mine = ++request;
  if (open && open.episode.id === id && !again) {
    useSession.setState({ opening: null, openFault: null });
    if (at) moveTo(open.player, at);
    return true;
  }
  if (open && !again) {
    open.player.pause();
    rememberPlace(open);
  }
  forgetAskedPlay();
  useSession.setState({ opening: id, openFault: null });
  const startedAt = performance.now();
  try {
    const opened = await load(id, at ?? null, () => mine === request);
    if (!opened) return false;
    measureFirstPicture(opened.player, startedAt);
    show(opened, at ?? null);
    return true;
  } catch (error) {
    if (mine !== request) return false;
    closeEpisode();
    tellFault(id, error);
    return false;
  }
}

/**
 * Tries what could not be shown once more, now that its file is another one. The sentence in its place stays until there
 * is another or a picture: a recorder may be writing all the time.
 */
export async function retryEpisode(id: string): Promise<void> {
  const { openFault, opening } = useSession.getState();
  if (opening !== null || openFault?.episode !== id) return;
  const mine = ++request;
  try {
    const opened = await load(id, null, () => mine === request);
    if (opened) show(opened, null);
  } catch (error) {
    if (mine === request) tellFault(id, error);
  }
}

function tellFault(id: string, error: unknown): void {
  const message = sentenceOf(error);
  const described = error instanceof NothingToShow ? error.episode : undefined;
  const before = useSession.getState().openFault;
  useSession.setState({ openFault: { episode: id, message, described } });
  if (before?.message !== message) announce(message, 'assertive');
}

/** Leaves the User Timing measure `open-to-paint`: from opening an episode to its first painted tick. */
function measureFirstPicture(player: Player, startedAt: number): void {
  const stop = player.onShown(() => {
    stop();
    requestAnimationFrame(() => performance.measure('open-to-paint', { start: startedAt, end: performance.now() }));
  });
}

/** Puts the open episode away: nothing is shown then. */
export function closeEpisode(): void {
  request++;
  stopFollowing();
  stopFollowing = () => {};
  const { open } = useSession.getState();
  if (open) rememberPlace(open);
  useSession.setState({ open: null, opening: null, openFault: null, review: null, saveState: 'idle' });
  open?.player.dispose();
}

/** The address of the selected range, else of the moment on screen. */
export function currentAddress(): Address | undefined {
  const { open } = useSession.getState();
  if (!open) return undefined;
  const [from, to] = currentRange(open);
  return { episode: open.episode.path, at: from === to ? { tick: from } : { from, to }, layout: null };
}

/** The selection, else the commanded tick alone; inclusive. */
export function currentRange(open: OpenEpisode): TickRange {
  const { episode, selection } = useTimeline.getState();
  const tick = open.player.commandedTick();
  return (episode === open.episode.id ? selection : null) ?? [tick, tick];
}

/** A recording that was read but holds no moment. */
class NothingToShow extends Error {
  constructor(
    message: string,
    readonly episode: Episode,
  ) {
    super(message);
  }
}

async function load(id: string, at: Address['at'], isWanted: () => boolean): Promise<OpenEpisode | undefined> {
  const { episode, fingerprint, revision } = await api.episodes.open({ episode: id });
  if (!isWanted()) return undefined;
  const [arrays, calibrations, seen, place] = await Promise.all([
    loadEpisodeArrays(episode),
    // Without them the recording can be seen all the same.
    api.episodes.calibrations({ episode: id }).catch(() => []),
    api.episodes.seen({ episode: id, add: [] }).catch(() => ({ ranges: [] })),
    places.get(id),
  ]);
  if (!isWanted()) return undefined;
  const times = arrays.get(`clock:${episode.masterClock}`)?.times ?? new Float64Array(0);
  if (times.length === 0) {
    const [problem] = episode.problems;
    const message = problem?.message ?? `${episode.path}: its clock has no ticks, so there is no moment to show.`;
    throw new NothingToShow(message, episode);
  }
  const player = createPlayer({
    episode,
    times,
    cacheBytes: useSession.getState().userSettings.cacheBytes,
    convertsVideo: !graphics().isHardware,
    startTick: at ? ('tick' in at ? at.tick : at.from) : place,
    onSeen: (ranges) => reportSeen(id, revision, ranges),
  });
  // What the panes of a new layout show; another arrangement asks for the rest itself.
  const pictures = episode.streams.filter(({ kind, fault }) => kind !== 'depth' && fault === null);
  player.prepare(pictures.map(({ id }) => id));
  return { episode, fingerprint, revision, player, arrays, calibrations, seenBefore: seen.ranges };
}

function show(opened: OpenEpisode, at: Address['at']): void {
  const { open: before, root, review } = useSession.getState();
  const isSame = before?.episode.id === opened.episode.id && before.fingerprint === opened.fingerprint;
  stopFollowing();
  // Before anything draws it: timeline and plots show one window.
  openInTimeline(opened.episode.id, opened.player.times);
  useSession.setState({
    open: opened,
    opening: null,
    openFault: null,
    root: opened.episode.root,
    review: isSame ? review : null,
    saveState: isSame ? useSession.getState().saveState : 'idle',
  });
  if (before) goOn(before, opened);
  else playAsAsked(opened.player);
  before?.player.dispose();
  if (root !== opened.episode.root) void loadDatasetSettings(opened.episode.root);
  void loadReview(opened.episode.id);
  if (at && 'from' in at) moveTo(opened.player, at);
  stopFollowing = followPlace(opened);
  announce(`${opened.episode.name} is open`);
}

/**
 * The same episode, read again, goes on as it was. Another one plays where play was asked for while it was on its way: what
 * is on screen until then was paused.
 */
function goOn({ episode, player: before }: OpenEpisode, { episode: opened, player }: OpenEpisode): void {
  const { playing, speed, loop } = before.state();
  if (episode.id === opened.id) {
    player.seek(before.commandedTick());
    player.setLoop(loop);
  } else if (!playing) return;
  player.setSpeed(speed);
  if (playing) player.play();
}

async function loadReview(id: string): Promise<void> {
  const isStillOpen = () => useSession.getState().open?.episode.id === id;
  try {
    const review = knowReview(await api.review.get({ episode: id }));
    if (isOfOpenRecording(id, review)) useSession.setState({ review });
  } catch (error) {
    if (isStillOpen()) useSession.setState({ saveState: { fault: sentenceOf(error) } });
  }
}

function moveTo(player: Player, at: NonNullable<Address['at']>): void {
  player.pause();
  if ('from' in at) {
    const last = player.times.length - 1;
    select([Math.min(at.from, last), Math.min(Math.max(at.from, at.to), last)]);
  }
  player.seek('tick' in at ? at.tick : at.from);
}

/** The page's address follows while at rest, never during play: browsers throttle it, and a moving one is of no use. */
function followPlace(open: OpenEpisode): () => void {
  let timer: number | undefined;
  const later = () => {
    window.clearTimeout(timer);
    if (!open.player.state().playing) timer = window.setTimeout(() => rememberPlace(open, true), REST_MS);
  };
  const stops = [open.player.onCommanded(later), open.player.subscribe(later)];
  later();
  return () => {
    window.clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

/** Ticks that cannot be reported are seen again, or not: a person is not told. */
function reportSeen(episode: string, revision: string, ranges: readonly TickRange[]): void {
  const add = ranges.map(([from, to]): [number, number] => [from, to]);
  void api.episodes.seen({ episode, add, revision }).catch(() => {});
}

/** What rest and the clock would have told a moment later. */
onLeaving(() => {
  const { open } = useSession.getState();
  if (!open) return;
  rememberPlace(open, true);
  const seen = open.player.seen();
  if (seen.length > 0) reportSeen(open.episode.id, open.revision, seen);
});

function rememberPlace(open: OpenEpisode, inAddress = false): void {
  const tick = open.player.commandedTick();
  places.set(open.episode.id, tick);
  if (!inAddress) return;
  const hash = `#${formatAddress({ episode: open.episode.path, at: { tick }, layout: null })}`;
  if (location.hash !== hash) history.replaceState(history.state, '', hash);
}
