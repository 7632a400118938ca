import type { KeyboardEvent } from 'react';
import { tickAfter } from '../../../shared/review/marker-edits.ts';
import { marksShown, moveTo, selectMark, useMarks } from '../../marks/marks-state.ts';
import { type MarkPart, tickOf } from '../../marks/move-gestures.ts';
import type { TimelineSurface } from '../surface.ts';
import styles from './Marks.module.css';
import { momentText, type Segment } from './segments.ts';
import { tickOfPart } from './snapping.ts';

const WORDS: Readonly<Record<MarkPart, string>> = {
  start: 'Start',
  event: 'Event',
  handOff: 'Hand-off',
  end: 'End',
};

interface EdgeSliderProps extends Pick<Segment, 'map' | 'id' | 'first' | 'last' | 'event' | 'handOff' | 'subject'> {
  edge: MarkPart;
  /** It is what keys move. */
  isChosen: boolean;
  isTabbable: boolean;
  surface: TimelineSurface;
}

/** A part of the segment in hand that arrows move: by a tick, with Alt ten, with Shift a second. Presses that follow each other are one step. */
export function EdgeSlider(props: EdgeSliderProps) {
  const { map, id, edge, isChosen, isTabbable, surface, subject, first, last } = props;
  const { times } = surface.model;
  const tick = tickOfPart(props, edge) ?? 0;
  const [least, most] = [edge === 'end' ? first : 0, edge === 'start' ? last : times.length - 1];

  const onKeyDown = (pressed: KeyboardEvent<HTMLElement>) => {
    if (pressed.key === 'Escape' && useMarks.getState().moving === null) {
      pressed.preventDefault();
      pressed.currentTarget.closest<HTMLElement>('[data-segment]')?.focus({ preventScroll: true });
      return;
    }
    const now = tickOf(marksShown() ?? NOTHING, map, id, edge);
    const to = now === null ? undefined : reached(pressed, now, { times, least, most });
    if (to === undefined) return;
    pressed.preventDefault();
    pressed.stopPropagation();
    moveTo(map, id, edge, to, { inputAt: pressed.timeStamp, isResting: true });
  };

  return (
    <span
      role="slider"
      tabIndex={isTabbable ? 0 : -1}
      aria-label={`${WORDS[edge]} of ${subject}`}
      aria-orientation="horizontal"
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={tick}
      aria-valuetext={momentText(times, tick)}
      className={styles.grip}
      data-part={edge}
      data-tick={tick}
      data-chosen={isChosen || undefined}
      onFocus={() => selectMark(map, id, edge)}
      onKeyDown={onKeyDown}
    />
  );
}

const NOTHING = { failures: {}, recoveries: {}, taskMarks: {} };

/** The tick that a key of a slider leads to; undefined for any other key. */
function reached(
  { code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent,
  from: number,
  { times, least, most }: { times: Float64Array; least: number; most: number },
): number | undefined {
  if (ctrlKey || metaKey) return undefined;
  if (code === 'Home') return least;
  if (code === 'End') return most;
  const second = { PageDown: -1, PageUp: 1 }[code];
  if (second !== undefined) return tickAfter(times, from, second);
  const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[code];
  if (direction === undefined) return undefined;
  return shiftKey ? tickAfter(times, from, direction) : from + direction * (altKey ? 10 : 1);
}
