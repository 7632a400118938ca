import 'uplot/dist/uPlot.min.css';
import { useEffect, useMemo, useRef } from 'react';
import { DEFAULT_DETECT_SETTINGS } from '../../../shared/detect/settings.ts';
import type { OpenEpisode } from '../../app/session.ts';
import { useSignals } from '../../signals/signals-state.ts';
import { useFindings } from '../findings-state.ts';
import type { QueueEvent } from '../queue.ts';
import { useTrial } from '../thresholds/trial-state.ts';
import { type Evidence, type EvidencePlot, evidenceOf, type Hue, short } from './evidence.ts';
import { EvidenceView, valueAt } from './evidence-view.ts';
import { plotInWords } from './evidence-words.ts';
import styles from './FindingPlot.module.css';

/** The numbers behind the event in hand, with what they were held against; nothing where no number speaks for it. */
export function FindingPlot({ event, open }: { event: QueueEvent; open: OpenEpisode }) {
  const { state, signals } = useSignals();
  const settings = useTrial((trial) => trial.settings);
  const stored = useFindings((findings) => findings.detected?.settings);
  const { episode, arrays } = open;
  const inForce = settings ?? stored ?? DEFAULT_DETECT_SETTINGS;
  const evidence = useMemo(
    () => evidenceOf(event, { episode, arrays, signals, settings: inForce }),
    [event, episode, arrays, signals, inForce],
  );
  const { plots, lacksSignals } = evidence;
  if (plots.length === 0 && !lacksSignals) return null;
  return (
    <div className={styles.plots}>
      {plots.map((plot, at) => (
        <Plot key={plot.title} plot={plot} evidence={evidence} open={open} isLast={at === plots.length - 1} />
      ))}
      {lacksSignals ? (
        <p className={styles.note}>
          {typeof state === 'object' ? state.fault : null}
          {state === 'missing'
            ? 'What was seen in the pictures is not stored any more: detect again to have it here.'
            : null}
          {state === 'loading' || state === 'none' ? 'Reading what was seen in the pictures…' : null}
        </p>
      ) : null}
    </div>
  );
}

function Plot({
  plot,
  evidence,
  open,
  isLast,
}: {
  plot: EvidencePlot;
  evidence: Evidence;
  open: OpenEpisode;
  isLast: boolean;
}) {
  const host = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const view = new EvidenceView({
      ...{ host: host.current, evidence, plot, player: open.player, hasTime: isLast },
      onTick: (timeNs, isInside) => {
        if (!readout.current) return;
        const values = plot.lines.map((line) => short(valueAt(line, timeNs)));
        readout.current.textContent = isInside
          ? values.map((value) => (value === 'NaN' ? '–' : value)).join(' · ')
          : '';
      },
    });
    return () => view.remove();
  }, [open, plot, evidence, isLast]);
  const isMany = plot.lines.length > 1;
  return (
    <figure className={styles.plot}>
      <figcaption className={styles.caption}>
        <span className={styles.title} title={plot.title}>
          {plot.title}
        </span>
        <span className={styles.unit}>{plot.unit}</span>
        <span ref={readout} className={styles.readout} title="At the playhead" />
      </figcaption>
      {isMany || plot.repeats.some(({ times }) => times.length > 0) ? (
        <div className={styles.legend}>
          {isMany
            ? plot.lines.map(({ label, hue }, at) => (
                <span key={label}>
                  <i data-hue={hueName(hue)} data-dash={at % 3} /> {label}
                </span>
              ))
            : null}
          {plot.repeats.some(({ times }) => times.length > 0) ? (
            <span>marks at the foot: repeated pictures</span>
          ) : null}
        </div>
      ) : null}
      <div
        ref={host}
        role="img"
        aria-label={plotInWords(plot, evidence)}
        className={styles.area}
        data-time={isLast || undefined}
      />
    </figure>
  );
}

function hueName(hue: Hue): string {
  return typeof hue === 'number' ? `series-${(hue % 7) + 1}` : hue;
}
