import { calibrationKey, chosenCalibration } from '../../shared/geometry/calibration.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { patchDatasetSettings } from '../app/settings.ts';
import type { Offer } from '../commands/offers.ts';
import { chooseCalibration } from './calibration-choice.ts';
import { switchOrder } from './channel-order.ts';
import { usePaneState } from './pane-state.ts';

/** What can be said of the streams of an episode and of its projection, whichever panes are shown. */
export function episodeOffers(open: OpenEpisode): Offer[] {
  return [...orderOffers(open), ...calibrationOffers(open), ...offsetOffers(open)];
}

function orderOffers({ episode }: OpenEpisode): Offer[] {
  const orders = useSession.getState().datasetSettings?.orders ?? {};
  return episode.streams.flatMap((stream): Offer[] => {
    if (!stream.order || stream.encoding === 'video' || stream.fault) return [];
    const current = orders[stream.id] ?? stream.order;
    const next = current === 'bgr' ? 'RGB' : 'BGR';
    const title = `Channel order of ${stream.name}: take the stored bytes for ${next}`;
    return [{ id: `order/${stream.id}`, title, group: 'View', run: () => switchOrder(stream, current) }];
  });
}

function calibrationOffers(open: OpenEpisode): Offer[] {
  if (open.calibrations.length === 0) return [];
  const kept = useSession.getState().datasetSettings?.calibrations[calibrationKey(open.episode)];
  const chosen = chosenCalibration(open.calibrations, kept);
  const choose = (id: string | null) => {
    usePaneState.setState({ isOverlayShown: true });
    void chooseCalibration(open, id);
  };
  return [
    ...open.calibrations.map(
      ({ id, name }): Offer => ({
        ...{ id: `calibration/${id}`, title: `Calibration: ${name}`, group: 'View', detail: id },
        ...{ isChecked: id === chosen?.id, run: () => choose(id) },
      }),
    ),
    {
      ...{ id: 'calibration', title: 'Calibration: project nothing', group: 'View' },
      ...{ isChecked: chosen === undefined, run: () => choose(null) },
    },
  ];
}

function offsetOffers({ episode }: OpenEpisode): Offer[] {
  const ticks = episode.suggestedTactileOffset?.ticks;
  if (ticks === undefined) return [];
  const offset = useSession.getState().datasetSettings?.tactileOffsets[episode.path] ?? 0;
  const take = (wanted: number) => () =>
    void patchDatasetSettings({ tactileOffsets: { [episode.path]: wanted === 0 ? null : wanted } });
  return [0, ticks].map((wanted) => ({
    ...{ id: `tactile-offset/${wanted}`, title: `Tactile offset: ${wanted} ticks`, group: 'View' },
    ...{ detail: wanted === 0 ? '' : 'suggested', isChecked: wanted === offset, run: take(wanted) },
  }));
}
