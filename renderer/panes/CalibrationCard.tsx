import { X } from 'lucide-react';
import type { OpenEpisode } from '../app/session.ts';
import { IconButton } from '../design/index.ts';
import styles from './CalibrationCard.module.css';
import { useChosenCalibration } from './calibration-choice.ts';
import { usePaneState } from './pane-state.ts';

/** After a click where the sensor really is: how far off every calibration folder puts it, best first. */
export function CalibrationCard({ open }: { open: OpenEpisode }) {
  const measurement = usePaneState((state) => state.measurement);
  const used = useChosenCalibration(open);
  if (!measurement || measurement.results.length === 0) return null;
  const stream = open.episode.streams.find(({ id }) => id === measurement.stream);
  return (
    <aside className={styles.card} aria-label="Residual by calibration folder">
      <h3 className={styles.title}>
        Residual in {stream?.name ?? measurement.stream}, tick {measurement.tick}
        <IconButton
          label="Close"
          size="s"
          icon={<X size={12} />}
          onClick={() => usePaneState.setState({ measurement: null })}
        />
      </h3>
      <table className={styles.rows}>
        <tbody>
          {measurement.results.map(({ calibration, name, side, residualPx }) => (
            <tr key={calibration} data-used={calibration === used?.id}>
              <td>
                {name}
                {calibration === used?.id ? ' (in use)' : ''}
              </td>
              <td>{side} sensor</td>
              <td>{residualPx.toFixed(1)} px</td>
            </tr>
          ))}
        </tbody>
      </table>
    </aside>
  );
}
