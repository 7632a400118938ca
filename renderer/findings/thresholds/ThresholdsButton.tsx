import { SlidersHorizontal } from 'lucide-react';
import { Button } from '../../design/index.ts';
import { showThresholds, useTrial } from './trial-state.ts';

/** Shows or hides what detectors judge by. */
export function ThresholdsButton() {
  const isShown = useTrial((trial) => trial.isShown);
  return (
    <Button
      size="s"
      icon={<SlidersHorizontal size={13} />}
      aria-expanded={isShown}
      onClick={() => showThresholds(!isShown)}
    >
      Thresholds
    </Button>
  );
}
