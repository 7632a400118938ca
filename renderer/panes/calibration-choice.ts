import { useMemo } from 'react';
import {
  type Calibration,
  calibrationKey,
  chosenCalibration,
  isSameCamera,
} from '../../shared/geometry/calibration.ts';
import { api } from '../app/api.ts';
import { attempt } from '../app/notices.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';

/** Which calibration folder an episode uses: a choice per task and date, kept with the dataset. "" means none. */

export function useChosenCalibration(open: OpenEpisode): Calibration | undefined {
  const chosen = useSession((session) => session.datasetSettings?.calibrations[calibrationKey(open.episode)]);
  return useMemo(() => chosenCalibration(open.calibrations, chosen), [open, chosen]);
}

/** Chooses a folder for the episode's task and date; null for none. */
export async function chooseCalibration(open: OpenEpisode, calibration: string | null): Promise<void> {
  const { root } = open.episode;
  const key = calibrationKey(open.episode);
  useSession.setState(({ datasetSettings }) =>
    datasetSettings
      ? {
          datasetSettings: {
            ...datasetSettings,
            calibrations: { ...datasetSettings.calibrations, [key]: calibration ?? '' },
          },
        }
      : {},
  );
  await attempt(() => api.settings.patchDataset({ root, patch: { calibrations: { [key]: calibration ?? '' } } }));
}

/** The folder after the one in use, then none, then the first again. */
export function nextCalibration(open: OpenEpisode, current: Calibration | undefined): string | null {
  const ids: (string | null)[] = [...open.calibrations.map(({ id }) => id), null];
  return ids[(ids.indexOf(current?.id ?? null) + 1) % ids.length] ?? null;
}

/** One sentence on how far to trust a folder for this recording. */
export function describeCalibration(open: OpenEpisode, calibration: Calibration | undefined): string {
  if (!calibration) {
    return open.calibrations.length === 0
      ? 'No calibration folder was found beside this recording, so nothing is projected.'
      : 'No calibration: nothing is projected.';
  }
  const matched = calibration.cameras.filter(isSameCamera).length;
  const errors = calibration.cameras.flatMap(({ position, rmse }) =>
    rmse ? [`${position} ${rmse.value.toFixed(1)} ${rmse.unit}`] : [],
  );
  const created = calibration.cameras.map(({ createdAt }) => createdAt).find((value) => value !== null);
  return [
    `${calibration.name}: ${matched} of ${calibration.cameras.length} camera serials match`,
    errors.length > 0 ? `RMSE ${errors.join(', ')}` : 'no RMSE recorded',
    created ? `made ${created.replace('T', ' ')}` : 'no date recorded',
  ].join(' · ');
}
