import { create } from 'zustand';
import type { BundlePlace, ExportPlan, ListedRecipe } from '../../shared/api/bundles.ts';
import type { Draft } from './draft.ts';

export type PlanTab = 'units' | 'refusals' | 'leftOut' | 'warnings';

/** What the export dialog holds. It stays while a person looks at a moment of the plan, and is there when they come back. */
export interface ExportState {
  /** Dataset it is about; null before it was opened first. */
  root: string | null;
  recipes: readonly ListedRecipe[];
  /** The saved recipe that is in hand; null for a new one. */
  chosen: string | null;
  /** Null until what it starts from is read. */
  draft: Draft | null;
  /** Whether the draft differs from the recipe it came from. */
  isChanged: boolean;
  places: readonly BundlePlace[];
  place: string;
  /** Name of the folder that is made there. */
  folder: string;
  /** One sentence why nothing can go there; null while nobody knows of any. */
  folderFault: string | null;
  /** A person wrote it; else it follows the recipe's name. */
  isFolderOwn: boolean;
  plan: ExportPlan | null;
  /** A newer plan is in the making. */
  isPlanning: boolean;
  /** How far it is, in recordings; null where nobody knows yet. */
  looked: { readonly done: number; readonly total: number } | null;
  planFault: string | null;
  tab: PlanTab;
  /** Whether the recipe is shown as it is kept. */
  isJsonShown: boolean;
  /** The job that was started from here. */
  job: string | null;
  /** One sentence on what could not be done last. */
  fault: string | null;
}

export const NO_EXPORT: ExportState = {
  ...{ root: null, recipes: [], chosen: null, draft: null, isChanged: false },
  ...{ places: [], place: 'own', folder: '', folderFault: null, isFolderOwn: false },
  ...{
    plan: null,
    isPlanning: false,
    looked: null,
    planFault: null,
    tab: 'units',
    isJsonShown: false,
    job: null,
    fault: null,
  },
};

export const useExport = create<ExportState>(() => NO_EXPORT);
