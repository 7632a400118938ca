import { Check, CircleAlert } from 'lucide-react';
import { type Calibration, type CameraCalibration, isSameCamera } from '../../../shared/geometry/calibration.ts';
import { Badge, Button, EmptyState } from '../../design/index.ts';
import { formatDate } from '../format.ts';
import { type OpenEpisode, useSession } from '../session.ts';
import { patchDatasetSettings } from '../settings.ts';
import { Facts } from './Facts.tsx';
import styles from './Inspector.module.css';
import { Section } from './Section.tsx';

/** Calibration folders that could belong to the episode; one stands under the overlay. */
export function CalibrationTab({ open }: { open: OpenEpisode }) {
  const { episode, calibrations } = open;
  const place = `${episode.task}/${episode.date}`;
  const kept = useSession((session) => session.datasetSettings?.calibrations[place]);
  if (calibrations.length === 0) {
    return (
      <EmptyState title="No calibration found">
        Without camera-to-OptiTrack files nothing is projected onto the cameras. Put them into the dataset's{' '}
        <code>calibration</code> folder and open the episode again.
      </EmptyState>
    );
  }
  const inUse = kept === undefined ? calibrations[0]?.id : kept;
  const use = (id: string) => void patchDatasetSettings({ calibrations: { [place]: id } });
  return (
    <div className={styles.sections}>
      <p className={styles.lead}>
        Used for all of {place}. A folder of another day can look plausible: compare before you trust it.
      </p>
      {calibrations.map((calibration) => (
        <Folder
          key={calibration.id}
          calibration={calibration}
          isInUse={calibration.id === inUse}
          onUse={() => use(calibration.id)}
        />
      ))}
      <div className={styles.row}>
        <Button size="s" aria-pressed={inUse === ''} onClick={() => use('')}>
          Project nothing
        </Button>
        {kept === undefined ? null : (
          <Button size="s" tone="ghost" onClick={() => void patchDatasetSettings({ calibrations: { [place]: null } })}>
            Back to the default
          </Button>
        )}
      </div>
    </div>
  );
}

function Folder({ calibration, isInUse, onUse }: { calibration: Calibration; isInUse: boolean; onUse(): void }) {
  return (
    <Section title={calibration.name}>
      <div className={styles.row}>
        {isInUse ? (
          <Badge tone="accent">
            <Check size={11} aria-hidden /> in use
          </Badge>
        ) : (
          <Button size="s" onClick={onUse}>
            Use this folder
          </Button>
        )}
        <span className={styles.under} data-selectable>
          {calibration.id}
        </span>
      </div>
      {calibration.problems.map((problem) => (
        <p key={problem} className={styles.fault}>
          {problem}
        </p>
      ))}
      {calibration.cameras.map((camera) => (
        <Camera key={`${camera.position} ${camera.serial}`} camera={camera} />
      ))}
      {calibration.sensors.length > 0 ? (
        <Facts
          mono
          facts={calibration.sensors.map((sensor) => [
            `Gel centre, ${sensor.side}`,
            `${sensor.gelCenterMm.map((value) => value.toFixed(2)).join(', ')} mm`,
          ])}
        />
      ) : null}
    </Section>
  );
}

function Camera({ camera }: { camera: CameraCalibration }) {
  return (
    <div className={styles.stream}>
      <div className={styles.streamHead}>
        <h3 className={styles.streamName}>{camera.position}</h3>
        {isSameCamera(camera) ? (
          <Badge tone="good">
            <Check size={11} aria-hidden /> serial matches
          </Badge>
        ) : (
          <Badge tone="warning">
            <CircleAlert size={11} aria-hidden />{' '}
            {camera.stream ? 'by position: serial differs' : 'no camera has this serial'}
          </Badge>
        )}
      </div>
      <Facts
        mono
        facts={[
          ['Serial', camera.serial],
          ...(camera.stream ? [['Stream', camera.stream] as const] : []),
          ['RMSE', camera.rmse ? `${camera.rmse.value.toFixed(2)} ${camera.rmse.unit}` : '–'],
          ['Created', formatDate(camera.createdAt)],
          ['Image', `${camera.width} × ${camera.height}, fx ${camera.fx.toFixed(1)}, fy ${camera.fy.toFixed(1)}`],
        ]}
      />
    </div>
  );
}
