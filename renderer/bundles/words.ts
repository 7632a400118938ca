import type { Recipe, UnitKind } from '../../shared/bundles/recipe.ts';
import { outcomeWord } from '../app/outcome.ts';

export const KIND_WORDS: Readonly<Record<UnitKind, string>> = {
  rollout: 'Rollouts',
  failure: 'Failures',
  recovery: 'Recoveries',
  segment: 'All but cuts',
};

export const TARGET_WORDS: Readonly<Record<Recipe['targets'][number], string>> = {
  'lerobot-v3.0': 'LeRobot v3.0',
  'lerobot-v2.1': 'LeRobot v2.1',
  regrasp: 'Regrasp bundle',
};

export const OUTCOME_WORDS = (
  ['success', 'success_suboptimal', 'success_side_effect', 'failure', 'not_scored', 'none'] as const
).map((value) => ({ value, label: value === 'none' ? 'Nobody said' : outcomeWord(value) }));
