import { withLeadIn } from '../../findings/queue.ts';
import { showMark } from '../../marks/mark-navigation.ts';
import { beginMove, cancelMove, marksShown, moveTo, playOn, settleMove } from '../../marks/marks-state.ts';
import type { MarkPart } from '../../marks/move-gestures.ts';
import { tickOf } from '../../marks/move-gestures.ts';
import { dragTicks, localX, tickAt, xOfTick } from '../pointer.ts';
import { useTimeline } from '../selection.ts';
import type { TimelineSurface } from '../surface.ts';
import { showDragged } from './dragged.ts';
import type { Hit } from './hit.ts';
import { segmentAt } from './hit-surface.ts';
import { focusSegment } from './segment-focus.ts';
import { momentText } from './segments.ts';
import { type SnapTarget, snap, snapTargets, snapWhole, tickOfPart } from './snapping.ts';

/** Something dragged holds on to what lies this near. */
const SNAP_PX = 8;

/**
 * A press on something this person marked: a click takes it in hand, a drag moves its edge, its sign or all of it, in one
 * step. What was dragged snaps to what lies around, unless Alt is held. Answers whether the press was on such a thing.
 */
export function pressMark(surface: TimelineSurface, element: HTMLElement, event: PointerEvent): boolean {
  if (event.button !== 0 || event.shiftKey) return false;
  const startX = localX(element, event);
  const hit = segmentAt(surface, startX, event.offsetY);
  if (!hit || hit.segment.by !== null) return false;
  const { player } = surface.open;
  const { map, id } = hit.segment;
  const at = player.commandedTick();
  focusSegment(surface.elements.root, hit.segment.key);
  const reach = reachOf(surface, hit, startX);
  let move: ((x: number, isFree: boolean) => { tick: number; what: string | null }) | undefined;
  const letGo = holdAlt();
  dragTicks(
    surface,
    element,
    event,
    (_tick, moved) => {
      if (!move) {
        beginMove(map, id, hit.part);
        move = mover(surface, hit, reach, at);
      }
      const x = Math.min(Math.max(localX(element, moved), 0), surface.widthPx);
      const to = move(x, moved.altKey);
      moveTo(map, id, hit.part, to.tick, { inputAt: moved.timeStamp });
      tell(surface, hit, to.what);
    },
    (ended, { isDrag, isCancelled }) => {
      letGo();
      showDragged(null);
      if (isCancelled) {
        cancelMove();
        player.seek(at);
      } else if (isDrag) {
        void settleMove();
        playOn();
      } else {
        // On an edge or a sign to where that is; on the whole to the moment that was clicked, as anywhere on the lanes.
        showMark(map, id, hit.part === 'whole' ? undefined : hit.part, ended.timeStamp);
        if (hit.part === 'whole') player.seek(tickAt(surface, startX), ended.timeStamp);
      }
    },
  );
  return true;
}

interface Reach {
  /** From where the press was to the part that it took: the part stays so far from the pointer. */
  readonly offsetPx: number;
}

function reachOf(surface: TimelineSurface, { segment, part }: Hit, startX: number): Reach {
  const tick = part === 'whole' ? segment.first : (tickOfPart(segment, part) ?? segment.first);
  return { offsetPx: xOfTick(surface, tick) - startX };
}

/** What the pointer's place means for the part it holds: a tick, and what it snapped to. */
function mover(surface: TimelineSurface, { segment, part }: Hit, { offsetPx }: Reach, playhead: number) {
  const { selection } = useTimeline.getState();
  const lastTick = surface.model.times.length - 1;
  const sources = { lanes: surface.lanesShown(), playhead, selection, lastTick };
  const targets = (of: MarkPart): SnapTarget[] => snapTargets(of, segment, sources);
  const [start, end] = part === 'whole' ? [targets('start'), targets('end')] : [[], []];
  const own = part === 'whole' ? [] : targets(part);
  const length = segment.last - segment.first;
  return (pointerX: number, isFree: boolean) => {
    const x = pointerX + offsetPx;
    const tick = tickAt(surface, x);
    if (isFree) return { tick, what: null };
    const reachTicks = Math.max(tickAt(surface, x + SNAP_PX) - tick, tick - tickAt(surface, x - SNAP_PX));
    return part === 'whole'
      ? snapWhole([tick, tick + length], { start, end }, reachTicks)
      : snap(tick, own, reachTicks);
  };
}

/** Beside what is dragged: where it is now, and what holds it there. */
function tell(surface: TimelineSurface, { segment: { map, id, key }, part }: Hit, snappedTo: string | null): void {
  const marks = marksShown();
  const tick = marks && tickOf(marks, map, id, part === 'whole' ? 'start' : part);
  if (tick !== null) showDragged({ key, part, tick, words: momentText(surface.model.times, tick), snappedTo });
}

/** Alt lets go of what a drag snaps to; by itself it would take the keyboard to a window's menu. */
function holdAlt(): () => void {
  const stop = new AbortController();
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Alt') event.preventDefault();
  };
  for (const type of ['keydown', 'keyup'] as const)
    window.addEventListener(type, onKey, { signal: stop.signal, capture: true });
  return () => stop.abort();
}

/** Plays a mark over and over with a moment before and after. */
export function loopMark(surface: TimelineSurface, hit: Hit): void {
  const { player } = surface.open;
  const range = withLeadIn([hit.segment.first, hit.segment.last], player.times);
  player.setLoop(range);
  player.seek(range[0]);
  player.play();
}

/** The pointer over what it could do here; undefined where nothing is marked. */
export function cursorOver(hit: Hit | null): string | undefined {
  if (!hit) return undefined;
  if (hit.segment.by !== null) return 'pointer';
  return hit.part === 'whole' ? 'grab' : 'ew-resize';
}
