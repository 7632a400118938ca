import { type Ref, type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef } from 'react';
import { writeText } from '../../design/write-text.ts';
import type { Player } from '../../playback/player.ts';
import { createFramePainter } from '../../timeline/frame-painter.ts';
import { LEAST_PLOT_PX, layoutLegend, shortNames } from './legend-layout.ts';
import styles from './SeriesPane.module.css';
import { bandFacts, formatValue, type SeriesCurve, valueAt } from './series-curves.ts';

export interface LegendHandle {
  /** Values of a moment under the pointer instead of those at the playhead; null: the playhead's again. */
  pointAt(timeNs: number | null): void;
}

/** Figures that change faster cannot be read, and cost the pictures their time. */
const PLAYING_EVERY_MS = 100;
const LEGEND_PADDING_PX = 5;
/** The clicks of a double-click come before it: what they do and undo again is not saved. */
const DOUBLE_CLICK_MS = 240;

/**
 * Names and values of the components, beside the plot. A click hides or shows one; a double-click, Alt-click or
 * Alt+Enter shows it alone. Values are written past React: they change with every tick.
 */
export function Legend({
  title,
  curves,
  hidden,
  player,
  onToggle,
  onSolo,
  ref,
}: {
  title: string;
  curves: readonly SeriesCurve[];
  hidden: readonly string[];
  player: Player;
  onToggle(id: string): void;
  onSolo(id: string): void;
  ref: Ref<LegendHandle>;
}) {
  const values = useRef(new Map<string, HTMLElement>());
  const pointed = useRef<number | null>(null);
  const write = useRef(() => {});
  const clicking = useRef<number | undefined>(undefined);
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    let writtenAt = 0;
    write.current = () => {
      const timeNs = pointed.current ?? player.shown()?.header.timeNs;
      if (timeNs === undefined) return;
      writtenAt = performance.now();
      for (const curve of curves) {
        const element = values.current.get(curve.id);
        if (element) writeText(element, formatValue(curve, valueAt(curve, timeNs)));
      }
      list.current?.toggleAttribute('data-pointed', pointed.current !== null);
    };
    const painter = createFramePainter(
      () => {
        if (player.state().playing && performance.now() - writtenAt < PLAYING_EVERY_MS) return;
        write.current();
      },
      () => player.state().playing,
    );
    const stops = [player.onShown(() => painter.request()), player.subscribe(() => painter.request())];
    write.current();
    return () => {
      for (const stop of stops) stop();
      painter.cancel();
    };
  }, [curves, player]);
  useEffect(() => () => window.clearTimeout(clicking.current), []);

  useImperativeHandle(ref, () => ({
    pointAt(timeNs) {
      pointed.current = timeNs;
      write.current();
    },
  }));

  const bands = useMemo(() => new Map(curves.map((curve) => [curve.id, bandsOf(curve)])), [curves]);
  const hasBands = curves.some(({ band }) => band);
  const short = useMemo(() => shortNames(curves.map(({ name }) => name)), [curves]);
  const period = curves.find(({ band, limit }) => band && limit);
  useLegendLayout(list, curves, hasBands);
  const widest = Math.max(4, ...curves.map((curve) => widestOf(curve)));

  const press = (id: string, event: { altKey: boolean; detail: number }) => {
    window.clearTimeout(clicking.current);
    if (event.altKey || event.detail === 2) onSolo(id);
    // A key has no second click to wait for.
    else if (event.detail === 0) onToggle(id);
    else if (event.detail === 1) clicking.current = window.setTimeout(() => onToggle(id), DOUBLE_CLICK_MS);
  };

  return (
    <ul
      ref={list}
      className={styles.legend}
      aria-label={`Components of ${title}`}
      data-bands={hasBands || undefined}
      data-alone={curves.length === 1 || undefined}
      style={{ ['--value-width' as string]: `${widest}ch` }}
    >
      {hasBands ? (
        <li className={styles.heads} aria-hidden="true">
          <span>now</span>
          <span>mean</span>
          <span>p95</span>
          <span>max</span>
        </li>
      ) : null}
      {curves.map((curve, index) => (
        <li key={curve.id} className={styles.entry} data-hidden={hidden.includes(curve.id) || undefined}>
          <button
            type="button"
            className={styles.component}
            aria-label={curve.name}
            aria-pressed={!hidden.includes(curve.id)}
            title={`${curve.name}: click to hide or show, double-click for this one alone`}
            onClick={(event) => press(curve.id, event)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !event.altKey) return;
              event.preventDefault();
              onSolo(curve.id);
            }}
          >
            <span
              className={styles.swatch}
              data-line={curve.band ?? curve.style}
              style={{ color: `var(--series-${curve.hue + 1})` }}
            />
            <span className={styles.name}>{short[index]}</span>
          </button>
          <span
            className={styles.value}
            data-testid="value"
            ref={(element) => {
              if (element) values.current.set(curve.id, element);
              else values.current.delete(curve.id);
            }}
          />
          {hasBands ? bands.get(curve.id)?.map(([word, text]) => <Figure key={word} word={word} text={text} />) : null}
        </li>
      ))}
      {period?.limit ? (
        <li className={styles.entry} title="What a loop may take; a sign at the top marks where it took longer">
          <span className={styles.fact}>
            <span className={styles.swatch} data-line="limit" />
            <span className={styles.name}>Period</span>
          </span>
          <span className={styles.value}>{formatValue(period, period.limit.max)}</span>
          {[1, 2, 3].map((column) => (
            <span key={column} className={styles.figure} />
          ))}
        </li>
      ) : null}
    </ul>
  );
}

