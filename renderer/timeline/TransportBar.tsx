import {
  ArrowLeftToLine,
  ArrowRightToLine,
  ChevronDown,
  ChevronFirst,
  ChevronLast,
  ChevronLeft,
  ChevronRight,
  FastForward,
  Minus,
  OctagonX,
  Pause,
  Play,
  Plus,
  Repeat,
  Rewind,
  SkipBack,
  SkipForward,
  TriangleAlert,
  X,
} from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { masterClockOf } from '../../shared/episode/episode.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { CommandButton, useKeyLabel } from '../commands/CommandButton.tsx';
import { runCommand } from '../commands/registry.ts';
import { Badge, Button, Menu, Tooltip, VisuallyHidden } from '../design/index.ts';
import { writeText } from '../design/write-text.ts';
import type { Player, PlayerState } from '../playback/player.ts';
import { createFramePainter } from './frame-painter.ts';
import { GoToDialog } from './GoToDialog.tsx';
import { registerPlaybackCommands } from './playback-commands.ts';
import { useTimeline } from './selection.ts';
import { formatRate, formatSpeed, isShort, SPEEDS, shortfall } from './speeds.ts';
import styles from './TransportBar.module.css';

/** Play, step, speed, loop, and where one is. Nothing of it is rendered by React at the pace of play. */
export function TransportBar() {
  const open = useSession((session) => session.open);
  if (!open) return <div role="toolbar" aria-label="Transport" className={styles.bar} />;
  return <EpisodeTransport key={`${open.episode.id} ${open.revision}`} open={open} />;
}

function EpisodeTransport({ open }: { open: OpenEpisode }) {
  const { player, episode } = open;
  const [isAsking, setAsking] = useState(false);
  const isPlaying = usePlayerState(player, ({ playing }) => playing);
  const isLooping = usePlayerState(player, ({ loop }) => loop !== null);
  const period = masterClockOf(episode).medianPeriodNs;
  useEffect(() => registerPlaybackCommands(player, period, () => setAsking(true)), [player, period]);
  const playKey = useKeyLabel('play.toggle');
  return (
    <div role="toolbar" aria-label="Transport" className={styles.bar}>
      <div className={styles.group}>
        <CommandButton id="play.first" icon={<ChevronFirst size={16} />} />
        <CommandButton id="play.previousFinding" icon={<Marked icon={<SkipBack size={13} />} />} />
        <span className={styles.wide}>
          <CommandButton id="play.backward" icon={<Rewind size={15} />} />
        </span>
        <CommandButton id="play.previousTick" icon={<ChevronLeft size={16} />} />
        <Tooltip content={isPlaying ? 'Pause' : 'Play'} keyLabel={playKey}>
          <Button
            tone="primary"
            className={styles.play}
            aria-label={isPlaying ? 'Pause' : 'Play'}
            onClick={() => runCommand('play.toggle')}
            icon={isPlaying ? <Pause size={15} fill="currentColor" /> : <Play size={15} fill="currentColor" />}
          />
        </Tooltip>
        <CommandButton id="play.nextTick" icon={<ChevronRight size={16} />} />
        <span className={styles.wide}>
          <CommandButton id="play.forward" icon={<FastForward size={15} />} />
        </span>
        <CommandButton id="play.nextFinding" icon={<Marked icon={<SkipForward size={13} />} />} />
        <CommandButton id="play.last" icon={<ChevronLast size={16} />} />
      </div>
      <ReadOut player={player} onGoTo={() => setAsking(true)} />
      <div className={styles.group}>
        <SpeedControl player={player} />
      </div>
      <div className={`${styles.group} ${styles.range}`}>
        <CommandButton id="play.in" icon={<ArrowLeftToLine size={15} />} />
        <CommandButton id="play.out" icon={<ArrowRightToLine size={15} />} />
        <CommandButton
          id="play.loop"
          icon={<Repeat size={15} />}
          pressed={isLooping}
          label={isLooping ? 'Stop looping' : 'Loop the selection'}
        />
        <SelectionLength player={player} />
      </div>
      <div className={styles.slack} />
      <Condition player={player} />
      <GoToDialog open={isAsking} onOpenChange={setAsking} player={player} />
    </div>
  );
}

/** One part of the player's state; a component renders when that changes and not for the achieved rate, twice a second. */
function usePlayerState<Part extends string | number | boolean | null>(
  player: Player,
  partOf: (state: PlayerState) => Part,
): Part {
  const subscribe = useCallback((listener: () => void) => player.subscribe(listener), [player]);
  return useSyncExternalStore(subscribe, () => partOf(player.state()));
}

/** The two jumps between problems look unlike the jumps to the ends. */
function Marked({ icon }: { icon: ReactNode }) {
  return (
    <span className={styles.marked}>
      {icon}
      <TriangleAlert size={8} aria-hidden />
    </span>
  );
}

