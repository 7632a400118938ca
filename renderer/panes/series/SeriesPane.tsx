import 'uplot/dist/uPlot.min.css';
import { useEffect, useMemo, useRef } from 'react';
import type { MenuEntry } from '../../design/index.ts';
import { PaneFrame } from '../PaneFrame.tsx';
import plotStyles from '../plots/PlotPane.module.css';
import { PlotView, showWhole } from '../plots/plot-view.ts';
import { useStage } from '../stage-context.ts';
import { soloed, toggled } from './hide-and-solo.ts';
import { Legend, type LegendHandle } from './Legend.tsx';
import styles from './SeriesPane.module.css';
import { seriesCurves } from './series-curves.ts';
import { seriesDrawing } from './series-lines.ts';

/** Numbers over time: the components of one group of series (or of two that share names), with their values at the playhead. */
export function SeriesPane({
  pane,
  groups,
  hidden,
  menu,
  onHide,
}: {
  pane: string;
  groups: readonly string[];
  /** Ids of components that are not drawn. */
  hidden: readonly string[];
  menu: readonly MenuEntry[];
  onHide(hidden: string[]): void;
}) {
  const { open } = useStage();
  const host = useRef<HTMLDivElement>(null);
  const legend = useRef<LegendHandle>(null);
  const named = groups.join('\n');
  const curves = useMemo(() => seriesCurves(open, named.split('\n')), [open, named]);
  const hiddenKey = hidden.join('\n');
  const shown = useMemo(() => {
    const out = new Set(hiddenKey.split('\n'));
    return curves.filter(({ id }) => !out.has(id));
  }, [curves, hiddenKey]);
  const subject = useMemo(() => {
    const shownGroups = named.split('\n');
    return { series: open.episode.series.filter(({ group }) => shownGroups.includes(group)).map(({ id }) => id) };
  }, [open, named]);
  const ids = useMemo(() => curves.map(({ id }) => id), [curves]);
  const title = groups.join(' + ');
  const units = [...new Set(curves.map(({ unit }) => unit))];

  useEffect(() => {
    if (!host.current) return;
    const view = new PlotView({
      host: host.current,
      title,
      player: open.player,
      ...seriesDrawing(shown),
      marks: shown.some(({ band }) => band) ? open.episode.marks.filter(({ kind }) => kind === 'overrun') : [],
      onMoment: (timeNs) => legend.current?.pointAt(timeNs),
    });
    return () => view.remove();
  }, [open, shown, title]);

  const isHidden = hidden.some((id) => ids.includes(id));
  return (
    <PaneFrame
      pane={pane}
      title={title}
      subject={subject}
      keepsBodyFree
      {...(units.length === 1 && units[0] ? { unit: units[0] } : {})}
      menu={[
        { label: 'Show the whole recording', onSelect: showWhole },
        {
          label: 'Show all components',
          disabled: !isHidden,
          onSelect: () => onHide(hidden.filter((id) => !ids.includes(id))),
        },
        'separator',
        ...menu,
      ]}
      extra={<span className={styles.count}>{isHidden ? `${shown.length} of ${curves.length}` : ''}</span>}
    >
      <div className={styles.body}>
        <div className={styles.plot}>
          <div ref={host} role="img" className={plotStyles.area} />
        </div>
        <Legend
          ref={legend}
          title={title}
          curves={curves}
          hidden={hidden}
          player={open.player}
          onToggle={(id) => onHide(toggled(ids, hidden, id))}
          onSolo={(id) => onHide(soloed(ids, hidden, id))}
        />
      </div>
      {curves.length === 0 || curves.every(({ signal }) => signal.times.length === 0) ? (
        <p className={plotStyles.nothing}>Nothing of this was recorded.</p>
      ) : null}
    </PaneFrame>
  );
}
