import { type ComponentType, lazy } from 'react';

/** Areas that other folders own, taken as they come. */
const modules = import.meta.glob<Record<string, ComponentType>>([
  '../panes/Panes.tsx',
  '../timeline/Timeline.tsx',
  '../timeline/TransportBar.tsx',
  '../review/ReviewPanel.tsx',
  '../review/SaveState.tsx',
  '../jobs/JobsPanel.tsx',
]);

function part(path: string, name: string): ComponentType {
  const load = modules[path];
  if (!load) return () => null;
  return lazy(async () => ({ default: (await load())[name] ?? (() => null) }));
}

export const Panes = part('../panes/Panes.tsx', 'Panes');
export const Timeline = part('../timeline/Timeline.tsx', 'Timeline');
export const TransportBar = part('../timeline/TransportBar.tsx', 'TransportBar');
export const ReviewPanel = part('../review/ReviewPanel.tsx', 'ReviewPanel');
export const SaveState = part('../review/SaveState.tsx', 'SaveState');
export const JobsPanel = part('../jobs/JobsPanel.tsx', 'JobsPanel');
