import { SlidersHorizontal } from 'lucide-react';
import { IconButton } from '../../design/index.ts';
import { showThresholds, useTrial } from './trial-state.ts';

/** Shows or hides what detectors judge by. */
export function ThresholdsButton() {
  const isShown = useTrial((trial) => trial.isShown);
  return (
    <IconButton
      size="s"
      label="Thresholds"
      icon={<SlidersHorizontal size={14} />}
      aria-expanded={isShown}
      onClick={() => showThresholds(!isShown)}
    />
  );
}
