import { createContext, useContext } from 'react';
import type { OpenEpisode } from '../app/session.ts';
import type { PaneStage } from './pane-stage.ts';
import type { TactileReference } from './tactile-reference.ts';

export interface Stage {
  open: OpenEpisode;
  stage: PaneStage;
  reference: TactileReference;
}

export const StageContext = createContext<Stage | null>(null);

export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (!stage) throw new Error('A pane stands outside of Panes.');
  return stage;
}
