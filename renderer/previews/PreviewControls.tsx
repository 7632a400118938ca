import {
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  Microscope,
  Minus,
  Pause,
  Play,
  Plus,
  SkipBack,
  SkipForward,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { CommandButton, useCommandEnabled, useKeyLabel } from '../commands/CommandButton.tsx';
import { runCommand } from '../commands/registry.ts';
import { Button, Keys, Menu, Tooltip } from '../design/index.ts';
import { writeText } from '../design/write-text.ts';
import { formatSpeed } from '../timeline/speeds.ts';
import { FLAG_ICONS } from './flag-icons.tsx';
import { usePlayerState } from './PreviewStage.tsx';
import styles from './Previews.module.css';
import { PREVIEW_SPEEDS } from './preview-player.ts';
import { player } from './preview-state.ts';
import { ScrubBar } from './ScrubBar.tsx';

/** Scrub bar, transport, and a button for every flag. */
export function PreviewControls() {
  const isPlaying = usePlayerState((state) => state.isPlaying);
  const isLoaded = usePlayerState((state) => state.isLoaded);
  const playKey = useKeyLabel('play.toggle');
  return (
    <>
      <ScrubBar />
      <div role="toolbar" aria-label="Preview" className={styles.controls}>
        <div className={styles.group}>
          <CommandButton
            id="view.previousEpisode"
            label="Previous preview"
            icon={<SkipBack size={14} />}
            tooltipSide="top"
          />
          <CommandButton id="play.previousTick" icon={<ChevronLeft size={16} />} tooltipSide="top" />
          <Tooltip content={isPlaying ? 'Pause' : 'Play'} keyLabel={playKey} side="top">
            <Button
              tone="primary"
              className={styles.play}
              aria-label={isPlaying ? 'Pause' : 'Play'}
              aria-disabled={!isLoaded}
              onClick={() => runCommand('play.toggle')}
              icon={isPlaying ? <Pause size={15} fill="currentColor" /> : <Play size={15} fill="currentColor" />}
            />
          </Tooltip>
          <CommandButton id="play.nextTick" icon={<ChevronRight size={16} />} tooltipSide="top" />
          <CommandButton
            id="view.nextEpisode"
            label="Next preview"
            icon={<SkipForward size={14} />}
            tooltipSide="top"
          />
        </div>
        <ReadOut />
        <div className={styles.group}>
          <span className={styles.stepper}>
            <CommandButton id="play.slower" icon={<Minus size={13} />} size="s" tooltipSide="top" />
          </span>
          <Speed />
          <span className={styles.stepper}>
            <CommandButton id="play.faster" icon={<Plus size={13} />} size="s" tooltipSide="top" />
          </span>
        </div>
        <span className={styles.slack} />
        <div className={styles.group}>
          <FlagButton id="flag.occlusion" kind="occlusion" word="Occlusion" />
          <FlagButton id="flag.dropout" kind="ot_dropout" word="Dropout" />
          <FlagButton id="flag.exposure" kind="exposure" word="Exposure" />
          <FlagButton id="flag.activeSide" kind="active_side" word="Side" />
        </div>
        <StoredPixels />
      </div>
    </>
  );
}

function Speed() {
  const speed = usePlayerState((state) => state.speed);
  return (
    <Menu
      entries={[
        { heading: 'Speed' },
        ...PREVIEW_SPEEDS.map((candidate) => ({
          label: formatSpeed(candidate),
          checked: candidate === speed,
          onSelect: () => player.setSpeed(candidate),
        })),
      ]}
    >
      <Button size="s" tone="ghost" className={styles.speed} aria-label={`Speed ${formatSpeed(speed)}`}>
        {formatSpeed(speed)}
        <ChevronDown size={11} aria-hidden />
      </Button>
    </Menu>
  );
}

/** Tick and time of the frame on screen, written straight to the page. */
function ReadOut() {
  const tick = useRef<HTMLSpanElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  const last = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const write = () => {
      const at = player.tick();
      if (tick.current) writeText(tick.current, String(at));
      if (time.current) writeText(time.current, player.timeText(at));
      if (last.current) writeText(last.current, ` / ${Math.max(0, player.length() - 1)}`);
    };
    write();
    const stops = [player.onTick(write), player.subscribe(write)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <Tooltip content="Tick on screen, and its time in the video; the recorded time stands in the picture." side="top">
      <span className={styles.readOut}>
        <span ref={time} className={styles.time} />
        <span>
          tick <span ref={tick} data-testid="preview-tick" className={styles.tick} />
          <span ref={last} className={styles.last} />
        </span>
      </span>
    </Tooltip>
  );
}

function FlagButton({ id, kind, word }: { id: string; kind: keyof typeof FLAG_ICONS; word: string }) {
  const key = useKeyLabel(id);
  const enabled = useCommandEnabled(id);
  const Icon = FLAG_ICONS[kind];
  return (
    <Button
      size="s"
      className={styles.flagButton}
      icon={<Icon size={13} aria-hidden />}
      aria-disabled={!enabled}
      aria-label={kind === 'active_side' ? 'Flag the active side' : `Flag ${word.toLowerCase()}`}
      onClick={() => runCommand(id)}
    >
      <span className={styles.word}>{word}</span> <Keys label={key} />
    </Button>
  );
}

function StoredPixels() {
  const key = useKeyLabel('view.storedPixels');
  const enabled = useCommandEnabled('view.storedPixels');
  return (
    <Button
      size="s"
      className={styles.flagButton}
      icon={<Microscope size={13} aria-hidden />}
      aria-disabled={!enabled}
      aria-label="Stored pixels"
      onClick={() => runCommand('view.storedPixels')}
    >
      <span className={styles.word}>Stored pixels</span> <Keys label={key} />
    </Button>
  );
}