/** Sets columns, rows and the length of names for the room there is, as that changes. */
function useLegendLayout(list: RefObject<HTMLUListElement | null>, curves: readonly SeriesCurve[], isTable: boolean) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: other curves have other names to be measured
  useLayoutEffect(() => {
    const element = list.current;
    const body = element?.parentElement;
    if (!element || !body) return;
    const names = [...element.querySelectorAll<HTMLElement>(`.${styles.name}`)];
    const value = element.querySelector<HTMLElement>(`.${styles.value}`);
    const follow = () => {
      const room = { widthPx: body.clientWidth, heightPx: body.clientHeight - LEGEND_PADDING_PX };
      const layout = layoutLegend({
        ...room,
        // What a name takes whole, whether or not it is cut now.
        namesPx: names.map((name) => name.scrollWidth),
        valuePx: value?.offsetWidth ?? 0,
      });
      // Mean, p95 and largest go together, before any of them is cut or the plot is squeezed.
      element.removeAttribute('data-brief');
      const isCut = element.scrollWidth > element.clientWidth || body.clientWidth - element.offsetWidth < LEAST_PLOT_PX;
      element.toggleAttribute('data-brief', isTable && isCut);
      element.style.setProperty('--rows', String(isTable ? element.childElementCount : layout.rows));
      element.style.setProperty('--name-most', `${layout.nameMostPx}px`);
    };
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(body);
    return () => observer.disconnect();
  }, [list, curves, isTable]);
}

function Figure({ word, text }: { word: string; text: string }) {
  return (
    <span className={styles.figure}>
      <span className={styles.spoken}>{word} </span>
      {text}
    </span>
  );
}

function bandsOf(curve: SeriesCurve): [string, string][] {
  const facts = bandFacts(curve);
  const text = (value: number | undefined) => (value === undefined ? '–' : formatValue(curve, value));
  return [
    ['mean', text(facts?.mean)],
    ['p95', text(facts?.p95)],
    ['max', text(facts?.max)],
  ];
}

/** Room for the longest value, so that nothing moves when a sign comes. */
function widestOf(curve: SeriesCurve): number {
  let most = 0;
  let isNegative = false;
  for (const value of Array.from(curve.signal.values)) {
    if (!(Math.abs(value) > most) && value >= 0) continue;
    if (value < 0) isNegative = true;
    most = Math.max(most, Math.abs(value) || 0);
  }
  return most.toFixed(curve.digits).length + (isNegative ? 1 : 0);
}
