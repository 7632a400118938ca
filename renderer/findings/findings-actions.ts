import { STAGE_JOB } from '../../shared/api/jobs.ts';
import { api } from '../app/api.ts';
import { openEpisode } from '../app/episodes.ts';
import { attempt, notify } from '../app/notices.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import { announce } from '../design/live-region.ts';
import { newId } from '../review/new-id.ts';
import { perform } from '../review/review-actions.ts';
import { select } from '../timeline/selection.ts';
import { currentQueue, eventInHand, openQueue } from './current-queue.ts';
import { useFindings } from './findings-state.ts';
import { settleMove } from './moving-edge.ts';
import { classInSentence, neighbourOf, nextUndecided, type QueueEvent, withLeadIn } from './queue.ts';
import { useScope } from './scope-state.ts';
import { decide, dismissUnmatched, join, noteOn, removeMade } from './verdict-gestures.ts';

/** Shows an event: its recording is opened if another one is, its ticks are selected, and looped with a lead-in. */
export async function showEvent(event: QueueEvent, inputAt?: number, isFocused = false): Promise<void> {
  await settleMove();
  const here = useSession.getState().open;
  if (here?.episode.id === event.recording.episode) {
    useScope.setState({ coming: null });
    showHere(here, event, inputAt, isFocused);
    return;
  }
  useScope.setState({ coming: event.key });
  const [from, to] = event.ticks;
  const isOpen = await openEpisode(event.recording.episode, { from, to });
  if (useScope.getState().coming !== event.key) return;
  useScope.setState({ coming: null });
  const { open } = useSession.getState();
  if (isOpen && open?.episode.id === event.recording.episode) showHere(open, event, inputAt, isFocused);
}

function showHere({ player }: OpenEpisode, event: QueueEvent, inputAt: number | undefined, isFocused: boolean): void {
  const before = useFindings.getState();
  useFindings.setState({
    selected: event.id,
    focusOn: isFocused ? event.id : null,
    note: before.note?.event === event.id ? before.note : null,
    edge: before.selected === event.id ? before.edge : 'start',
    adding: null,
  });
  select([event.ticks[0], event.ticks[1]]);
  player.pause();
  player.setLoop(withLeadIn(event.ticks, player.times));
  player.seek(event.ticks[0], inputAt);
  commandsMayHaveChanged();
}

/** Key of the event in hand, or of the one whose recording is on its way. */
export function keyInHand(): string | null {
  return useScope.getState().coming ?? eventInHand()?.key ?? null;
}

export function showNextUndecided(inputAt?: number): void {
  useView.setState({ isInspectorShown: true, inspectorTab: 'findings' });
  const { shown, hidden } = currentQueue();
  const next = nextUndecided(shown, keyInHand());
  if (next) void showEvent(next, inputAt, true);
  else notify('good', hidden > 0 ? 'Nothing that is shown is undecided.' : `Nothing ${scopeWords()} is undecided.`);
}

/** "in this recording", "on this date", "of this task". */
export function scopeWords(): string {
  return { episode: 'in this recording', date: 'on this date', task: 'of this task' }[useView.getState().findingsScope];
}

/** The neighbour in the list, for the arrows. */
export function stepInQueue(by: 1 | -1, inputAt?: number): void {
  const { shown } = currentQueue();
  const at = shown.findIndex(({ key }) => key === keyInHand());
  const next = at < 0 ? shown[0] : shown[at + by];
  if (next) void showEvent(next, inputAt, true);
}

/** A verdict on the event in hand, with the note being written; then the next undecided one is shown. */
export async function decideSelected(value: 'keep' | 'cut' | null, event = eventInHand()): Promise<void> {
  if (!event) return;
  await settleMove();
  const next = nextUndecided(currentQueue().shown, event.key);
  const { note } = useFindings.getState();
  const written = note?.event === event.id ? note.text.trim() : undefined;
  const gesture = decide(event, value, { events: openQueue()?.events ?? [], note: written });
  const kept = perform(gesture);
  useFindings.setState({ note: null });
  const left = currentQueue().undecided;
  if (value !== null && next && next.key !== event.key) {
    // A person goes on at once; to another recording once this one's is kept.
    if (next.recording.episode !== event.recording.episode) await kept;
    await showEvent(next, undefined, true);
  }
  await kept;
  announce(`${gesture.name}. ${left === 0 ? 'Nothing is undecided.' : `${left} undecided.`}`);
}

/** Joins the event in hand with its nearest neighbour of the same kind; what they become is asked at once. */
export async function mergeSelected(event = eventInHand()): Promise<void> {
  await settleMove();
  const queue = openQueue();
  if (!event || !queue) return;
  const neighbour = neighbourOf(event, queue.events);
  if (!neighbour) {
    notify('info', `There is no other ${classInSentence(event.class)} of this side to merge with.`);
    return;
  }
  const id = newId();
  await perform(join(id, event, neighbour, queue.events));
  showOwn(id);
  announce('Merged: keep or cut what it became.');
}

/** Takes an event made by hand away; what it stood for is in hand then. */
export async function removeSelected(event = eventInHand()): Promise<void> {
  const own = useSession.getState().review?.own;
  if (!event?.hand || !own) return;
  await settleMove();
  const gesture = removeMade(event, own);
  const stoodFor = event.hand.replaces;
  await perform(gesture);
  const back = openQueue()?.events.find(({ id }) => stoodFor.includes(id));
  if (back) await showEvent(back, undefined, true);
  else useFindings.setState({ selected: null });
  announce(gesture.name);
}

/** The event that a gesture just made is in hand. */
export function showOwn(id: string): void {
  const made = openQueue()?.events.find((candidate) => candidate.id === id);
  if (made) void showEvent(made, undefined, true);
}

/** Opens the note of the event in hand for writing. */
export function beginVerdictNote(): void {
  const event = eventInHand();
  if (!event) return;
  useView.setState({ isInspectorShown: true, inspectorTab: 'findings' });
  const { note } = useFindings.getState();
  const text = event.own[0]?.verdict.note ?? '';
  useFindings.setState({ note: note?.event === event.id ? note : { event: event.id, text } });
}

/** Keeps the note where there is a verdict; else it waits for one. The row takes the focus, so that 1 and 2 are heard. */
export async function keepVerdictNote(event: QueueEvent): Promise<void> {
  const { note } = useFindings.getState();
  if (!note) return;
  const text = note.text.trim();
  const value = event.own[0]?.verdict.value;
  if (value !== 'keep' && value !== 'cut') {
    useFindings.setState({ note: text === '' ? null : { ...note, text }, focusOn: event.id });
    return;
  }
  useFindings.setState({ note: null, focusOn: event.id });
  if (text !== (event.own[0]?.verdict.note ?? '')) await perform(noteOn(event, text, openQueue()?.events ?? []));
}

/** Drops a verdict of one's own whose event is gone; only the open episode's, as every gesture. */
export async function dismissVerdict(id: string, of: string): Promise<void> {
  await perform(dismissUnmatched(id, of));
}

/** Looks for findings in what the queue goes over: a job. */
export async function detect(): Promise<void> {
  const { open } = useSession.getState();
  if (!open) return;
  const { id, root, task, date } = open.episode;
  const { findingsScope } = useView.getState();
  const where = findingsScope === 'episode' ? { only: id } : findingsScope === 'date' ? { task, date } : { task };
  await attempt(() => api.jobs.start({ kind: STAGE_JOB, options: { stage: 'detect', root, ...where, options: {} } }));
}
