import { useEffect } from 'react';
import { calibrationKey, chosenCalibration } from '../../shared/geometry/calibration.ts';
import { notify } from '../app/notices.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { resetView } from '../app/view-state.ts';
import { registerOffers } from '../commands/offers.ts';
import { registerCommands } from '../commands/registry.ts';
import { chooseCalibration, describeCalibration, nextCalibration } from './calibration-choice.ts';
import { panesOf } from './layout/layout-model.ts';
import type { LayoutInUse } from './layout/use-layout.ts';
import { toggleMaximized } from './PaneFrame.tsx';
import { episodeOffers } from './pane-offers.ts';
import { usePaneState } from './pane-state.ts';
import type { Stage } from './stage-context.ts';

/** What the panes can be told by key, menu and palette. */
export function usePaneCommands(open: OpenEpisode, { layout, reset }: LayoutInUse, stage: Stage | null): void {
  useEffect(
    () =>
      registerCommands({
        'view.overlay': {
          run: () => usePaneState.setState(({ isOverlayShown }) => ({ isOverlayShown: !isOverlayShown })),
          isChecked: () => usePaneState.getState().isOverlayShown,
        },
        'view.nextCalibration': {
          run: () => {
            const { datasetSettings } = useSession.getState();
            const key = calibrationKey(open.episode);
            const current = chosenCalibration(open.calibrations, datasetSettings?.calibrations[key]);
            const next = nextCalibration(open, current);
            usePaneState.setState({ isOverlayShown: true });
            void chooseCalibration(open, next);
            notify(
              'info',
              describeCalibration(
                open,
                open.calibrations.find(({ id }) => id === next),
              ),
            );
          },
          isEnabled: () => open.calibrations.length > 0,
        },
        'view.maximizePane': {
          run: () => {
            const { activePane, maximizedPane } = usePaneState.getState();
            const known = panesOf(layout).some(({ id }) => id === activePane);
            const pane = maximizedPane ?? (known ? activePane : panesOf(layout)[0]?.id);
            if (pane) toggleMaximized(pane);
          },
          isChecked: () => usePaneState.getState().maximizedPane !== null,
        },
        'view.resetLayout': {
          run: () => {
            usePaneState.setState({ maximizedPane: null });
            reset();
            resetView();
          },
        },
      }),
    [open, layout, reset],
  );

  useEffect(() => registerOffers(() => episodeOffers(open)), [open]);

  useEffect(() => {
    if (!stage || stage.open !== open) return;
    const take = (tick: number) => {
      usePaneState.setState({ referenceTick: tick });
      stage.reference.setTick(tick);
      stage.stage.repaint();
    };
    const isEnabled = () => open.episode.streams.some(({ kind }) => kind === 'tactile');
    return registerCommands({
      'view.tactileReference': {
        run: () => {
          const tick = open.player.shown()?.header.tick ?? open.player.commandedTick();
          take(tick);
          notify('info', `Tactile differences are now against tick ${tick}.`);
        },
        isEnabled,
      },
      'view.tactileReferenceFirst': {
        run: () => {
          take(0);
          notify('info', 'Tactile differences are against the first tick again.');
        },
        isEnabled,
      },
    });
  }, [open, stage]);
}