/** Time and tick of the picture that is on screen, written straight to the page. A press asks where to go. */
function ReadOut({ player, onGoTo }: { player: Player; onGoTo(): void }) {
  const time = useRef<HTMLSpanElement>(null);
  const tick = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const key = useKeyLabel('play.goTo');
  const lastTick = Math.max(0, player.times.length - 1);
  useEffect(() => {
    const painter = createFramePainter(
      () => {
        const commanded = player.commandedTick();
        const shown = player.shown()?.header.tick ?? commanded;
        if (time.current) writeText(time.current, formatTime(player.times[shown] ?? 0));
        if (tick.current) writeText(tick.current, String(shown));
        button.current?.toggleAttribute('data-behind', shown !== commanded);
      },
      () => player.state().playing,
    );
    const stops = [player.onShown(painter.request), player.onCommanded(painter.requestWithPictures)];
    painter.request();
    return () => {
      painter.cancel();
      for (const stop of stops) stop();
    };
  }, [player]);
  return (
    <Tooltip content="Go to a tick or time…" keyLabel={key}>
      <button ref={button} type="button" className={styles.readOut} onClick={onGoTo}>
        <VisuallyHidden>Go to, now at </VisuallyHidden>
        <span ref={time} className={styles.time} data-testid="shown-time">
          –
        </span>
        <span className={styles.total}>/ {formatTime(player.times[lastTick] ?? 0)}</span>
        <span className={styles.tickLabel}>
          tick{' '}
          <span ref={tick} data-testid="shown-tick" style={{ minWidth: `${String(lastTick).length}ch` }}>
            –
          </span>
        </span>
        <span className={styles.total}>/ {lastTick}</span>
      </button>
    </Tooltip>
  );
}

function SpeedControl({ player }: { player: Player }) {
  const speed = usePlayerState(player, (state) => state.speed);
  const size = Math.abs(speed);
  return (
    <>
      <span className={styles.stepper}>
        <CommandButton id="play.slower" icon={<Minus size={13} />} size="s" />
      </span>
      <Menu
        entries={[
          { heading: 'Speed' },
          ...SPEEDS.map((candidate) => ({
            label: formatSpeed(candidate),
            checked: candidate === size,
            onSelect: () => player.setSpeed(speed < 0 ? -candidate : candidate),
          })),
        ]}
      >
        <Button size="s" tone="ghost" className={styles.speed} aria-label={`Speed ${formatSpeed(speed)}`}>
          {formatSpeed(speed)}
          <ChevronDown size={11} aria-hidden />
        </Button>
      </Menu>
      <span className={styles.stepper}>
        <CommandButton id="play.faster" icon={<Plus size={13} />} size="s" />
      </span>
    </>
  );
}

function SelectionLength({ player }: { player: Player }) {
  const selection = useTimeline((timeline) => timeline.selection);
  if (!selection) return null;
  const [from, to] = selection;
  const ns = (player.times[to] ?? 0) - (player.times[from] ?? 0);
  return (
    <span className={styles.selection}>
      {formatTime(ns)}
      <small>
        {from}–{to}
      </small>
      <span className={styles.stepper}>
        <CommandButton id="play.clearSelection" icon={<X size={12} />} size="s" />
      </span>
    </span>
  );
}

const READ_EVERY_MS = 250;

const PIXELS: Readonly<Record<PlayerState['pixels'], { word: string; rest: string; detail: string }>> = {
  stored: { word: 'Stored', rest: 'pixels', detail: 'Every pixel as it is stored in the recording.' },
  scaled: {
    word: 'Scaled',
    rest: 'pixels',
    detail: 'Pictures are averaged down to the size of their panes to keep the rate; at rest the stored pixels return.',
  },
  decoded: {
    word: 'Decoded',
    rest: 'video',
    detail: 'The exact frame of each moment, decoded here; its colours are as its encoder left them.',
  },
  mixed: {
    word: 'Stored',
    rest: 'and video',
    detail: 'Some panes show stored pixels, others frames decoded of a video.',
  },
};

/** What falls short: the achieved rate, scaled pixels, ticks that cannot be had. */
function Condition({ player }: { player: Player }) {
  const isPlaying = usePlayerState(player, ({ playing }) => playing);
  const pixels = usePlayerState(player, (state) => state.pixels);
  const fault = usePlayerState(player, (state) => state.fault);
  return (
    <div className={styles.condition}>
      {fault ? (
        <Tooltip content={fault}>
          <span role="alert" className={styles.fault}>
            <OctagonX size={13} aria-hidden />
            <span>{fault}</span>
          </span>
        </Tooltip>
      ) : null}
      {isPlaying ? <Achieved player={player} /> : null}
      <Tooltip content={PIXELS[pixels].detail}>
        <span className={isPlaying ? (pixels === 'scaled' ? styles.toldInPanes : styles.unhurried) : undefined}>
          <Badge tone={pixels === 'scaled' ? 'warning' : 'neutral'}>
            {PIXELS[pixels].word}
            <span className={styles.pixelsLong}> {PIXELS[pixels].rest}</span>
          </Badge>
        </span>
      </Tooltip>
    </div>
  );
}

function Achieved({ player }: { player: Player }) {
  const box = useRef<HTMLSpanElement>(null);
  const speed = useRef<HTMLSpanElement>(null);
  const rate = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const read = () => {
      if (!box.current || !speed.current || !rate.current) return;
      const state = player.state();
      const slow = shortfall(state.speed, state.achievedSpeed);
      const { achievedTicksPerSecond: ticks, wantedTicksPerSecond: wanted } = state;
      box.current.toggleAttribute('data-slow', slow !== undefined);
      box.current.toggleAttribute('data-short', slow !== undefined || isShort(wanted, ticks));
      writeText(speed.current, slow ? `${slow} · ` : '');
      writeText(rate.current, formatRate(slow ? 0 : wanted, ticks));
    };
    read();
    const timer = window.setInterval(read, READ_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [player]);
  return (
    <Tooltip content="Ticks really shown each second: of how many where some are left out to keep the speed, after the speed really reached where it falls short.">
      <span ref={box} className={styles.achieved} data-testid="achieved">
        <span className={styles.reaches}>reaches </span>
        <span ref={speed} />
        <span ref={rate} />
      </span>
    </Tooltip>
  );
}
