import { NS_PER_SECOND } from '../../shared/time/nanoseconds.ts';
import { notify } from '../app/notices.ts';
import { registerOffers } from '../commands/offers.ts';
import { type CommandHandler, commandsMayHaveChanged, registerCommands } from '../commands/registry.ts';
import type { Player } from '../playback/player.ts';
import { parseGoTo, resolveGoTo } from './go-to.ts';
import { HeldSteps } from './held-steps.ts';
import { placeFrom, placesToSee } from './places-to-see.ts';
import { select, setTimelineWindow, useTimeline, withEnd, withStart } from './selection.ts';
import { formatSpeed, nextSpeed, SPEEDS } from './speeds.ts';
import { isWhole, zoomAbout } from './zoom.ts';

const ZOOM_STEP = 1.5;
/** The slowest a held key may step, whatever the clock of the recording: a held key is for looking through. */
const HELD_INTERVAL_MS = 1000 / 30;

/** Everything the keyboard, the palette and the buttons can do with playback. Answers the way to take it back. */
export function registerPlaybackCommands(
  player: Player,
  medianPeriodNs: number | null,
  askWhere: () => void,
): () => void {
  const last = Math.max(0, player.times.length - 1);
  const held = holdSteps(player, medianPeriodNs);
  const stop = registerCommands({
    'play.toggle': { run: () => player.toggle(), isChecked: () => player.state().playing },
    'play.pause': { run: () => player.shuttle(0) },
    'play.backward': { run: () => player.shuttle(-1) },
    'play.forward': { run: () => player.shuttle(1) },
    'play.previousTick': held.handler(-1),
    'play.nextTick': held.handler(1),
    'play.previousTen': moves((at) => player.step(-10, at)),
    'play.nextTen': moves((at) => player.step(10, at)),
    'play.previousSecond': moves((at) => player.stepTime(-NS_PER_SECOND, at)),
    'play.nextSecond': moves((at) => player.stepTime(NS_PER_SECOND, at)),
    'play.first': moves((at) => player.seek(0, at)),
    'play.last': moves((at) => player.seek(last, at)),
    'play.goTo': { run: (argument, event) => (argument ? goTo(player, argument, event?.timeStamp) : askWhere()) },
    'play.faster': { run: () => player.setSpeed(nextSpeed(player.state().speed, 1)) },
    'play.slower': { run: () => player.setSpeed(nextSpeed(player.state().speed, -1)) },
    'play.normalSpeed': { run: () => player.setSpeed(1) },
    'play.in': { run: () => select(withStart(useTimeline.getState().selection, player.commandedTick(), last)) },
    'play.out': { run: () => select(withEnd(useTimeline.getState().selection, player.commandedTick())) },
    'play.clearSelection': {
      run: () => {
        select(null);
        player.setLoop(null);
      },
      isEnabled: () => useTimeline.getState().selection !== null || player.state().loop !== null,
    },
    'play.loop': { run: () => toggleLoop(player), isChecked: () => player.state().loop !== null },
    'play.previousFinding': toPlace(player, -1),
    'play.nextFinding': toPlace(player, 1),
    'timeline.zoomIn': { run: () => zoom(player, 1 / ZOOM_STEP) },
    'timeline.zoomOut': { run: () => zoom(player, ZOOM_STEP), isEnabled: isZoomed },
    'timeline.fit': { run: () => setTimelineWindow(useTimeline.getState().bounds), isEnabled: isZoomed },
  });
  const stopOffering = registerOffers(() => {
    const { speed } = player.state();
    return SPEEDS.map((size) => ({
      ...{
        id: `speed/${size}`,
        title: `Speed: ${formatSpeed(size)}`,
        group: 'Playback',
        isChecked: size === Math.abs(speed),
      },
      run: () => player.setSpeed(speed < 0 ? -size : size),
    }));
  });
  // A loop that was made from the selection goes with it.
  const stopFollowing = useTimeline.subscribe((now, before) => {
    const { bounds } = now;
    if (now.selection !== before.selection || isWhole(now.window, bounds) !== isWhole(before.window, before.bounds)) {
      commandsMayHaveChanged();
    }
    if (now.selection === before.selection || !player.state().loop) return;
    player.setLoop(now.selection);
  });
  const stopWatching = player.subscribe(commandsMayHaveChanged);
  return () => {
    stop();
    stopOffering();
    stopFollowing();
    stopWatching();
    held.dispose();
  };
}

/** Goes where the text says; answers whether it said anything. */
export function goTo(player: Player, text: string, inputAt?: number): boolean {
  const target = parseGoTo(text);
  if (!target) return false;
  player.seek(resolveGoTo(target, player.times, player.commandedTick()), inputAt);
  return true;
}

function moves(run: (inputAt?: number) => void): CommandHandler {
  return { run: (_argument, event) => run(event?.timeStamp) };
}

function toPlace(player: Player, direction: -1 | 1): CommandHandler {
  return {
    run: (_argument, event) => {
      const tick = placeFrom(placesToSee(), player.commandedTick(), direction);
      if (tick === undefined)
        notify(
          'info',
          direction > 0 ? 'No problem or mark after this moment.' : 'No problem or mark before this moment.',
        );
      else player.seek(tick, event?.timeStamp);
    },
    isEnabled: () => placesToSee().length > 0,
  };
}

function toggleLoop(player: Player): void {
  if (player.state().loop) {
    player.setLoop(null);
    return;
  }
  player.setLoop(useTimeline.getState().selection ?? [0, Math.max(0, player.times.length - 1)]);
}

function isZoomed(): boolean {
  const { window, bounds } = useTimeline.getState();
  return !isWhole(window, bounds);
}

/** About the playhead where it is in sight, else about the middle. */
function zoom(player: Player, factor: number): void {
  const { window, bounds } = useTimeline.getState();
  const playhead = player.times[player.commandedTick()] ?? 0;
  const isInSight = playhead >= window.startNs && playhead <= window.endNs;
  const anchor = isInSight ? playhead : (window.startNs + window.endNs) / 2;
  setTimelineWindow(zoomAbout(window, bounds, anchor, factor));
}

function holdSteps(player: Player, medianPeriodNs: number | null) {
  const periodMs = (medianPeriodNs ?? 0) / 1e6 || HELD_INTERVAL_MS;
  const steps = new HeldSteps({
    step: (direction, inputAt) => player.step(direction, inputAt),
    isCaughtUp: () => player.shown()?.header.tick === player.commandedTick(),
    intervalMs: Math.min(periodMs, HELD_INTERVAL_MS),
    now: () => performance.now(),
    requestFrame: (callback) => requestAnimationFrame(callback),
    cancelFrame: (handle) => cancelAnimationFrame(handle),
  });
  const release = () => steps.release();
  window.addEventListener('keyup', release);
  window.addEventListener('blur', release);
  return {
    handler: (direction: -1 | 1): CommandHandler => ({
      run: (_argument, event) => {
        if (event?.repeat) steps.repeat(direction);
        else {
          steps.release();
          player.step(direction, event?.timeStamp);
        }
      },
    }),
    dispose() {
      steps.release();
      window.removeEventListener('keyup', release);
      window.removeEventListener('blur', release);
    },
  };
}
