import { lazy } from 'react';

/** The areas that arrive with the first episode or the first look at them, so that the frame stands at once. */
export const Panes = lazy(async () => ({ default: (await import('../panes/Panes.tsx')).Panes }));
export const Timeline = lazy(async () => ({ default: (await import('../timeline/Timeline.tsx')).Timeline }));
export const TransportBar = lazy(async () => ({
  default: (await import('../timeline/TransportBar.tsx')).TransportBar,
}));
export const ReviewPanel = lazy(async () => ({ default: (await import('../review/ReviewPanel.tsx')).ReviewPanel }));
export const FindingsPanel = lazy(async () => ({
  default: (await import('../findings/FindingsPanel.tsx')).FindingsPanel,
}));
export const MarksPanel = lazy(async () => ({ default: (await import('../marks/MarksPanel.tsx')).MarksPanel }));
export const SaveState = lazy(async () => ({ default: (await import('../review/SaveState.tsx')).SaveState }));
export const SessionStrip = lazy(async () => ({
  default: (await import('../session-strip/SessionStrip.tsx')).SessionStrip,
}));
export const Previews = lazy(async () => ({ default: (await import('../previews/Previews.tsx')).Previews }));
export const Gallery = lazy(async () => ({ default: (await import('../gallery/Gallery.tsx')).Gallery }));
export const JobsPanel = lazy(async () => ({ default: (await import('../jobs/JobsPanel.tsx')).JobsPanel }));

export const ExportDialog = lazy(async () => ({ default: (await import('../bundles/ExportDialog.tsx')).ExportDialog }));

/** Loads what every open episode needs before one is opened, so that the first picture does not wait for code. */
export function loadPartsAhead(): void {
  const parts = [
    import('../panes/Panes.tsx'),
    import('../timeline/Timeline.tsx'),
    import('../timeline/TransportBar.tsx'),
    import('../review/SaveState.tsx'),
    import('../session-strip/SessionStrip.tsx'),
  ];
  // A part that does not come is asked for again, and missed, where it is shown.
  Promise.all(parts).catch(() => {});
}
